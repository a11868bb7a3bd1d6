package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/enterprise"
)

// SeedEnterpriseConnection is an enterprise connection in a seed, with the settings that
// the API does not show, or shows in SAML connections only.
type SeedEnterpriseConnection struct {
	api.EnterpriseConnection
	SAMLAttributeMapping *api.SAMLAttributeMapping `json:"saml_attribute_mapping,omitempty"`
	SAMLMetadata         *string                   `json:"saml_metadata,omitempty"`
	OIDCClientSecret     *string                   `json:"oidc_client_secret,omitempty" clerk:"credential"`
}

// Format implements [fmt.Formatter] and hides the client secret.
func (v SeedEnterpriseConnection) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, v) }

// LogValue implements [slog.LogValuer] and hides the client secret.
func (v SeedEnterpriseConnection) LogValue() slog.Value { return clerk.LogHidden(v) }

type enterpriseTables struct {
	enterpriseConnections               kind[SeedEnterpriseConnection]
	enterpriseConnectionsByDomain       *store.Index[SeedEnterpriseConnection]
	enterpriseConnectionsBySAML         *store.Index[SeedEnterpriseConnection]
	enterpriseConnectionsOfOrganization *store.Index[SeedEnterpriseConnection]
	usersByEnterpriseConnection         *store.Index[api.User]

	testRunTables
	directoryTables
	adminPortalTables
}

// addEnterprise adds the tables of enterprise connections and of what belongs to them.
func (t *tables) addEnterprise() {
	addSeeded(t, "enterprise_connections", &t.enterpriseConnections, kind[SeedEnterpriseConnection]{
		noun: "enterprise connection", object: "enterprise_connection", prefix: "entconn", component: "EnterpriseConnection",
		more: append(membersOf(seedAny, "saml_attribute_mapping"), membersOf(seedText, "saml_metadata", "oidc_client_secret")...),
		seed: func(s *Seed) *[]SeedEnterpriseConnection { return &s.EnterpriseConnections },
		complete: func(i *Instance, c *SeedEnterpriseConnection) error {
			c.ID = cmp.Or(c.ID, derivedID("entconn", append([]string{c.Name}, c.Domains...)...))
			if id := c.OrganizationID; id != nil && i.organizations.Get(*id) == nil {
				return fmt.Errorf("organization_id is not the id of an organization")
			}
			return i.completeConnection(c)
		},
	}, func(c *SeedEnterpriseConnection) string { return c.ID })
	t.enterpriseConnectionsByDomain = t.enterpriseConnections.By(func(c *SeedEnterpriseConnection) []string { return c.Domains })
	t.enterpriseConnectionsBySAML = t.enterpriseConnections.By(one((*SeedEnterpriseConnection).samlID))
	t.enterpriseConnectionsOfOrganization = t.enterpriseConnections.By(one(func(c *SeedEnterpriseConnection) string { return clerk.Value(c.OrganizationID) }))
	t.usersByEnterpriseConnection = t.users.By(func(u *api.User) []string {
		ids := make([]string, 0, len(u.EnterpriseAccounts))
		for _, a := range u.EnterpriseAccounts {
			ids = append(ids, clerk.Value(a.EnterpriseConnectionID))
		}
		return ids
	})
	t.addTestRuns()
	t.addDirectories()
	t.addAdminPortalLinkTokens()
}

// completeConnection checks a connection and sets what follows from its other members.
func (i *Instance) completeConnection(c *SeedEnterpriseConnection) error {
	if strings.TrimSpace(c.Name) == "" {
		return invalid("form_param_value_invalid", "name", "must not be empty")
	}
	if id := c.OrganizationID; id != nil && i.organizations.Get(*id) == nil {
		return missingReference("organization", *id, "organization_id")
	}
	if err := i.completeConnectionDomains(c); err != nil {
		return err
	}
	c.CustomAttributes = slices.Clone(c.CustomAttributes)
	for n := range c.CustomAttributes {
		if err := completeCustomAttribute(&c.CustomAttributes[n]); err != nil {
			return err
		}
	}
	if strings.HasPrefix(string(c.Provider), "saml_") {
		c.OAuthConfig, c.OIDCClientSecret = nil, nil
		return i.completeSAML(c)
	}
	c.SAMLConnection, c.SAMLMetadata, c.SAMLAttributeMapping = nil, nil, nil
	return i.completeOIDC(c)
}

