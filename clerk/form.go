package clerk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path"
	"slices"
	"strings"

	"github.com/oapi-codegen/runtime"

	"github.com/backend-sdk/clerk-go/clerk/internal/wire"
)

// Form holds the fields of a multipart/form-data body by name. A value is a File, an
// Optional[File], or anything that a Query accepts.
type Form map[string]any

// File is an upload. Content is read while it is sent and is not kept in memory. If
// Content cannot seek, the call is not retried after some of it has been read.
type File struct {
	Name        string // "file" when empty
	ContentType string // derived from the extension of Name, or else from the first 512 bytes, when empty
	Content     io.Reader
}

// stream returns the form as a body, and its content type. Files are read later, when
// the body is read.
func (f Form) stream() (*wire.Stream, string, error) {
	var readers []io.Reader
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		v, err := unwrap(f[name])
		if err == nil && v != nil {
			if file, ok := v.(File); ok {
				var content io.Reader
				if content, err = file.open(w, &text, name); err == nil {
					readers = append(readers, bytes.NewReader(bytes.Clone(text.Bytes())), content)
					text.Reset()
				}
			} else {
				err = writeField(w, name, v)
			}
		}
		if err != nil {
			return nil, "", &RequestError{Field: name, Err: err}
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", &RequestError{Field: "form", Err: err}
	}
	readers = append(readers, bytes.NewReader(text.Bytes()))
	return wire.NewStream(readers...), w.FormDataContentType(), nil
}

// open writes the header of the file's part to w, which writes to text. It returns the
// reader of the rest.
func (f File) open(w *multipart.Writer, text *bytes.Buffer, field string) (io.Reader, error) {
	if f.Content == nil {
		return nil, errors.New("content is nil")
	}
	name, contentType := f.Name, f.ContentType
	if name == "" {
		name = "file"
	}
	if contentType == "" {
		contentType = mime.TypeByExtension(path.Ext(name))
	}
	if contentType == "" {
		var err error
		if contentType, err = sniff(f.Content); err != nil {
			return nil, fmt.Errorf("reading the content: %w", err)
		}
	}
	if !validHeaderValue(contentType) {
		return nil, errors.New("the content type contains a control character")
	}
	header := textproto.MIMEHeader{"Content-Disposition": {multipart.FileContentDisposition(field, name)}}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	if _, err := w.CreatePart(header); err != nil || contentType != "" {
		return f.Content, err
	}
	text.Truncate(text.Len() - len("\r\n")) // the end of the header, which typed writes
	return &typed{content: f.Content}, nil
}

// sniffed is how much of a file shows its content type.
const sniffed = 512

// sniff returns the content type that the beginning of content shows, and leaves content
// where it was. It returns "" if content cannot be read again: a call that is not sent
// must leave it alone.
func sniff(content io.Reader) (string, error) {
	if b, ok := content.(*bytes.Buffer); ok {
		return http.DetectContentType(b.Bytes()), nil
	}
	seeker, ok := content.(io.Seeker)
	if !ok {
		return "", nil
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return "", nil // a pipe or a terminal, which cannot seek
	}
	first := make([]byte, sniffed)
	n, err := io.ReadFull(content, first)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", err
	}
	_, err = seeker.Seek(start, io.SeekStart)
	return http.DetectContentType(first[:n]), err
}

// typed reads the end of the header of a part, with the content type, and its content.
type typed struct {
	content io.Reader
	all     io.Reader // nil until the first Read
}

// Read reads from both.
func (t *typed) Read(p []byte) (int, error) {
	if t.all == nil {
		first := make([]byte, sniffed)
		n, err := io.ReadFull(t.content, first)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return 0, err
		}
		header := "Content-Type: " + http.DetectContentType(first[:n]) + "\r\n\r\n"
		t.all = io.MultiReader(strings.NewReader(header), bytes.NewReader(first[:n]), t.content)
	}
	return t.all.Read(p)
}

// writeField writes one part for each scalar in v.
func writeField(w *multipart.Writer, name string, v any) error {
	v, err := scalars(v)
	if v == nil || err != nil {
		return err
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, scalar := range list {
		text, err := runtime.StyleParamWithOptions("simple", false, name, scalar, runtime.StyleParamOptions{})
		if err != nil {
			return fmt.Errorf("encoding: %w", err)
		}
		if err := w.WriteField(name, text); err != nil {
			return err
		}
	}
	return nil
}
