package auth

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A response with status 200 does not make a token valid by itself.
func TestMachineTokensThatClerkKnowsButDoesNotHonour(t *testing.T) {
	t.Parallel()
	edited := func(answer, member string, v any) string {
		var all map[string]any
		if err := json.Unmarshal([]byte(answer), &all); err != nil {
			t.Fatal(err)
		}
		all[member] = v
		return string(mustJSON(t, all))
	}
	for name, test := range map[string]struct {
		token, answer string
		want          Reason
		err           error
	}{
		"API key":               {token: "ak_1", answer: goodAPIKey},
		"API key, revoked":      {token: "ak_1", answer: edited(goodAPIKey, "revoked", true), want: ReasonTokenInvalid},
		"API key, expired":      {token: "ak_1", answer: edited(goodAPIKey, "expired", true), want: ReasonTokenInvalid},
		"API key, no subject":   {token: "ak_1", answer: edited(goodAPIKey, "subject", ""), err: ErrVerificationUnavailable},
		"API key, empty answer": {token: "ak_1", answer: `{}`, err: ErrVerificationUnavailable},
		"API key, null":         {token: "ak_1", answer: `null`, err: ErrVerificationUnavailable},
		"API key, a page":       {token: "ak_1", answer: `<html>`, err: ErrVerificationUnavailable},
		"M2M token":             {token: "mt_1", answer: goodM2M},
		"M2M token, revoked":    {token: "mt_1", answer: edited(goodM2M, "revoked", true), want: ReasonTokenInvalid},
		"M2M token, expired":    {token: "mt_1", answer: edited(goodM2M, "expired", true), want: ReasonTokenInvalid},
		"M2M token, no id":      {token: "mt_1", answer: edited(goodM2M, "id", nil), err: ErrVerificationUnavailable},
		"OAuth token":           {token: "oat_1", answer: goodOAuth},
		"OAuth token, revoked":  {token: "oat_1", answer: edited(goodOAuth, "revoked", true), want: ReasonTokenInvalid},
		"OAuth token, expired":  {token: "oat_1", answer: edited(goodOAuth, "expired", true), want: ReasonTokenInvalid},
		"OAuth token, inactive": {token: "oat_1", answer: `{"active":false}`, want: ReasonTokenInvalid},
		"OAuth token, empty":    {token: "oat_1", answer: `{}`, err: ErrVerificationUnavailable},
		"inactive in spite":     {token: "oat_1", answer: edited(goodOAuth, "active", false), want: ReasonTokenInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newMachineBackend(t, http.StatusOK, test.answer).authenticator(t, everyType())
			s := stateOf(t, a, newRequest(t, "/", withBearer(test.token)))
			kind := formOf(test.token, nil).kind
			switch {
			case test.err != nil:
				if s.Status != StatusSignedOut || s.Reason != ReasonUnexpectedError || !errors.Is(s.Err(), test.err) {
					t.Errorf("state is %v, err %v", s, s.Err())
				}
			case s.Err() != nil || s.Reason != test.want || (s.Status == StatusSignedIn) != (test.want == ""):
				t.Errorf("state is %v, err %v, want %q", s, s.Err(), test.want)
			}
			if s.TokenType != kind || s.Auth(Accepts(kind)).IsAuthenticated() != (s.Status == StatusSignedIn) {
				t.Errorf("type %q, auth %v", s.TokenType, s.Auth(Accepts(kind)))
			}
		})
	}
}

