package auth

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A response with status 200 does not make a token valid.
func TestMachineTokensWithStatus200(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		token, body string
		want        Reason
		err         error
	}{
		"API key":                       {token: "ak_1", body: goodAPIKey},
		"API key, revoked":              {token: "ak_1", body: edited(t, goodAPIKey, "revoked", true), want: ReasonTokenInvalid},
		"API key, expired":              {token: "ak_1", body: edited(t, goodAPIKey, "expired", true), want: ReasonTokenInvalid},
		"API key, no subject":           {token: "ak_1", body: edited(t, goodAPIKey, "subject", ""), err: ErrVerificationUnavailable},
		"API key, empty object":         {token: "ak_1", body: `{}`, err: ErrVerificationUnavailable},
		"API key, null":                 {token: "ak_1", body: `null`, err: ErrVerificationUnavailable},
		"API key, HTML":                 {token: "ak_1", body: `<html>`, err: ErrVerificationUnavailable},
		"M2M token":                     {token: "mt_1", body: goodM2M},
		"M2M token, revoked":            {token: "mt_1", body: edited(t, goodM2M, "revoked", true), want: ReasonTokenInvalid},
		"M2M token, expired":            {token: "mt_1", body: edited(t, goodM2M, "expired", true), want: ReasonTokenInvalid},
		"M2M token, no id":              {token: "mt_1", body: edited(t, goodM2M, "id", nil), err: ErrVerificationUnavailable},
		"OAuth token":                   {token: "oat_1", body: goodOAuth},
		"OAuth token, revoked":          {token: "oat_1", body: edited(t, goodOAuth, "revoked", true), want: ReasonTokenInvalid},
		"OAuth token, expired":          {token: "oat_1", body: edited(t, goodOAuth, "expired", true), want: ReasonTokenInvalid},
		"OAuth token, inactive":         {token: "oat_1", body: `{"active":false}`, want: ReasonTokenInvalid},
		"OAuth token, empty object":     {token: "oat_1", body: `{}`, err: ErrVerificationUnavailable},
		"inactive, but otherwise valid": {token: "oat_1", body: edited(t, goodOAuth, "active", false), want: ReasonTokenInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newMachineBackend(t, http.StatusOK, test.body).authenticator(t, everyType())
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

// A response with another status refuses the token or leaves the request undecided.
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
				told := ""
				switch {
				case test.status == http.StatusNotFound:
					told = "no such " + what
				case test.err == nil:
					told = "refused by Clerk"
				}
				checkMachineError(t, token, told, test.status, test.reason, test.err)
			})
		}
	}
}

