package clerktest

import (
	"context"
	"net/http"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
)

func (i *Instance) setOrganizationLogoHandlers(h *Handlers) {
	h.UploadOrganizationLogo = func(_ context.Context, id string, params organizations.UploadOrganizationLogoParams) (*api.Organization, error) {
		image, err := readImage(params.File)
		if err != nil {
			return nil, err
		}
		return i.changeOrganization(id, nil, func(o *api.Organization) error {
			if uploader, ok := params.UploaderUserID.Get(); ok && i.users.Get(uploader) == nil {
				return failure(http.StatusNotFound, "resource_not_found", "user "+uploader+" not found", "uploader_user_id")
			}
			i.dropImage(imageIDIn(clerk.Value(o.ImageURL)))
			o.ImageURL, o.HasImage = new(i.keepImage(image)), true
			return nil
		})
	}
	h.DeleteOrganizationLogo = func(_ context.Context, id string) (*api.Organization, error) {
		return i.changeOrganization(id, nil, func(o *api.Organization) error {
			i.dropImage(imageIDIn(clerk.Value(o.ImageURL)))
			o.ImageURL, o.HasImage = nil, false
			i.setLogo(o)
			return nil
		})
	}
}