// Any other response refuses the token or leaves the request undecided.
func TestMachineTokenErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		reason Reason
		err    error
	}{
		"401, secret key refused": {http.StatusUnauthorized, ReasonSecretKeyInvalid, ErrSecretKey},
		"404, no such token":      {http.StatusNotFound, ReasonTokenInvalid, nil},
		"400, bad request":        {http.StatusBadRequest, ReasonUnexpectedError, nil},
		"403, forbidden":          {http.StatusForbidden, ReasonUnexpectedError, nil},
		"422, unprocessable":      {http.StatusUnprocessableEntity, ReasonUnexpectedError, nil},
		"402, payment required":   {http.StatusPaymentRequired, ReasonUnexpectedError, ErrVerificationUnavailable},
		"429, too many requests":  {http.StatusTooManyRequests, ReasonUnexpectedError, ErrVerificationUnavailable},
		"500":                     {http.StatusInternalServerError, ReasonUnexpectedError, ErrVerificationUnavailable},
		"503":                     {http.StatusServiceUnavailable, ReasonUnexpectedError, ErrVerificationUnavailable},
		"transport":               {0, ReasonUnexpectedError, ErrVerificationUnavailable},
		"301, moved":              {http.StatusMovedPermanently, ReasonUnexpectedError, ErrVerificationUnavailable},
		"304, not modified":       {http.StatusNotModified, ReasonUnexpectedError, ErrVerificationUnavailable},
		"501, not there yet":      {http.StatusNotImplemented, ReasonUnexpectedError, ErrVerificationUnavailable},
	} {
		for what, token := range map[string]string{"API key": "ak_1", "M2M token": "mt_1", "OAuth token": "oat_1"} {
			t.Run(name+"/"+what, func(t *testing.T) {
				t.Parallel()
				text := ""
				switch {
				case test.status == http.StatusNotFound:
					text = "no such " + what
				case test.err == nil:
					text = "refused by Clerk"
				}
				checkMachineError(t, token, text, test.status, test.reason, test.err)
			})
		}
	}
}

// checkMachineError lets Clerk respond with a status, or not at all with 0, and wants
// a reason, a message with text in it, and an error where nothing could be decided.
func checkMachineError(t *testing.T, token, text string, status int, reason Reason, undecided error) {
	t.Helper()
	const problem = `{"errors":[{"code":"c","message":"secret words"}]}`
	b := newRecordingBackend(t, func(w http.ResponseWriter, _ *http.Request) {
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, problem)
	})
	a, kind := b.authenticator(t, everyType()), formOf(token, nil).kind
	r := newRequest(t, "/", withBearer(token))
	got, resp := callThrough(t, a.Middleware, r)
	if got.Reason() != reason || got.Err() != nil {
		t.Errorf("an endpoint for sessions got %v, err %v", got, got.Err())
	}
	s := stateOf(t, a, r)
	own := s.Auth(Accepts(kind))
	if s.Reason != reason || s.TokenType != kind || !errors.Is(own.Err(), undecided) || own.IsAuthenticated() {
		t.Errorf("state is %v, type %q, err %v", s, s.TokenType, own.Err())
	}
	if !strings.Contains(s.Message, text) || (s.Message == "") != (text == "") || s.Header.Get("X-Clerk-Auth-Reason") != string(reason) {
		t.Errorf("the message is %q, want %q in it; header %v", s.Message, text, s.Header)
	}
	if text := resp.Header.Get("X-Clerk-Auth-Message") + s.Message; strings.Contains(text, token) || strings.Contains(text, "secret words") {
		t.Errorf("the message is %q", text)
	}
	want := http.StatusUnauthorized
	if undecided != nil {
		want = http.StatusServiceUnavailable
	}
	denied := serve(t, a.Require(Accepts(kind))(inspect(nil)), r)
	if denied.StatusCode != want {
		t.Errorf("Require responds with %d, want %d", denied.StatusCode, want)
	}
	if resp := serve(t, a.Require()(inspect(nil)), r); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("Require for sessions responds with %d", resp.StatusCode)
	}
	if _, err := own.GetToken(t.Context()); undecided != nil && !errors.Is(err, undecided) || undecided == nil && !errors.Is(err, ErrNotSignedIn) {
		t.Errorf("GetToken returns %v", err)
	}
}