func (i *Instance) completeConnectionDomains(c *SeedEnterpriseConnection) error {
	if len(c.Domains) == 0 {
		return invalid("form_param_missing", "domains", "must have at least one domain")
	}
	domains := lowered(c.Domains)
	for n, domain := range domains {
		other := i.enterpriseConnectionsByDomain.First(domain)
		switch {
		case !domainPattern.MatchString(domain):
			return invalid("form_param_format_invalid", "domains", "must be full domain names such as example.com")
		case slices.Contains(domains[:n], domain), other != nil && other.ID != c.ID:
			return failure(http.StatusConflict, "form_identifier_exists", "domains: "+domain+" belongs to an enterprise connection already", "domains")
		}
	}
	c.Domains = domains
	return nil
}

// completeCustomAttribute sets both names of the path in a directory.
func completeCustomAttribute(a *api.EnterpriseConnectionCustomAttribute) error {
	path, err := eitherName(clerk.Value(a.DirectoryPath), clerk.Value(a.SCIMPath), "directory_path", "scim_path")
	if path != "" {
		a.DirectoryPath, a.SCIMPath = &path, &path
	}
	return err
}

// eitherName returns the value of a parameter that has an older name as well.
func eitherName(newer, older, name, olderName string) (string, error) {
	if newer != "" && older != "" && newer != older {
		return "", invalid("form_param_value_invalid", name, "is not the same as %s", olderName)
	}
	return cmp.Or(newer, older), nil
}

// completeOIDC sets the settings of a connection by OpenID Connect.
func (i *Instance) completeOIDC(c *SeedEnterpriseConnection) error {
	config := api.EnterpriseOAuth{}
	if c.OAuthConfig != nil {
		config = *c.OAuthConfig
	}
	if c.Active && (config.ClientID == "" || config.DiscoveryURL == "" && config.AuthURL == "") {
		return invalid("form_param_missing", "oidc", "must have client_id and discovery_url, or client_id and auth_url, in an active connection")
	}
	config.ID = cmp.Or(config.ID, derivedID("oidcconf", c.ID))
	config.Name, config.ProviderKey = c.Name, string(c.Provider)
	config.CreatedAt, config.UpdatedAt = &c.CreatedAt, &c.UpdatedAt
	c.OAuthConfig = &config
	return nil
}

func (i *Instance) setEnterpriseHandlers(h *Handlers) {
	h.ListEnterpriseConnections = func(_ context.Context, params enterprise.ListEnterpriseConnectionsParams) (*clerk.List[api.EnterpriseConnection], error) {
		page, err := i.enterpriseConnections.page(i.enterpriseConnections.Snapshot(), params)
		if err != nil {
			return nil, err
		}
		return mapped(page, func(c *SeedEnterpriseConnection) *api.EnterpriseConnection { return &c.EnterpriseConnection }), nil
	}
	h.GetEnterpriseConnection = func(_ context.Context, id string) (*api.EnterpriseConnection, error) {
		return read(i, func() (*api.EnterpriseConnection, error) { return showConnection(i.enterpriseConnections.existing(id)) })
	}
	h.CreateEnterpriseConnection = i.createEnterpriseConnection
	h.UpdateEnterpriseConnection = i.updateEnterpriseConnection
	h.DeleteEnterpriseConnection = func(_ context.Context, id string) (*api.DeletedObject, error) {
		return write(i, func() (*api.DeletedObject, error) { return i.dropConnection(id) })
	}
	i.setTestRunHandlers(h)
	i.setSAMLConnectionHandlers(h)
	i.setDirectoryHandlers(h)
	i.setDirectoryMappingHandlers(h)
	i.setSCIMDirectoryHandlers(h)
	i.setAdminPortalHandlers(h)
}

// showConnection returns a connection without the settings that the API does not show.
func showConnection(c *SeedEnterpriseConnection, err error) (*api.EnterpriseConnection, error) {
	if err != nil {
		return nil, err
	}
	return &c.EnterpriseConnection, nil
}

