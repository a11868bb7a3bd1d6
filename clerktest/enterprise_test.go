package clerktest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest"
)

var _ = populate(map[string]string{
	"enterprise_connections": `[
		{"id": "entconn_1", "name": "One", "provider": "saml_custom", "domains": ["one.example.com"], "organization_id": "org_1", "active": true, "authenticatable": true,
			"saml_connection": {"id": "samlc_1", "idp_metadata_url": "https://idp.example/metadata"}, "saml_attribute_mapping": {"user_id": "", "email_address": "email", "first_name": "", "last_name": ""},
			"custom_attributes": [{"name": "Team", "key": "team", "directory_path": "team"}]},
		{"id": "entconn_2", "name": "Two", "provider": "oidc_custom", "domains": ["two.example.com"], "oauth_config": {"client_id": "c"}, "oidc_client_secret": "s"}]`,
	"enterprise_connection_test_runs": `[{"id": "entrun_1", "enterprise_connection_id": "entconn_1", "status": "success", "connection_type": "saml", "created_at": 1}]`,
	"directories":                     `[{"id": "scim_1", "enterprise_connection_id": "entconn_1", "name": "Staff", "provider": "okta", "enabled": true, "group_role_mapping_enabled": true, "attribute_mapping": {"first_name": "name"}, "api_key": "ak_directory"}]`,
	"directory_group_role_mappings":   `[{"id": "dirgrm_1", "directory_id": "scim_1", "directory_group_id": "g1", "role_id": "role_1"}]`,
	"admin_portal_link_tokens":        `[{"id": "aplt_HEX", "token": "aplt_seeded", "organization_id": "org_1"}]`,
	"oauth_applications":              `[{"id": "oa_1", "name": "Notes", "client_id": "client_1", "client_secret": "secret", "scopes": "email", "consent_screen_enabled": true, "redirect_uris": ["notes://done"]}]`,
})

var (
	oneConnection = []string{"entconn_1"}
	oneSAML       = []string{"samlc_1"}
	oneDirectory  = []string{"scim_1"}
	oneMapping    = []string{"scim_1", "dirgrm_1"}
	oneOAuthApp   = []string{"oa_1"}
	anyDomain     = []any{"new.example.com"}
)

var _ = rightly(map[string]rightRequest{
	"GetEnterpriseConnection":    {ids: oneConnection},
	"CreateEnterpriseConnection": {body: map[string]any{"name": "New", "provider": "oidc_custom", "domains": anyDomain, "oidc": map[string]any{"client_id": "c"}}},
	"UpdateEnterpriseConnection": {ids: oneConnection, body: map[string]any{"name": "New", "saml": map[string]any{"force_authn": true}}},
	"DeleteEnterpriseConnection": {ids: oneConnection},

	"ListEnterpriseConnectionTestRuns":  {ids: oneConnection, query: "status=success"},
	"CreateEnterpriseConnectionTestRun": {ids: oneConnection},

	"GetSAMLConnection":    {ids: oneSAML},
	"CreateSAMLConnection": {body: map[string]any{"name": "New", "provider": "saml_okta", "domains": anyDomain}},
	"UpdateSAMLConnection": {ids: oneSAML, body: map[string]any{"active": false}},
	"DeleteSAMLConnection": {ids: oneSAML},

	"GetDirectory":                      {ids: oneDirectory},
	"CreateDirectory":                   {body: map[string]any{"enterprise_connection_id": "entconn_1", "provider": "okta"}},
	"UpdateDirectory":                   {ids: oneDirectory, body: map[string]any{"enabled": false}},
	"DeleteDirectory":                   {ids: oneDirectory},
	"RotateDirectoryAPIKey":             {ids: oneDirectory},
	"ListDirectoryGroupRoleMappings":    {ids: oneDirectory},
	"CreateDirectoryGroupRoleMapping":   {ids: oneDirectory, body: map[string]any{"directory_group_id": "g2", "role_id": "role_1"}},
	"ReplaceDirectoryGroupRoleMappings": {ids: oneDirectory, body: map[string]any{"mappings": []any{map[string]any{"directory_group_id": "g2", "role_id": "role_1"}}}},
	"DeleteDirectoryGroupRoleMapping":   {ids: oneMapping},

	"GetSCIMDirectory":             {ids: oneDirectory},
	"CreateSCIMDirectory":          {body: map[string]any{"enterprise_connection_id": "entconn_1", "provider": "okta"}},
	"UpdateSCIMDirectory":          {ids: oneDirectory, body: map[string]any{"enabled": false}},
	"DeleteSCIMDirectory":          {ids: oneDirectory},
	"RotateSCIMDirectoryAPIKey":    {ids: oneDirectory},
	"ListSCIMGroupRoleMappings":    {ids: oneDirectory},
	"CreateSCIMGroupRoleMapping":   {ids: oneDirectory, body: map[string]any{"scim_group_id": "g2", "role_id": "role_1"}},
	"ReplaceSCIMGroupRoleMappings": {ids: oneDirectory, body: map[string]any{"mappings": []any{map[string]any{"scim_group_id": "g2", "role_id": "role_1"}}}},
	"DeleteSCIMGroupRoleMapping":   {ids: oneMapping},

	"CreateAdminPortalLinkToken": {body: map[string]any{"scopes": []any{"sso"}, "seconds_until_expiration": 60}},
	"RevokeAdminPortalLinkToken": {ids: []string{"aplt_" + hexDigits}, body: map[string]any{"revocation_reason": "lost"}},

	"GetOAuthApplication":          {ids: oneOAuthApp},
	"CreateOAuthApplication":       {body: map[string]any{"name": "New"}},
	"UpdateOAuthApplication":       {ids: oneOAuthApp, body: map[string]any{"name": "New"}},
	"DeleteOAuthApplication":       {ids: oneOAuthApp},
	"UploadOAuthApplicationLogo":   {ids: oneOAuthApp, file: "file"},
	"RotateOAuthApplicationSecret": {ids: oneOAuthApp},
	"RevokeOAuthApplicationToken":  {ids: oneOAuthApp, body: map[string]any{"token": "oat_seeded"}},
})