// checkMachineError lets Clerk respond with status, or not at all for 0, and checks
// that the message contains told and that undecided is the error.
func checkMachineError(t *testing.T, token, told string, status int, reason Reason, undecided error) {
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
	if !strings.Contains(s.Message, told) || (s.Message == "") != (told == "") || s.Header.Get("X-Clerk-Auth-Reason") != string(reason) {
		t.Errorf("the message is %q, want %q in it; header %v", s.Message, told, s.Header)
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

// All faults of a machine's JWT have one reason, except those of its category.
func TestMachineJWTsAreVerifiedHere(t *testing.T) {
	t.Parallel()
	aud := []mintOption{withClaim("aud", "m")}
	oauth := func(opts ...mintOption) string { return oauthJWT(t, append(aud, opts...)...) }
	m2m := func(opts ...mintOption) string { return m2mJWT(t, append(aud, opts...)...) }
	const failed = ReasonTokenVerificationFailed
	for name, test := range map[string]struct {
		token string
		want  Reason
	}{
		"M2M":                          {token: m2m()},
		"M2M, opted out of categories": {token: m2m(withHeader("cat", categoryIgnore))},
		"M2M, no category":             {token: m2m(withoutHeader("cat"))},
		"M2M, no type":                 {token: m2m(withoutHeader("typ"))},
		"M2M, category of a session":   {m2m(withHeader("cat", categorySession)), ReasonTokenInvalid},
		"M2M, category of a template":  {m2m(withHeader("cat", categoryTemplate)), ReasonTokenInvalid},
		"M2M, unknown category":        {m2m(withHeader("cat", "cl_X")), ReasonTokenInvalid},
		"M2M, category checked first":  {m2m(withHeader("cat", "cl_X"), withHeader("alg", "none")), ReasonTokenInvalid},
		"M2M, odd type":                {m2m(withHeader("typ", "jwt")), failed},
		"M2M, OAuth type":              {m2m(withHeader("typ", "at+jwt")), failed},
		"M2M, no algorithm":            {m2m(withHeader("alg", "none")), failed},
		"M2M, unknown key":             {m2m(withHeader("kid", "x")), failed},
		"M2M, forged":                  {m2m(signedBy(otherKey())), failed},
		"M2M, expired":                 {m2m(withClaim("exp", testNow.Unix()-60)), failed},
		"M2M, no expiry":               {m2m(withoutClaim("exp")), failed},
		"M2M, early":                   {m2m(withClaim("nbf", testNow.Unix()+60)), failed},
		"M2M, from the future":         {m2m(withClaim("iat", testNow.Unix()+60)), failed},
		"M2M, another audience":        {m2m(withClaim("aud", "b")), failed},
		"M2M, the audience":            {token: m2m(withClaim("aud", []string{"a", "m"}))},
		"OAuth":                        {token: oauth()},
		"OAuth, long type":             {token: oauth(withHeader("typ", "application/at+jwt"))},
		"OAuth, any category":          {token: oauth(withHeader("cat", categoryTemplate))},
		"OAuth, no subject":            {oauth(withoutClaim("sub")), failed},
		"OAuth, forged":                {oauth(signedBy(otherKey())), failed},
		"OAuth, unknown key":           {oauth(withHeader("kid", "x")), failed},
		"OAuth, expired":               {oauth(withClaim("exp", testNow.Unix()-60)), failed},
		"OAuth, another audience":      {oauth(withClaim("aud", "b")), failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newMachineBackend(t, http.StatusOK, "")
			// Options for sessions do not apply to machines.
			a := b.authenticator(t, everyType(), WithAuthorizedParties(testParty), WithRequiredAudience("s"), WithMachineAudience("m"))
			s := stateOf(t, a, newRequest(t, "/", withBearer(test.token)))
			if s.Reason != test.want || s.Err() != nil || (s.Status == StatusSignedIn) != (test.want == "") {
				t.Errorf("state is %v, err %v, want %q", s, s.Err(), test.want)
			}
			if calls := b.verifyCalls(); len(calls) != 0 {
				t.Errorf("Clerk received %v", calls)
			}
		})
	}
	strict := newTestAuthenticator(t, WithAcceptedTokens(SessionToken, M2MToken), WithIssuer("https://clerk.other.example"))
	if _, err := strict.AuthenticateToken(t.Context(), m2m(), anyType); reasonOf(t, err) != failed {
		t.Errorf("for a token of another issuer the error is %v", err)
	}
}

// Without keys, a request with a machine's JWT is undecided.
func TestMachineJWTWithoutKeysIsUndecided(t *testing.T) {
	t.Parallel()
	b := newBackend(t, badGateway)
	a := b.authenticator(t, everyType())
	for _, token := range []string{m2mJWT(t), oauthJWT(t)} {
		s := stateOf(t, a, newRequest(t, "/", withBearer(token)))
		if s.Reason != ReasonTokenVerificationFailed || !errors.Is(s.Err(), ErrKeysUnavailable) {
			t.Errorf("state is %v, err %v", s, s.Err())
		}
	}
}

// Without a client, a token that only Clerk can verify leaves the request undecided.
func TestOpaqueTokenWithoutClientIsUndecided(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t, WithAcceptedTokens(M2MToken, OAuthToken))
	for _, token := range []string{"mt_1", "oat_1"} {
		s := stateOf(t, a, newRequest(t, "/", withBearer(token)))
		if !errors.Is(s.Err(), ErrNoClient) || s.Reason != ReasonUnexpectedError {
			t.Errorf("state is %v, err %v", s, s.Err())
		}
	}
	if _, err := a.VerifyToken(t.Context(), mint(t)); reasonOf(t, err) != ReasonTokenTypeMismatch {
		t.Errorf("a session token where only machines are accepted: %v", err)
	}
}

// Opaque tokens are verified with Clerk on every request, so revoking one takes effect at once.
func TestVerificationsAreNotCached(t *testing.T) {
	t.Parallel()
	revoked := false
	b := newRecordingBackend(t, func(w http.ResponseWriter, r *http.Request) {
		body := goodAPIKey
		if revoked {
			body = strings.Replace(body, `"revoked":false`, `"revoked":true`, 1)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(body))
	})
	a := b.authenticator(t, everyType())
	if _, err := a.AuthenticateToken(t.Context(), "ak_1", anyType); err != nil {
		t.Fatal(err)
	}
	revoked = true
	if _, err := a.AuthenticateToken(t.Context(), "ak_1", anyType); reasonOf(t, err) != ReasonTokenInvalid {
		t.Errorf("after the revocation: %v", err)
	}
}

// edited returns a JSON object with another value for one of its members.
func edited(t *testing.T, body, member string, v any) string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(body), &all); err != nil {
		t.Fatal(err)
	}
	all[member] = v
	return string(mustJSON(t, all))
}
