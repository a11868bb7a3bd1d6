package api

import "github.com/backend-sdk/clerk-go/clerk"

// Expiry returns when the verification expires, whichever name the API sends it under,
// and nil if it does not.
func (v *OrganizationDomainVerification) Expiry() *clerk.Timestamp {
	switch {
	case v == nil:
		return nil
	case v.ExpireAt != nil:
		return v.ExpireAt
	default:
		return v.ExpiresAt
	}
}
