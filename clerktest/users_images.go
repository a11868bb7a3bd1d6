package clerktest

import (
	"context"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/users"
)

func (i *Instance) setProfileImageHandlers(h *Handlers) {
	h.SetProfileImage = func(_ context.Context, userID string, params users.SetProfileImageParams) (*api.User, error) {
		image, err := readImage(params.File)
		if err != nil {
			return nil, err
		}
		return i.changeImage(userID, func(u *api.User, _ time.Time) error {
			u.ImageURL, u.HasImage = i.keepImage(image), true
			return nil
		})
	}
	h.DeleteProfileImage = func(_ context.Context, userID string) (*api.User, error) {
		return i.changeImage(userID, func(u *api.User, now time.Time) error {
			u.ImageURL, u.HasImage = blankUser(u.ID, i.frontendAPI, now).ImageURL, false
			return nil
		})
	}
}

// changeImage changes the image of a user and removes the one before it.
func (i *Instance) changeImage(userID string, change func(u *api.User, now time.Time) error) (*api.User, error) {
	return write(i, func() (*api.User, error) {
		before := i.users.Get(userID)
		u, err := i.changeUserLocked(userID, change)
		if err == nil {
			i.dropImage(imageIDIn(before.ImageURL))
		}
		return u, err
	})
}

// setImage makes a copy of a stored image the profile image of u, a copy of the stored user.
func (i *Instance) setImage(u *api.User, imageID string) error {
	image := i.images.Get(imageID)
	if image == nil {
		return failure(http.StatusNotFound, "image_not_found", "no image was found with id "+imageID, "profile_image_id")
	}
	i.dropImage(imageIDIn(u.ImageURL))
	u.ImageURL, u.HasImage = i.keepImage(image), true
	return nil
}
