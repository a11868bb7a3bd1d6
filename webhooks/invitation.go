package webhooks

import (
	"encoding/json"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// findOrganization looks for the organization of an invitation where Clerk's published
// document has it, in the data within the data, unless it was where Clerk's JavaScript
// types have it, beside the invitation's other members.
func (i *OrganizationInvitation) findOrganization(data json.RawMessage) error {
	if i.PublicOrganizationData != nil {
		return nil
	}
	var outer struct {
		Data struct {
			PublicOrganizationData *api.PublicOrganizationData `json:"public_organization_data"`
		} `json:"data"`
	}
	err := clerk.Decode(data, &outer)
	i.PublicOrganizationData = outer.Data.PublicOrganizationData
	return err
}
