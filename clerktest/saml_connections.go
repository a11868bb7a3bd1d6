package clerktest

import (
	"context"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/enterprise"
)

var samlConnectionListing = resource.Listing[api.SAMLConnection]{
	Search: func(c *api.SAMLConnection) []string { return []string{c.Name} },
	Orders: map[string]func(a, b *api.SAMLConnection) int{
		"created_at": resource.By(func(c *api.SAMLConnection) clerk.Timestamp { return c.CreatedAt }),
		"name":       resource.By(func(c *api.SAMLConnection) string { return c.Name }),
	},
}

func (i *Instance) setSAMLConnectionHandlers(h *Handlers) {
	h.ListSAMLConnections = i.listSAMLConnections
	h.CreateSAMLConnection = i.createSAMLConnection
	h.GetSAMLConnection = func(_ context.Context, id string) (*api.SAMLConnection, error) {
		return read(i, func() (*api.SAMLConnection, error) { return i.showSAML(i.connectionOfSAML(id)) })
	}
	h.UpdateSAMLConnection = i.updateSAMLConnection
	h.DeleteSAMLConnection = func(_ context.Context, id string) (*api.DeletedObject, error) {
		return write(i, func() (*api.DeletedObject, error) {
			c, err := i.connectionOfSAML(id)
			if err != nil {
				return nil, err
			}
			if _, err := i.dropConnection(c.ID); err != nil {
				return nil, err
			}
			return &api.DeletedObject{Object: "saml_connection", ID: id, Deleted: true}, nil
		})
	}
}

// connectionOfSAML returns the enterprise connection that a SAML connection is part of.
func (i *Instance) connectionOfSAML(id string) (*SeedEnterpriseConnection, error) {
	if c := i.enterpriseConnectionsBySAML.First(id); c != nil {
		return c, nil
	}
	return nil, notFound("SAML connection", id)
}

// showSAML returns an enterprise connection in the form of a SAML connection.
func (i *Instance) showSAML(c *SeedEnterpriseConnection, err error) (*api.SAMLConnection, error) {
	if err != nil {
		return nil, err
	}
	s := c.SAMLConnection
	return &api.SAMLConnection{
		Object: "saml_connection", ID: s.ID, Name: s.Name, EnterpriseConnectionID: &c.ID,
		//lint:ignore SA1019 responses still have the deprecated member
		Domain: &c.Domains[0], Domains: c.Domains,
		Provider: c.Provider, OrganizationID: c.OrganizationID, Active: c.Active,
		IDPEntityID: orNil(s.IDPEntityID), IDPSSOURL: orNil(s.IDPSSOURL), IDPCertificate: orNil(s.IDPCertificate),
		IDPCertificateIssuedAt: s.IDPCertificateIssuedAt, IDPCertificateExpiresAt: s.IDPCertificateExpiresAt,
		IDPMetadataURL: orNil(s.IDPMetadataURL), IDPMetadata: c.SAMLMetadata,
		ACSURL: s.ACSURL, SPEntityID: s.SPEntityID, SPMetadataURL: s.SPMetadataURL,
		AttributeMapping: c.SAMLAttributeMapping, LoginHint: *s.LoginHint, ForceAuthn: s.ForceAuthn,
		AllowSubdomains: s.AllowSubdomains, AllowIDPInitiated: s.AllowIDPInitiated,
		UserCount: i.usersByEnterpriseConnection.Len(c.ID), SyncUserAttributes: c.SyncUserAttributes,
		DisableAdditionalIdentifications: c.DisableAdditionalIdentifications,
		AllowOrganizationAccountLinking:  c.AllowOrganizationAccountLinking,
		Authenticatable:                  c.Authenticatable, DisableJITProvisioning: c.DisableJITProvisioning,
		CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}, nil
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (i *Instance) listSAMLConnections(_ context.Context, params enterprise.ListSAMLConnectionsParams) (*clerk.List[api.SAMLConnection], error) {
	return read(i, func() (*clerk.List[api.SAMLConnection], error) {
		var list []*api.SAMLConnection
		for c := range i.enterpriseConnections.Each() {
			if c.SAMLConnection == nil || !matchesSignedIDs(params.OrganizationID, clerk.Value(c.OrganizationID)) {
				continue
			}
			shown, err := i.showSAML(c, nil)
			if err != nil {
				return nil, err
			}
			list = append(list, shown)
		}
		unsigned := params
		unsigned.OrganizationID = nil
		return pageOf(samlConnectionListing, list, unsigned)
	})
}

func (i *Instance) createSAMLConnection(_ context.Context, params enterprise.CreateSAMLConnectionParams) (*api.SAMLConnection, error) {
	return write(i, func() (*api.SAMLConnection, error) {
		return i.showSAML(i.enterpriseConnections.create(i.now(), params, func(c *SeedEnterpriseConnection) error {
			c.Authenticatable, c.SyncUserAttributes = true, true
			//lint:ignore SA1019 callers may still send the deprecated name
			c.Domains = domainsOf(nil, params.Domains, params.Domain)
			c.copySAML(params, params.AttributeMapping, params.IDPMetadata)
			return i.completeConnection(c)
		}))
	})
}

func (i *Instance) updateSAMLConnection(_ context.Context, id string, params enterprise.UpdateSAMLConnectionParams) (*api.SAMLConnection, error) {
	return write(i, func() (*api.SAMLConnection, error) {
		stored, err := i.connectionOfSAML(id)
		if err != nil {
			return nil, err
		}
		return i.showSAML(i.enterpriseConnections.change(stored.ID, i.now(), params, func(c *SeedEnterpriseConnection) error {
			//lint:ignore SA1019 callers may still send the deprecated name
			c.Domains = domainsOf(stored.Domains, params.Domains, params.Domain)
			c.copySAML(params, params.AttributeMapping, params.IDPMetadata)
			if err := i.completeConnection(c); err != nil {
				return err
			}
			taken := i.organizationDomainsOf(c)
			if len(taken) > 0 && !params.ConsentVerifiedDomainsDeletion.Or(false) {
				return invalid("form_param_value_invalid", "consent_verified_domains_deletion", "must be true, since an organization has verified %s", taken[0].Name)
			}
			i.takeOrganizationDomains(c)
			return nil
		}))
	})
}

// domainsOf returns the domains that the parameters set, by default those of before.
func domainsOf(before []string, list clerk.Optional[[]string], single clerk.Optional[string]) []string {
	if domains := list.Or(nil); len(domains) > 0 {
		return slices.Clone(domains)
	}
	if domain := single.Or(""); domain != "" {
		return []string{domain}
	}
	return before
}
