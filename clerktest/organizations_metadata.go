package clerktest

import (
	"context"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/organizations"
)

func (i *Instance) setOrganizationMetadataHandlers(h *Handlers) {
	h.MergeOrganizationMetadata = func(_ context.Context, id string, params organizations.MergeOrganizationMetadataParams) (*api.Organization, error) {
		return i.changeOrganization(id, nil, func(o *api.Organization) error {
			assign(&o.PublicMetadata, merged(o.PublicMetadata, params.PublicMetadata))
			assign(&o.PrivateMetadata, merged(o.PrivateMetadata, params.PrivateMetadata))
			return nil
		})
	}
	h.ReplaceOrganizationMetadata = func(_ context.Context, id string, params organizations.ReplaceOrganizationMetadataParams) (*api.Organization, error) {
		return i.changeOrganization(id, params, func(*api.Organization) error { return nil })
	}
}