func (i *Instance) createEnterpriseConnection(_ context.Context, params enterprise.CreateEnterpriseConnectionParams) (*api.EnterpriseConnection, error) {
	return write(i, func() (*api.EnterpriseConnection, error) {
		return showConnection(i.enterpriseConnections.create(i.now(), params, func(c *SeedEnterpriseConnection) error {
			c.Authenticatable, c.SyncUserAttributes = params.Authenticatable.Or(true), true
			if saml, ok := params.SAML.Get(); ok {
				c.copySAML(saml, saml.AttributeMapping, saml.IDPMetadata)
			}
			c.copyOIDC(params.OIDC)
			if err := i.completeConnection(c); err != nil {
				return err
			}
			i.takeOrganizationDomains(c)
			return nil
		}))
	})
}

func (i *Instance) updateEnterpriseConnection(_ context.Context, id string, params enterprise.UpdateEnterpriseConnectionParams) (*api.EnterpriseConnection, error) {
	return write(i, func() (*api.EnterpriseConnection, error) {
		stored, err := i.enterpriseConnections.existing(id)
		if err != nil {
			return nil, err
		}
		return showConnection(i.enterpriseConnections.change(id, i.now(), params, func(c *SeedEnterpriseConnection) error {
			if len(c.Domains) == 0 {
				c.Domains = stored.Domains
			}
			if c.OrganizationID == nil {
				c.OrganizationID = stored.OrganizationID
			}
			if saml, ok := params.SAML.Get(); ok {
				c.copySAML(saml, saml.AttributeMapping, saml.IDPMetadata)
			}
			c.copyOIDC(params.OIDC)
			if err := i.completeConnection(c); err != nil {
				return err
			}
			i.takeOrganizationDomains(c)
			return nil
		}))
	})
}

// copyOIDC sets what parameters say of OpenID Connect.
func (c *SeedEnterpriseConnection) copyOIDC(params clerk.Optional[enterprise.OIDCParams]) {
	oidc, ok := params.Get()
	if !ok {
		return
	}
	config := api.EnterpriseOAuth{}
	if c.OAuthConfig != nil {
		config = *c.OAuthConfig
	}
	resource.Copy(&config, oidc)
	assignPointer(&c.OIDCClientSecret, oidc.ClientSecret)
	c.OAuthConfig = &config
}

// organizationDomainsOf returns the domains of an active connection that organizations have
// verified.
func (i *Instance) organizationDomainsOf(c *SeedEnterpriseConnection) (list []*api.OrganizationDomain) {
	for _, name := range c.Domains {
		if d := i.organizationDomainsByName.First(name); c.Active && d != nil && affiliated(d) {
			list = append(list, d)
		}
	}
	return list
}

// takeOrganizationDomains removes the domains of an active connection from organizations.
func (i *Instance) takeOrganizationDomains(c *SeedEnterpriseConnection) {
	for _, d := range i.organizationDomainsOf(c) {
		i.organizationDomains.Remove(d.ID)
	}
}

// dropConnection deletes a connection, what belongs to it, and the accounts of users at its
// identity provider.
func (i *Instance) dropConnection(id string) (*api.DeletedObject, error) {
	c, err := i.enterpriseConnections.existing(id)
	if err != nil {
		return nil, err
	}
	for _, d := range i.directoriesOfConnection.All(id) {
		i.dropDirectory(d.ID)
	}
	for _, run := range i.testRunsOfConnection.All(id) {
		i.testRuns.Remove(run.ID)
	}
	for _, u := range i.usersByEnterpriseConnection.All(id) {
		changed := *u
		changed.EnterpriseAccounts = slices.DeleteFunc(slices.Clone(u.EnterpriseAccounts), func(a api.EnterpriseAccount) bool {
			return clerk.Value(a.EnterpriseConnectionID) == id
		})
		changed.SAMLAccounts = slices.DeleteFunc(slices.Clone(u.SAMLAccounts), func(a api.SAMLAccount) bool {
			return a.SAMLConnection != nil && a.SAMLConnection.ID == c.samlID()
		})
		i.users.Put(&changed)
	}
	return i.enterpriseConnections.delete(id)
}

// dropEnterpriseOf deletes the connections of an organization and the tokens of links to set
// them up.
func (i *Instance) dropEnterpriseOf(organizationID string) {
	for _, c := range i.enterpriseConnectionsOfOrganization.All(organizationID) {
		// It was listed just now.
		_, _ = i.dropConnection(c.ID)
	}
	for _, t := range i.adminPortalTokensOfOrganization.All(organizationID) {
		i.adminPortalTokens.Remove(t.ID)
	}
}
