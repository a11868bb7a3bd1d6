package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/organizations"
)

type organizationDomainTables struct {
	organizationDomains               kind[api.OrganizationDomain]
	organizationDomainsByName         *store.Index[api.OrganizationDomain]
	organizationDomainsOfOrganization *store.Index[api.OrganizationDomain]
}

func (t *tables) addOrganizationDomains() {
	addSeeded(t, "organization_domains", &t.organizationDomains, kind[api.OrganizationDomain]{
		noun: "organization domain", object: "organization_domain", prefix: "orgdmn", component: "OrganizationDomain",
		seed: func(s *Seed) *[]api.OrganizationDomain { return &s.OrganizationDomains },
		fill: func(_ *Instance, d *api.OrganizationDomain) {
			if d.AffiliationVerification == nil {
				//lint:ignore SA1019 the API still has the member
				d.AffiliationVerification = d.Verification
			}
			if d.AffiliationVerification == nil {
				setAffiliation(d, true)
			}
		},
		complete: func(i *Instance, d *api.OrganizationDomain) error {
			d.ID = cmp.Or(d.ID, derivedID("orgdmn", d.Name))
			d.EnrollmentMode = cmp.Or(d.EnrollmentMode, api.EnrollmentModeManualInvitation)
			//lint:ignore SA1019 the API still has the member
			d.Verification, d.PublicOrganizationData = d.AffiliationVerification, nil
			if i.organizations.Get(d.OrganizationID) == nil {
				return fmt.Errorf("organization_id is not the id of an organization")
			}
			return i.checkOrganizationDomain(d)
		},
		listing: resource.Listing[api.OrganizationDomain]{
			Orders: map[string]func(a, b *api.OrganizationDomain) int{
				"created_at": resource.By(func(d *api.OrganizationDomain) clerk.Timestamp { return d.CreatedAt }),
				"name":       resource.By(func(d *api.OrganizationDomain) string { return d.Name }),
			},
			ByDefault: "-created_at",
		},
	}, func(d *api.OrganizationDomain) string { return d.ID })
	t.organizationDomainsByName = t.organizationDomains.By(one(func(d *api.OrganizationDomain) string { return strings.ToLower(d.Name) }))
	t.organizationDomainsOfOrganization = t.organizationDomains.By(one(func(d *api.OrganizationDomain) string { return d.OrganizationID }))
}

// commonDomains belong to providers of email addresses to everybody.
var commonDomains = []string{"aol.com", "gmail.com", "gmx.de", "googlemail.com", "hotmail.com", "icloud.com", "outlook.com", "proton.me", "protonmail.com", "yahoo.com", "yandex.ru"}

// checkOrganizationDomain returns an error for a name that no domain can have, or that
// another domain has.
func (i *Instance) checkOrganizationDomain(d *api.OrganizationDomain) error {
	name := strings.ToLower(d.Name)
	switch {
	case !domainPattern.MatchString(name):
		return invalid("form_param_format_invalid", "name", "must be a domain such as example.com")
	case slices.Contains(commonDomains, name):
		return invalid("organization_domain_common", "name", "belongs to a common provider of email addresses")
	}
	if other := i.organizationDomainsByName.First(name); other != nil && other.ID != d.ID {
		return invalid("organization_domain_already_exists", "name", "is a domain of an organization already")
	}
	return nil
}

// checkEnrollment returns an error for an enrollment mode that the instance does not have.
func (i *Instance) checkEnrollment(mode api.EnrollmentMode) error {
	if !slices.Contains(i.settings().Organizations.DomainsEnrollmentModes, mode) {
		return failure(http.StatusForbidden, "organization_domain_enrollment_mode_not_enabled", "the enrollment mode "+string(mode)+" is not enabled for the organizations of this instance", "enrollment_mode")
	}
	return nil
}

const byAffiliation, byDecision = "affiliation_email_code", "manual_override"

func verificationBy(strategy string, verified bool) *api.OrganizationDomainVerification {
	v := &api.OrganizationDomainVerification{Status: api.VerificationStatusUnverified, Strategy: strategy, Attempts: new(0)}
	if verified {
		v.Status = api.VerificationStatusVerified
	}
	return v
}

func setAffiliation(d *api.OrganizationDomain, verified bool) {
	d.AffiliationVerification = verificationBy(byAffiliation, verified)
	//lint:ignore SA1019 the API still has the member
	d.Verification = d.AffiliationVerification
}

func affiliated(d *api.OrganizationDomain) bool {
	return d.AffiliationVerification != nil && d.AffiliationVerification.Status == api.VerificationStatusVerified
}

func (i *Instance) showOrganizationDomain(d *api.OrganizationDomain) *api.OrganizationDomain {
	shown := *d
	shown.PublicOrganizationData = i.publicOrganization(d.OrganizationID)
	return &shown
}

func (i *Instance) setOrganizationDomainHandlers(h *Handlers) {
	h.ListOrganizationDomains = i.listOrganizationDomains
	h.ListInstanceOrganizationDomains = i.listEveryOrganizationDomain
	h.CreateOrganizationDomain = i.createOrganizationDomain
	h.UpdateOrganizationDomain = func(_ context.Context, organizationID, id string, params organizations.UpdateOrganizationDomainParams) (*api.OrganizationDomain, error) {
		return i.changeOrganizationDomain(organizationID, id, func(d *api.OrganizationDomain) error {
			if verified, ok := params.Verified.Get(); ok && verified != affiliated(d) {
				setAffiliation(d, verified)
			}
			if mode, ok := params.EnrollmentMode.Get(); ok {
				d.EnrollmentMode = mode
				return i.checkEnrollment(mode)
			}
			return nil
		})
	}
	h.VerifyOrganizationDomainOwnership = func(_ context.Context, organizationID, id string) (*api.OrganizationDomain, error) {
		return i.changeOrganizationDomain(organizationID, id, func(d *api.OrganizationDomain) error {
			if d.OwnershipVerification == nil || d.OwnershipVerification.Status != api.VerificationStatusVerified {
				d.OwnershipVerification = verificationBy(byDecision, true)
				d.OwnershipVerification.VerifiedAt = new(clerk.At(i.now()))
			}
			return nil
		})
	}
	h.DeleteOrganizationDomain = func(_ context.Context, organizationID, id string) (*api.DeletedObject, error) {
		return write(i, func() (*api.DeletedObject, error) {
			if _, err := i.existingOrganizationDomain(organizationID, id); err != nil {
				return nil, err
			}
			return i.organizationDomains.delete(id)
		})
	}
}

