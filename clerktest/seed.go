package clerktest

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// Seed is the initial content of an instance. Every field is optional. Two instances
// with the same seed have the same IDs, users, sessions and templates, and the same
// keys if the seed has a secret key.
//
// A seed file is a JSON object with these members:
//
//	production       true for an instance that behaves like a production
//	                 instance with regard to keys, cookies and redirects
//	secret_key       sk_test_ and letters or digits; in production
//	                 sk_live_emulated_ instead of sk_test_
//	publishable_key  pk_test_ and the base64 encoding of the frontend API's host
//	                 followed by $; in production pk_live_ instead of pk_test_,
//	                 and the host must be clerk. followed by a domain
//	frontend_api     the frontend API's host, instead of a publishable key
//	instance_id      ins_ and letters or digits: the key ID of the tokens
//	signing_key      an RSA private key of at least 2048 bits in PEM; without
//	                 it the key is derived from the secret key
//	users            a list of users in the form of the API, with the additional
//	                 members password, password_digest and password_hasher,
//	                 totp_secret, backup_codes, trusted_devices and
//	                 oauth_access_tokens
//	credentials      a list of the same members, and user_id
//	verifications    a list of codes that were sent: id, identification_id, code,
//	                 status, attempts and expire_at
//	sessions         a list of sessions in the form of the API, with an
//	                 additional member: organization is the active organization,
//	                 an object with id, name, slug, role and permissions
//	jwt_templates    a list of templates in the form of the API, with an
//	                 additional member: signing_key is the custom signing key
//	machines         a list of machines: id, name, secret_key, scoped_machines
//	                 (a list of IDs) and default_token_ttl in seconds
//	api_keys         a list of API keys in the form of the API, with secret
//	m2m_tokens       a list of opaque M2M tokens in the form of the API, with token
//	oauth_tokens     a list of opaque OAuth access tokens: token, client_id,
//	                 subject, scopes, revoked and expiration
//	settings         an object in the form of SeedSettings
//	invitations      a list of invitations in the form of the API, with
//	                 redirect_url and ticket
//	waitlist_entries a list of entries in the form of the API, with
//	                 invitation_id instead of invitation
//	allowlist_identifiers, blocklist_identifiers
//	                 lists in the form of the API
//	clients          a list of browsers: id, token, dev_browser, session_id and
//	                 updated
//	tickets          a list of sign-in tokens (sit_), actor tokens (act_) and agent
//	                 tasks (agt_): id, user_id, token, status, actor and more
//	sign_ups         a list of sign-ups in the form of the API
//	plans, prices    lists in the form of the API
//	discounts        a list of discounts: id, name, percent_off or amount_off, cycles
//	subscription_items
//	                 a list in the form of the API, with owner_id
//	discount_redemptions
//	                 a list in the form of the API
//	credits          a list of entries of the ledger: id, owner_id, amount,
//	                 idempotency_key, note and at
//	statements       a list in the form of the API
//	organizations, organization_domains, organization_permissions
//	                 lists in the form of the API
//	organization_memberships
//	                 a list of memberships: organization_id, user_id, role (a
//	                 key), public_metadata and private_metadata
//	organization_invitations
//	                 a list of invitations in the form of the API, with
//	                 redirect_url and ticket
//	organization_roles
//	                 a list of roles in the form of the API, whose permissions
//	                 are IDs or keys
//	role_sets        a list of role sets: key, name, description, type, roles,
//	                 default_role_key and creator_role_key (keys of roles)
//	redirect_urls    a list of redirect URLs in the form of the API
//	domains          a list of domains in the form of the API
//	oauth_applications
//	                 a list of OAuth applications in the form of the API, with
//	                 client_secret
//	enterprise_connections
//	                 a list of enterprise connections in the form of the API, with
//	                 saml_attribute_mapping, saml_metadata and oidc_client_secret
//	enterprise_connection_test_runs
//	                 a list in the form of the API, with enterprise_connection_id
//	directories      a list of directories in the form of the API, with api_key
//	directory_group_role_mappings
//	                 a list of mappings: id, directory_id, directory_group_id,
//	                 directory_group_display_name, role_id and precedence
//	admin_portal_link_tokens
//	                 a list of tokens in the form of the API, with token
//	svix_app         the ID of the app for webhooks, app_ and letters or digits
//	message_templates
//	                 a list of changed templates of messages in the form of the
//	                 API
//
// An instance has the system permissions, the roles org:admin and org:member and a role set
// of them, unless a list has others with their keys. If organization_permissions has system
// permissions, as in the seed of an existing instance, nothing is added to the three lists.
//
// The required members are id for users, organizations and machines, id and user_id for sessions, name
// and claims for templates, secret and subject for API keys, token and subject for M2M
// tokens, and token, subject and client_id for OAuth tokens. The instance fills in the
// others. Email addresses and phone numbers are verified unless they are reserved, and
// the first of each is the primary one unless the user names another.
//
// A member of a file that is null, false, 0 or "" is not filled in: an email address with
// "verification": null is not verified. Go does not tell such a value from a field that is
// not set, so the fields of a resource that was added to a Seed in Go are filled in. What
// [ParseSeed] and [Instance.Seed] return knows which is which for each resource in it. Names,
// types, statuses, tokens and the like, which the API always shows, are filled in also then.
// Since this is not in its exported fields, go-cmp compares seeds with
// cmpopts.IgnoreUnexported(clerktest.Seed{}).
type Seed struct {
	Production     bool           `json:"production,omitempty"`
	SecretKey      string         `json:"secret_key,omitempty" clerk:"credential"`
	PublishableKey string         `json:"publishable_key,omitempty"`
	FrontendAPI    string         `json:"frontend_api,omitempty"`
	InstanceID     string         `json:"instance_id,omitempty"`
	SigningKey     string         `json:"signing_key,omitempty" clerk:"credential"`
	Users          []api.User     `json:"users,omitempty"`
	Sessions       []SeedSession  `json:"sessions,omitempty"`
	JWTTemplates   []SeedTemplate `json:"jwt_templates,omitempty"`

	Machines    []SeedMachine    `json:"machines,omitempty"`
	APIKeys     []api.APIKey     `json:"api_keys,omitempty"`
	M2MTokens   []api.M2MToken   `json:"m2m_tokens,omitempty"`
	OAuthTokens []SeedOAuthToken `json:"oauth_tokens,omitempty"`

	Credentials   []SeedCredentials  `json:"credentials,omitempty"`
	Verifications []SeedVerification `json:"verifications,omitempty"`
	Images        []SeedImage        `json:"images,omitempty"`

	Settings             *SeedSettings             `json:"settings,omitempty"`
	Invitations          []SeedInvitation          `json:"invitations,omitempty"`
	WaitlistEntries      []SeedWaitlistEntry       `json:"waitlist_entries,omitempty"`
	AllowlistIdentifiers []api.AllowlistIdentifier `json:"allowlist_identifiers,omitempty"`
	BlocklistIdentifiers []api.BlocklistIdentifier `json:"blocklist_identifiers,omitempty"`

	Organizations           []api.Organization           `json:"organizations,omitempty"`
	OrganizationMemberships []SeedMembership             `json:"organization_memberships,omitempty"`
	OrganizationInvitations []SeedOrganizationInvitation `json:"organization_invitations,omitempty"`
	OrganizationDomains     []api.OrganizationDomain     `json:"organization_domains,omitempty"`
	OrganizationRoles       []SeedRole                   `json:"organization_roles,omitempty"`
	OrganizationPermissions []api.Permission             `json:"organization_permissions,omitempty"`
	RoleSets                []SeedRoleSet                `json:"role_sets,omitempty"`

	Plans               []api.Plan               `json:"plans,omitempty"`
	Prices              []api.Price              `json:"prices,omitempty"`
	Discounts           []SeedDiscount           `json:"discounts,omitempty"`
	SubscriptionItems   []SeedSubscriptionItem   `json:"subscription_items,omitempty"`
	DiscountRedemptions []api.DiscountRedemption `json:"discount_redemptions,omitempty"`
	Credits             []SeedCredit             `json:"credits,omitempty"`
	Statements          []api.Statement          `json:"statements,omitempty"`
	Clients             []SeedClient             `json:"clients,omitempty"`
	Tickets             []SeedTicket             `json:"tickets,omitempty"`
	SignUps             []api.SignUp             `json:"sign_ups,omitempty"`

	RedirectURLs     []api.RedirectURL `json:"redirect_urls,omitempty"`
	Domains          []api.Domain      `json:"domains,omitempty"`
	SvixApp          string            `json:"svix_app,omitempty"`
	MessageTemplates []api.Template    `json:"message_templates,omitempty"`

	OAuthApplications            []api.OAuthApplicationWithSecret `json:"oauth_applications,omitempty"`
	EnterpriseConnections        []SeedEnterpriseConnection       `json:"enterprise_connections,omitempty"`
	EnterpriseConnectionTestRuns []SeedTestRun                    `json:"enterprise_connection_test_runs,omitempty"`
	Directories                  []api.Directory                  `json:"directories,omitempty"`
	DirectoryGroupRoleMappings   []SeedGroupRoleMapping           `json:"directory_group_role_mappings,omitempty"`
	AdminPortalLinkTokens        []api.AdminPortalLinkToken       `json:"admin_portal_link_tokens,omitempty"`

	zeros seedZeros
	named json.RawMessage // the settings as they were parsed
}

