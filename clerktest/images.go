package clerktest

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
)

// SeedImage is an uploaded image in a seed.
type SeedImage struct {
	ID          string `json:"id"`
	ContentType string `json:"content_type"`
	Data        []byte `json:"data"` // in base64 in a seed file
}

const (
	imagesPath = "/_images/"
	maxImage   = 10 << 20
)

var imageTypes = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

type imageTables struct {
	images kind[SeedImage]
}

func (t *tables) addImages() {
	addSeeded(t, "images", &t.images, kind[SeedImage]{
		noun: "image", prefix: "img", more: membersOf(seedText, "id", "content_type", "data"),
		seed: func(s *Seed) *[]SeedImage { return &s.Images },
		complete: func(_ *Instance, v *SeedImage) (err error) {
			v.ContentType, err = imageType(v.Data)
			return err
		},
	}, func(v *SeedImage) string { return v.ID })
}

// readImage reads an uploaded file and returns it as an image without an ID.
func readImage(file clerk.File) (*SeedImage, error) {
	if file.Content == nil {
		return nil, failure(http.StatusBadRequest, "form_param_missing", "the request has no image", "file")
	}
	data, err := io.ReadAll(io.LimitReader(file.Content, maxImage+1))
	if err != nil {
		return nil, failure(http.StatusBadRequest, "request_body_invalid", "the image cannot be read", "file")
	}
	media, err := imageType(data)
	if err != nil {
		return nil, err
	}
	return &SeedImage{ContentType: media, Data: data}, nil
}

// imageType returns the type of an image, which its content says.
func imageType(data []byte) (string, error) {
	media := http.DetectContentType(data)
	switch {
	case len(data) > maxImage:
		return "", failure(http.StatusRequestEntityTooLarge, "image_too_large", fmt.Sprintf("file can have at most %d bytes", maxImage), "file")
	case !slices.Contains(imageTypes, media):
		return "", failure(http.StatusBadRequest, "request_body_invalid", "file must be one of "+strings.Join(imageTypes, ", "), "file")
	}
	return media, nil
}

// keepImage stores an image under a fresh ID and returns its address.
func (i *Instance) keepImage(v *SeedImage) (url string) {
	kept := *v
	kept.ID = newID("img", i.now())
	i.images.Put(&kept)
	return i.imageURL(kept.ID)
}

// imageURL returns the address of an image. That of an instance without a server leads
// nowhere, as the other addresses of its images do.
func (i *Instance) imageURL(id string) string {
	base := i.URL()
	if base == "" {
		base = "https://img." + i.frontendAPI
	}
	return base + imagesPath + id
}

// imageIDIn returns the ID in the address of a stored image, or "".
func imageIDIn(url string) string {
	_, id, _ := strings.Cut(url, imagesPath)
	return id
}

// dropImage removes an image that nothing uses any more, if there is one.
func (i *Instance) dropImage(id string) { i.images.Remove(id) }

// serveImage responds with an image. It reports whether the request was for one.
func (i *Instance) serveImage(w http.ResponseWriter, r *http.Request) bool {
	id, ok := strings.CutPrefix(r.URL.Path, imagesPath)
	if !ok || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	v, err := read(i, func() (*SeedImage, error) { return i.images.existing(id) })
	if err != nil {
		fail(w, err)
		return true
	}
	w.Header().Set("Content-Type", v.ContentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Header().Set("Content-Length", fmt.Sprint(len(v.Data)))
	if r.Method == http.MethodGet {
		w.Write(v.Data)
	}
	return true
}