// What is wrong with a machine's JWT has one reason, but for its category.
func TestMachineJWTsAreVerifiedHere(t *testing.T) {
	t.Parallel()
	oauth := func(opts ...mintOption) string { return oauthJWT(t, opts...) }
	m2m := func(opts ...mintOption) string { return m2mJWT(t, opts...) }
	const failed = ReasonTokenVerificationFailed
	for name, test := range map[string]struct {
		token string
		want  Reason
	}{
		"M2M":                           {token: m2m()},
		"M2M, opted out of categories":  {token: m2m(withHeader("cat", categoryIgnore))},
		"M2M, no category":              {token: m2m(withoutHeader("cat"))},
		"M2M, no type":                  {token: m2m(withoutHeader("typ"))},
		"M2M, category of a session":    {m2m(withHeader("cat", categorySession)), ReasonTokenInvalid},
		"M2M, category of a template":   {m2m(withHeader("cat", categoryTemplate)), ReasonTokenInvalid},
		"M2M, category of the future":   {m2m(withHeader("cat", "cl_X")), ReasonTokenInvalid},
		"M2M, category before all else": {m2m(withHeader("cat", "cl_X"), withHeader("alg", "none")), ReasonTokenInvalid},
		"M2M, odd type":                 {m2m(withHeader("typ", "jwt")), failed},
		"M2M, OAuth type":               {m2m(withHeader("typ", "at+jwt")), failed},
		"M2M, no algorithm":             {m2m(withHeader("alg", "none")), failed},
		"M2M, unknown key":              {m2m(withHeader("kid", "x")), failed},
		"M2M, forged":                   {m2m(signedBy(otherKey())), failed},
		"M2M, expired":                  {m2m(withClaim("exp", testNow.Unix()-60)), failed},
		"M2M, no expiry":                {m2m(withoutClaim("exp")), failed},
		"M2M, early":                    {m2m(withClaim("nbf", testNow.Unix()+60)), failed},
		"M2M, from the future":          {m2m(withClaim("iat", testNow.Unix()+60)), failed},
		"M2M, another audience":         {m2m(withClaim("aud", "b")), failed},
		"M2M, the audience":             {token: m2m(withClaim("aud", []string{"a", "m"}))},
		"OAuth":                         {token: oauth()},
		"OAuth, long type":              {token: oauth(withHeader("typ", "application/at+jwt"))},
		"OAuth, any category":           {token: oauth(withHeader("cat", categoryTemplate))},
		"OAuth, no subject":             {oauth(withoutClaim("sub")), failed},
		"OAuth, forged":                 {oauth(signedBy(otherKey())), failed},
		"OAuth, unknown key":            {oauth(withHeader("kid", "x")), failed},
		"OAuth, expired":                {oauth(withClaim("exp", testNow.Unix()-60)), failed},
		"OAuth, another audience":       {oauth(withClaim("aud", "b")), failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newMachineBackend(t, http.StatusOK, "")
			// What concerns sessions does not concern machines.
			a := b.authenticator(t, everyType(), WithAuthorizedParties(testParty), WithRequiredAudience("s"), WithMachineAudience("m"))
			s := stateOf(t, a, newRequest(t, "/", withBearer(test.token)))
			if s.Reason != test.want || s.Err() != nil || (s.Status == StatusSignedIn) != (test.want == "") {
				t.Errorf("state is %v, err %v, want %q", s, s.Err(), test.want)
			}
			if asked := b.questions(); len(asked) != 0 {
				t.Errorf("Clerk was asked %v", asked)
			}
		})
	}
	strict := newTestAuthenticator(t, WithAcceptedTokens(SessionToken, M2MToken), WithIssuer("https://clerk.other.example"))
	if _, err := strict.AuthenticateToken(t.Context(), m2m()); reasonOf(t, err) != failed {
		t.Errorf("a token of another issuer returns %v", err)
	}
}

// Keys that are out of reach leave open who sent a machine's JWT.
func TestMachineJWTWithoutKeysIsUndecided(t *testing.T) {
	t.Parallel()
	b := newBackend(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	a := b.authenticator(t, everyType())
	for _, token := range []string{m2mJWT(t), oauthJWT(t)} {
		s := stateOf(t, a, newRequest(t, "/", withBearer(token)))
		if s.Reason != ReasonTokenVerificationFailed || !errors.Is(s.Err(), ErrKeysUnavailable) {
			t.Errorf("state is %v, err %v", s, s.Err())
		}
	}
}

// fields are what an Auth reports about a machine's token.
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
				t.Errorf("ClaimsAs returns %v", err)
			}
			if user, err := CurrentUser(NewContext(t.Context(), own)); user != nil || err != nil {
				t.Errorf("CurrentUser returns %v, %v", user, err)
			}
		})
	}
}