// TestSeedKeepsWhatTheAPIDoesNotShow checks that a seed has the settings and credentials of
// connections, directories, links and applications, which no response has.
func TestSeedKeepsWhatTheAPIDoesNotShow(t *testing.T) {
	t.Parallel()
	held := dump(t, startSeeded(t, populationSeed(t)))
	for _, hidden := range []string{`"oidc_client_secret":"s"`, `"email_address":"email"`, `"api_key":"ak_directory"`, `"token":"aplt_seeded"`, `"client_secret":"secret"`, `"role_id":"role_1"`, `"id":"entrun_1"`} {
		if !strings.Contains(strings.ReplaceAll(held, `": `, `":`), hidden) {
			t.Errorf("the seed does not have %s", hidden)
		}
	}
	if diff := gocmp.Diff(held, dump(t, startSeeded(t, held))); diff != "" {
		t.Errorf("an instance with the seed of another differs (-want +got):\n%s", diff)
	}
}

func TestSeedRefusalsOfConnections(t *testing.T) {
	t.Parallel()
	const connection = `"enterprise_connections": [{"id": "entconn_1", "name": "One", "provider": "oidc_custom", "domains": ["one.example"]}]`
	for place, seed := range map[string]string{
		"enterprise_connections[0].domains":                           `{"enterprise_connections": [{"name": "One", "provider": "oidc_custom", "domains": []}]}`,
		"enterprise_connections[0].organization_id":                   `{"enterprise_connections": [{"name": "One", "provider": "oidc_custom", "domains": ["a.example"], "organization_id": "org_none"}]}`,
		"enterprise_connections[0].active":                            `{"enterprise_connections": [{"name": "One", "provider": "saml_okta", "domains": ["a.example"], "active": true}]}`,
		"directories[0].enterprise_connection_id":                     `{"directories": [{"provider": "okta"}]}`,
		"directory_group_role_mappings[0].directory_id":               `{"directory_group_role_mappings": [{"directory_group_id": "g", "role_id": "r"}]}`,
		"enterprise_connection_test_runs[0].enterprise_connection_id": `{"enterprise_connection_test_runs": [{"id": "entrun_1"}]}`,
		"directories[0].provider":                                     `{` + connection + `, "directories": [{"enterprise_connection_id": "entconn_1"}]}`,
		"admin_portal_link_tokens[0].organization_id":                 `{"admin_portal_link_tokens": [{"token": "aplt_1", "organization_id": "org_none"}]}`,
		"oauth_applications[0].redirect_uris":                         `{"oauth_applications": [{"id": "oa_1", "name": "One", "redirect_uris": ["nowhere"], "consent_screen_enabled": true}]}`,
		"oauth_applications[1].client_id":                             `{"oauth_applications": [{"id": "oa_1", "name": "One", "client_id": "c"}, {"id": "oa_2", "name": "Two", "client_id": "c"}]}`,
	} {
		if _, err := clerktest.NewInstance(parseSeed(t, seed)); err == nil || !strings.Contains(err.Error(), place) {
			t.Errorf("%s: %v, want an error that names %s", seed, err, place)
		}
	}
}