// Format implements [fmt.Formatter] and hides credentials.
func (s Seed) Format(f fmt.State, _ rune) { clerk.FormatHidden(f, s) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (s Seed) LogValue() slog.Value { return clerk.LogHidden(s) }

// SeedSession is a session in a seed.
type SeedSession struct {
	api.Session
	Organization *Organization `json:"organization,omitempty"`
}

// SeedTemplate is a JWT template in a seed.
type SeedTemplate struct {
	api.JWTTemplate
	SigningKey string `json:"signing_key,omitempty" clerk:"credential"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (t SeedTemplate) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, t) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (t SeedTemplate) LogValue() slog.Value { return clerk.LogHidden(t) }

// Seed returns the current content of the instance. An instance with that seed has the
// same content.
func (i *Instance) Seed() Seed {
	seed := i.seedOfKeys()
	i.store.Read(func() { i.saveResources(&seed) })
	return seed
}

// seedOfKeys returns a seed that has only the keys of the instance.
func (i *Instance) seedOfKeys() Seed {
	return Seed{
		Production: i.production, SecretKey: i.secretKey, PublishableKey: i.publishableKey,
		InstanceID: i.id, SigningKey: signing.PrivatePEM(i.key),
	}
}

func (i *Instance) saveResources(seed *Seed) {
	seed.Settings = new(i.settings())
	for app := range i.svixApps.Each() {
		seed.SvixApp = app.ID
	}
	for _, k := range i.seeded {
		k.save(seed)
	}
}