func (i *Instance) existingOrganizationDomain(organizationID, id string) (*api.OrganizationDomain, error) {
	if _, err := i.organization(organizationID); err != nil {
		return nil, err
	}
	d, err := i.organizationDomains.existing(id)
	if err == nil && d.OrganizationID != organizationID {
		return nil, notFound("organization domain", id)
	}
	return d, err
}

func (i *Instance) changeOrganizationDomain(organizationID, id string, change func(d *api.OrganizationDomain) error) (*api.OrganizationDomain, error) {
	return write(i, func() (*api.OrganizationDomain, error) {
		if _, err := i.existingOrganizationDomain(organizationID, id); err != nil {
			return nil, err
		}
		d, err := i.organizationDomains.change(id, i.now(), nil, change)
		if err != nil {
			return nil, err
		}
		return i.showOrganizationDomain(d), nil
	})
}

func (i *Instance) createOrganizationDomain(_ context.Context, organizationID string, params organizations.CreateOrganizationDomainParams) (*api.OrganizationDomain, error) {
	return write(i, func() (*api.OrganizationDomain, error) {
		if _, err := i.organization(organizationID); err != nil {
			return nil, err
		}
		settings := i.settings().Organizations
		switch limit := settings.MaxAllowedDomains; {
		case !settings.DomainsEnabled:
			return nil, failure(http.StatusForbidden, "feature_not_enabled", "organizations of this instance cannot have domains", "")
		case limit > 0 && i.organizationDomainsOfOrganization.Len(organizationID) >= limit:
			return nil, failure(http.StatusForbidden, "organization_domain_quota_exceeded", fmt.Sprintf("the organization can have at most %d domains", limit), "")
		}
		mode := params.EnrollmentMode.Or(api.EnrollmentModeManualInvitation)
		if err := i.checkEnrollment(mode); err != nil {
			return nil, err
		}
		d, err := i.organizationDomains.create(i.now(), params, func(d *api.OrganizationDomain) error {
			d.OrganizationID, d.Name, d.EnrollmentMode = organizationID, strings.ToLower(d.Name), mode
			setAffiliation(d, params.Verified.Or(true))
			return i.checkOrganizationDomain(d)
		})
		if err != nil {
			return nil, err
		}
		return i.showOrganizationDomain(d), nil
	})
}

func (i *Instance) listOrganizationDomains(_ context.Context, organizationID string, params organizations.ListOrganizationDomainsParams) (*clerk.List[api.OrganizationDomain], error) {
	return read(i, func() (*clerk.List[api.OrganizationDomain], error) {
		if _, err := i.organization(organizationID); err != nil {
			return nil, err
		}
		var modes []string
		if mode, ok := params.EnrollmentMode.Get(); ok {
			modes = []string{string(mode)}
		}
		list := slices.DeleteFunc(i.organizationDomainsOfOrganization.All(organizationID), func(d *api.OrganizationDomain) bool {
			return params.Verified.Or(affiliated(d)) != affiliated(d) || !matchesSignedIDs(modes, string(d.EnrollmentMode))
		})
		slices.Reverse(list)
		return mapped(cut(list, params), i.showOrganizationDomain), nil
	})
}

func (i *Instance) listEveryOrganizationDomain(_ context.Context, params organizations.ListInstanceOrganizationDomainsParams) (*clerk.List[api.OrganizationDomain], error) {
	query, searched := params.Query.Get()
	if query = strings.ToLower(query); searched && strings.TrimSpace(query) == "" {
		return nil, invalid("form_param_value_invalid", "query", "must not be blank")
	}
	// The parameter is one value with commas.
	var modes []string
	for _, mode := range params.EnrollmentMode {
		modes = append(modes, strings.Split(string(mode), ",")...)
	}
	return read(i, func() (*clerk.List[api.OrganizationDomain], error) {
		if err := i.checkOrganizationsEnabled(); err != nil {
			return nil, err
		}
		list := slices.DeleteFunc(i.organizationDomains.All(), func(d *api.OrganizationDomain) bool {
			return params.Verified.Or(affiliated(d)) != affiliated(d) || !matchesSignedIDs(modes, string(d.EnrollmentMode)) ||
				!oneOf(params.Domains, d.Name) || searched && strings.ToLower(d.OrganizationID) != query && !strings.Contains(d.Name, query)
		})
		page, err := pageOf(i.organizationDomains.listing, list, pageParams{params.OrganizationID, params.OrderBy, params.Limit, params.Offset})
		if err != nil {
			return nil, err
		}
		return mapped(page, i.showOrganizationDomain), nil
	})
}

// pageParams are the parameters of the list of all domains that need no word here.
type pageParams struct {
	OrganizationID clerk.Optional[string] `query:"organization_id"`
	OrderBy        clerk.Optional[string] `query:"order_by"`
	Limit          clerk.Optional[int]    `query:"limit"`
	Offset         clerk.Optional[int]    `query:"offset"`
}