// TestDeletionReachesEverythingOfAConnection checks what is left after a connection, a role
// or an organization is deleted.
func TestDeletionReachesEverythingOfAConnection(t *testing.T) {
	t.Parallel()
	const user = `{"users": [{"id": "user_sso", "enterprise_accounts": [{"id": "eac_1", "object": "enterprise_account", "protocol": "saml", "provider": "saml_custom", "active": true,
		"email_address": "a@one.example.com", "enterprise_connection_id": "entconn_1", "verification": null}]}]}`
	seed := func() clerktest.Seed {
		s := parseSeed(t, populationSeed(t))
		s.Users = append(s.Users, parseSeed(t, user).Users...)
		return s
	}
	start := func() *clerktest.Instance {
		i := clerktest.New(t, clerktest.WithSeed(seed()))
		if got := send(t, i, "GET", "/saml_connections/samlc_1", ""); !strings.Contains(string(got.body), `"user_count":1`) {
			t.Fatalf("the connection is %s", got.body)
		}
		return i
	}
	connection := []string{"/enterprise_connections/entconn_1", "/saml_connections/samlc_1", "/directories/scim_1", "/enterprise_connections/entconn_1/test_runs"}
	for path, gone := range map[string][]string{
		"/enterprise_connections/entconn_1": connection,
		"/saml_connections/samlc_1":         connection,
		"/organizations/org_1":              connection,
		"/directories/scim_1":               {"/scim_directories/scim_1"},
	} {
		i := start()
		if got := send(t, i, "DELETE", path, ""); got.status != 200 {
			t.Fatalf("DELETE %s: %d %s", path, got.status, got.body)
		}
		for _, path := range gone {
			if got := send(t, i, "GET", path, ""); got.status != 404 {
				t.Errorf("GET %s: %d", path, got.status)
			}
		}
		left := i.Seed()
		if len(left.DirectoryGroupRoleMappings) != 0 {
			t.Errorf("after DELETE %s there are mappings %v", path, left.DirectoryGroupRoleMappings)
		}
		if linked := len(i.User("user_sso").EnterpriseAccounts); (linked == 0) != (len(gone) > 1) {
			t.Errorf("after DELETE %s the user has %d accounts", path, linked)
		}
	}
	s := seed()
	s.DirectoryGroupRoleMappings[0].RoleID = "role_2"
	i := clerktest.New(t, clerktest.WithSeed(s))
	if got := send(t, i, "DELETE", "/organization_roles/role_2", ""); got.status != 200 || len(i.Seed().DirectoryGroupRoleMappings) != 0 {
		t.Errorf("after the deletion of its role (%d %s) the mapping is %v", got.status, got.body, i.Seed().DirectoryGroupRoleMappings)
	}
}

// TestCertificatesAreRead checks the validity of the certificate of an identity provider, in
// PEM, in base64 and in metadata.
func TestCertificatesAreRead(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: from.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	text := base64.StdEncoding.EncodeToString(der)
	metadata := `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"><IDPSSODescriptor>
		<KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>` + text + `</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
		<SingleSignOnService Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>`
	for name, saml := range map[string]map[string]any{
		"base64":   {"idp_entity_id": "e", "idp_sso_url": "https://idp.example/sso", "idp_certificate": text},
		"PEM":      {"idp_entity_id": "e", "idp_sso_url": "https://idp.example/sso", "idp_certificate": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))},
		"metadata": {"idp_metadata": metadata},
	} {
		i := clerktest.New(t)
		body, err := json.Marshal(map[string]any{"name": "One", "provider": "saml_custom", "domains": []string{"one.example"}, "active": true, "saml": saml})
		if err != nil {
			t.Fatal(err)
		}
		got := send(t, i, "POST", "/enterprise_connections", string(body))
		want := fmt.Sprintf(`"idp_certificate_issued_at":%d,"idp_certificate_expires_at":%d`, from.UnixMilli(), from.Add(time.Hour).UnixMilli())
		if got.status >= 300 || !strings.Contains(string(got.body), want) {
			t.Errorf("%s: %d %s, want %s", name, got.status, got.body, want)
		}
	}
	for name, metadata := range map[string]string{"other text": "nonsense", "another document": "<html/>", "no place to sign in": `<EntityDescriptor entityID="e"/>`} {
		body, err := json.Marshal(map[string]any{"name": "One", "provider": "saml_custom", "domains": []string{"one.example"}, "saml": map[string]any{"idp_metadata": metadata}})
		if err != nil {
			t.Fatal(err)
		}
		if got := send(t, clerktest.New(t), "POST", "/enterprise_connections", string(body)); got.status != 422 || !strings.Contains(string(got.body), "idp_metadata") {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

// TestPrintedConnectionsHideTheClientSecret formats a connection of a seed in each way.
func TestPrintedConnectionsHideTheClientSecret(t *testing.T) {
	t.Parallel()
	c := clerktest.SeedEnterpriseConnection{OIDCClientSecret: new("hidden_text")}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", c, c, &c), c.LogValue().String()} {
		if strings.Contains(text, "hidden_text") {
			t.Errorf("the secret is in %s", text)
		}
	}
}
