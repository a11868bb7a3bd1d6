package auth

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// machineFields are the fields of an Auth for a machine's token.
type machineFields struct {
	Type                                   TokenType
	ID, Subject, Name, Machine, Client     string
	User, Organization, Session, Presented string
	Scopes                                 []string
	Claims                                 string
}

func fieldsOf(tb testing.TB, a *Auth) machineFields {
	tb.Helper()
	token, err := a.GetToken(tb.Context(), Template("ignored"))
	if err != nil {
		tb.Error(err)
	}
	return machineFields{
		Type: a.TokenType, ID: a.ID, Subject: a.Subject, Name: a.Name, Machine: a.MachineID, Client: a.ClientID,
		User: a.UserID, Organization: a.OrganizationID, Session: a.SessionID, Presented: token, Scopes: a.Scopes,
		Claims: string(a.MachineClaims()),
	}
}

func TestAuthOfMachines(t *testing.T) {
	t.Parallel()
	organization := strings.Replace(goodAPIKey, "user_1", "org_1", 1)
	machineOwned := strings.Replace(strings.Replace(goodAPIKey, "user_1", "mch_1", 1), `{"tier":1}`, "null", 1)
	m2m := m2mJWT(t, withClaims(map[string]any{"scopes": "mch_2 mch_3", "aud": "m", "iss": "https://x", "tier": json.Number("9007199254740993")}))
	aud := m2mJWT(t, withClaim("aud", []string{"mch_4"}))
	plain := m2mJWT(t, withoutClaim("jti"))
	const misleading = `{"iss":"https://evil.example","scopes":["admin"],"sub":"user_evil"}`
	misleadingKey := strings.Replace(goodAPIKey, `{"tier":1}`, misleading, 1)
	misleadingJWT := m2mJWT(t, withClaims(map[string]any{"claims": json.RawMessage(misleading), "scopes": "mch_2"}))
	misleadingOAuth := oauthJWT(t, withClaims(map[string]any{"claims": json.RawMessage(misleading), "scp": []string{"a"}}))
	scp := oauthJWT(t, withClaims(map[string]any{"scp": []string{"a", "b"}, "scope": "c"}))
	scope := oauthJWT(t, withClaims(map[string]any{"scope": "email profile", "client_id": nil}), withoutClaim("jti"))
	const id = "004f0096e5cd44911924"
	for name, test := range map[string]struct {
		token, body string
		want        machineFields
	}{
		"API key of a user":                 {"ak_1", goodAPIKey, machineFields{ID: "ak_id", Subject: "user_1", Name: "CI", User: "user_1", Scopes: []string{"read", "write"}, Claims: `{"tier":1}`}},
		"API key of an organization":        {"ak_1", organization, machineFields{ID: "ak_id", Subject: "org_1", Name: "CI", Organization: "org_1", Scopes: []string{"read", "write"}, Claims: `{"tier":1}`}},
		"API key of a machine":              {"ak_1", machineOwned, machineFields{ID: "ak_id", Subject: "mch_1", Name: "CI", Scopes: []string{"read", "write"}}},
		"M2M token":                         {"mt_1", goodM2M, machineFields{ID: "mt_id", Subject: "mch_1", Machine: "mch_1", Scopes: []string{"mch_2"}, Claims: `{"sub":"user_evil","iss":"x"}`}},
		"OAuth token":                       {"oat_1", goodOAuth, machineFields{ID: "oat_id", Subject: "user_2", User: "user_2", Client: "client_1", Scopes: []string{"email"}}},
		"M2M JWT with scopes":               {m2m, "", machineFields{ID: id, Subject: "mch_1", Machine: "mch_1", Scopes: []string{"mch_2", "mch_3"}, Claims: `{"aud":"m","scopes":"mch_2 mch_3","tier":9007199254740993}`}},
		"M2M JWT with an audience":          {aud, "", machineFields{ID: id, Subject: "mch_1", Machine: "mch_1", Scopes: []string{"mch_4"}, Claims: `{"aud":["mch_4"]}`}},
		"M2M JWT without scopes":            {plain, "", machineFields{Subject: "mch_1", Machine: "mch_1"}},
		"OAuth JWT with a list of scopes":   {scp, "", machineFields{ID: id, Subject: testUser, User: testUser, Client: "client_1", Scopes: []string{"a", "b"}}},
		"API key, misleading claims":        {"ak_1", misleadingKey, machineFields{ID: "ak_id", Subject: "user_1", Name: "CI", User: "user_1", Scopes: []string{"read", "write"}, Claims: misleading}},
		"M2M JWT, misleading claims":        {misleadingJWT, "", machineFields{ID: id, Subject: "mch_1", Machine: "mch_1", Scopes: []string{"mch_2"}, Claims: `{"claims":` + misleading + `,"scopes":"mch_2"}`}},
		"OAuth JWT, misleading claims":      {misleadingOAuth, "", machineFields{ID: id, Subject: testUser, User: testUser, Client: "client_1", Scopes: []string{"a"}}},
		"OAuth JWT with scopes in a string": {scope, "", machineFields{Subject: testUser, User: testUser, Scopes: []string{"email", "profile"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newMachineBackend(t, http.StatusOK, test.body).authenticator(t, everyType())
			got, _ := callThrough(t, a.Middleware, newRequest(t, "/", withBearer(test.token)))
			if got.IsAuthenticated() || got.UserID+got.OrganizationID+got.Subject+got.ID != "" || got.TokenType != SessionToken {
				t.Errorf("an endpoint for sessions got %v", got)
			}
			own, err := a.AuthenticateToken(t.Context(), test.token, anyType)
			if err != nil {
				t.Fatal(err)
			}
			test.want.Type, test.want.Presented = formOf(test.token, nil).kind, test.token
			if diff := cmp.Diff(test.want, fieldsOf(t, own)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if own.Claims() != nil || own.Actor != nil || own.OrganizationPermissions() != nil || own.Err() != nil || own.Reason() != "" {
				t.Errorf("a machine's token has fields of a session: %v", own)
			}
			if _, err := ClaimsAs[map[string]any](own); !errors.Is(err, ErrNotSignedIn) {
				t.Errorf("ClaimsAs returns %v", err)
			}
			if user, err := CurrentUser(NewContext(t.Context(), own)); user != nil || err != nil {
				t.Errorf("CurrentUser returns %v, %v", user, err)
			}
		})
	}
}
