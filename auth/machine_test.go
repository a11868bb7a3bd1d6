package auth

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// fields is what an Auth tells of a machine's token.
type fields struct {
	Type                                   TokenType
	ID, Subject, Name, Machine, Client     string
	User, Organization, Session, Presented string
	Scopes                                 []string
	Claims                                 string
}

func fieldsOf(tb testing.TB, a *Auth) fields {
	tb.Helper()
	token, err := a.GetToken(tb.Context(), Template("ignored"))
	if err != nil {
		tb.Error(err)
	}
	return fields{
		Type: a.TokenType, ID: a.ID, Subject: a.Subject, Name: a.Name, Machine: a.MachineID, Client: a.ClientID,
		User: a.UserID, Organization: a.OrganizationID, Session: a.SessionID, Presented: token, Scopes: a.Scopes,
		Claims: string(a.MachineClaims()),
	}
}

func TestAuthTellsAboutMachines(t *testing.T) {
	t.Parallel()
	organization := strings.Replace(goodAPIKey, "user_1", "org_1", 1)
	machineOwned := strings.Replace(strings.Replace(goodAPIKey, "user_1", "mch_1", 1), `{"tier":1}`, "null", 1)
	m2m := m2mJWT(t, withClaims(map[string]any{"scopes": "mch_2 mch_3", "aud": "m", "iss": "https://x", "tier": json.Number("9007199254740993")}))
	aud := m2mJWT(t, withClaim("aud", []string{"mch_4"}))
	plain := m2mJWT(t, withoutClaim("jti"))
	const posing = `{"iss":"https://evil.example","scopes":["admin"],"sub":"user_evil"}`
	posingKey := strings.Replace(goodAPIKey, `{"tier":1}`, posing, 1)
	posingJWT := m2mJWT(t, withClaims(map[string]any{"claims": json.RawMessage(posing), "scopes": "mch_2"}))
	posingOAuth := oauthJWT(t, withClaims(map[string]any{"claims": json.RawMessage(posing), "scp": []string{"a"}}))
	scp := oauthJWT(t, withClaims(map[string]any{"scp": []string{"a", "b"}, "scope": "c"}))
	scope := oauthJWT(t, withClaims(map[string]any{"scope": "email profile", "client_id": nil}), withoutClaim("jti"))
	const id = "004f0096e5cd44911924"
	for name, test := range map[string]struct {
		token, answer string
		want          fields
	}{
		"API key of a user":           {"ak_1", goodAPIKey, fields{ID: "ak_id", Subject: "user_1", Name: "CI", User: "user_1", Scopes: []string{"read", "write"}, Claims: `{"tier":1}`}},
		"API key of an organization":  {"ak_1", organization, fields{ID: "ak_id", Subject: "org_1", Name: "CI", Organization: "org_1", Scopes: []string{"read", "write"}, Claims: `{"tier":1}`}},
		"API key of a machine":        {"ak_1", machineOwned, fields{ID: "ak_id", Subject: "mch_1", Name: "CI", Scopes: []string{"read", "write"}}},
		"M2M token":                   {"mt_1", goodM2M, fields{ID: "mt_id", Subject: "mch_1", Machine: "mch_1", Scopes: []string{"mch_2"}, Claims: `{"sub":"user_evil","iss":"x"}`}},
		"OAuth token":                 {"oat_1", goodOAuth, fields{ID: "oat_id", Subject: "user_2", User: "user_2", Client: "client_1", Scopes: []string{"email"}}},
		"M2M JWT with scopes":         {m2m, "", fields{ID: id, Subject: "mch_1", Machine: "mch_1", Scopes: []string{"mch_2", "mch_3"}, Claims: `{"aud":"m","scopes":"mch_2 mch_3","tier":9007199254740993}`}},
		"M2M JWT with an audience":    {aud, "", fields{ID: id, Subject: "mch_1", Machine: "mch_1", Scopes: []string{"mch_4"}, Claims: `{"aud":["mch_4"]}`}},
		"M2M JWT with nothing":        {plain, "", fields{Subject: "mch_1", Machine: "mch_1"}},
		"OAuth JWT with a list":       {scp, "", fields{ID: id, Subject: testUser, User: testUser, Client: "client_1", Scopes: []string{"a", "b"}}},
		"API key, claims that pose":   {"ak_1", posingKey, fields{ID: "ak_id", Subject: "user_1", Name: "CI", User: "user_1", Scopes: []string{"read", "write"}, Claims: posing}},
		"M2M JWT, claims that pose":   {posingJWT, "", fields{ID: id, Subject: "mch_1", Machine: "mch_1", Scopes: []string{"mch_2"}, Claims: `{"claims":` + posing + `,"scopes":"mch_2"}`}},
		"OAuth JWT, claims that pose": {posingOAuth, "", fields{ID: id, Subject: testUser, User: testUser, Client: "client_1", Scopes: []string{"a"}}},
		"OAuth JWT with a text":       {scope, "", fields{Subject: testUser, User: testUser, Scopes: []string{"email", "profile"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newMachineBackend(t, http.StatusOK, test.answer).authenticator(t, everyType())
			got, _ := callThrough(t, a.Middleware, newRequest(t, "/", withBearer(test.token)))
			if got.IsAuthenticated() || got.UserID+got.OrganizationID+got.Subject+got.ID != "" || got.TokenType != SessionToken {
				t.Errorf("an endpoint for sessions got %v", got)
			}
			own, err := a.AuthenticateToken(t.Context(), test.token)
			if err != nil {
				t.Fatal(err)
			}
			test.want.Type, test.want.Presented = formOf(test.token, nil).kind, test.token
			if diff := cmp.Diff(test.want, fieldsOf(t, own)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if own.Claims() != nil || own.Actor != nil || own.OrganizationPermissions() != nil || own.Err() != nil || own.Reason() != "" {
				t.Errorf("a machine's token has what a session has: %v", own)
			}
			if _, err := ClaimsAs[map[string]any](own); !errors.Is(err, ErrNotSignedIn) {
				t.Errorf("ClaimsAs gives %v", err)
			}
			if user, err := CurrentUser(NewContext(t.Context(), own)); user != nil || err != nil {
				t.Errorf("CurrentUser gives %v, %v", user, err)
			}
		})
	}
}
