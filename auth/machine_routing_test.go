package auth

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Only the form of a token decides how it is verified.
func TestMachineTokensAreRoutedByTheirForm(t *testing.T) {
	t.Parallel()
	const broken = "e30.bm9uc2Vuc2U.e30"
	for name, test := range map[string]struct {
		token  string
		kind   TokenType // of its form
		reason Reason    // "" for a valid token
		call   *verifyCall
	}{
		"JWT shape, undecodable":       {token: broken, kind: SessionToken, reason: ReasonTokenInvalid},
		"JWT of a machine":             {token: m2mJWT(t), kind: M2MToken},
		"JWT of an OAuth application":  {token: oauthJWT(t), kind: OAuthToken},
		"with the long type":           {token: oauthJWT(t, withHeader("typ", "application/at+jwt")), kind: OAuthToken},
		"any other JWT":                {token: mint(t), kind: SessionToken, reason: ReasonTokenVerificationFailed},
		"opaque M2M token":             {token: "mt_1", kind: M2MToken, call: &verifyCall{"/m2m_tokens/verify", "secret", `{"token":"mt_1"}`}},
		"opaque OAuth token":           {token: "oat_1", kind: OAuthToken, call: &verifyCall{"/oauth_applications/access_tokens/verify", "secret", `{"access_token":"oat_1"}`}},
		"API key":                      {token: "ak_a/+=", kind: APIKey, call: &verifyCall{"/api_keys/verify", "secret", `{"secret":"ak_a/+="}`}},
		"anything else":                {token: "nonsense", kind: SessionToken, reason: ReasonTokenInvalid},
		"machine and OAuth at once":    {token: oauthJWT(t, withClaim("sub", "mch_1")), kind: M2MToken, reason: ReasonTokenVerificationFailed},
		"subject that is not a string": {token: oauthJWT(t, withClaim("sub", []int{1})), kind: OAuthToken, reason: ReasonTokenVerificationFailed},
		"subject that is a number":     {token: mint(t, withClaim("sub", 7)), kind: SessionToken, reason: ReasonTokenVerificationFailed},
		"prefix in upper case":         {token: "AK_1", kind: SessionToken, reason: ReasonTokenInvalid},
		"prefix before a good JWT":     {token: "mt_" + m2mJWT(t), kind: M2MToken, reason: ReasonTokenInvalid},
		"prefix before a JWT's shape":  {token: "ak_a.b.c", kind: APIKey, reason: ReasonTokenInvalid},
		"machine's JWT with its =":     {token: m2mJWT(t) + "=", kind: SessionToken, reason: ReasonTokenVerificationFailed},
		"type in upper case":           {token: oauthJWT(t, withHeader("typ", "AT+JWT")), kind: SessionToken, reason: ReasonTokenVerificationFailed},
		"empty":                        {token: "", kind: SessionToken, reason: ReasonTokenInvalid},
		"subject that ends with mch_1": {token: mint(t, withClaim("sub", "user_mch_1")), kind: SessionToken, reason: ReasonTokenVerificationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newMachineBackend(t, http.StatusOK, "")
			a := b.authenticator(t, everyType())
			p := formOf(test.token, nil)
			if p.kind != test.kind {
				t.Errorf("its form is of type %q, want %q", p.kind, test.kind)
			}
			found, err := a.machines.verifyToken(t.Context(), p)
			if got := reasonOf(t, err); got != test.reason {
				t.Errorf("reason is %q, want %q", got, test.reason)
			}
			if test.reason == "" && (found == nil || found.kind != test.kind) {
				t.Errorf("found %+v", found)
			}
			got := b.verifyCalls()
			if test.call == nil {
				if len(got) != 0 {
					t.Errorf("Clerk received %v", got)
				}
				return
			}
			if len(got) != 1 || got[0].path != test.call.path || test.call.body != "" && got[0].body != test.call.body {
				t.Errorf("Clerk received %v, want %v", got, *test.call)
			}
		})
	}
}

// The secret key of a machine is used to verify M2M tokens only.
func TestMachineSecretKeyIsForM2MTokens(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		opts []Option
		want [3]bool // verified with the machine's key: mt_, oat_, ak_
	}{
		"with it":    {opts: []Option{WithMachineSecretKey("ak_machine")}, want: [3]bool{true, false, false}},
		"without it": {},
	} {
		b := newMachineBackend(t, http.StatusOK, "")
		a := b.authenticator(t, append(test.opts, everyType())...)
		for i, token := range []string{"mt_1", "oat_1", "ak_1"} {
			t.Run(name+", "+token, func(t *testing.T) {
				if s := stateOf(t, a, newRequest(t, "/", withBearer(token))); s.Status != StatusSignedIn {
					t.Errorf("state is %v, %v", s, s.Err())
				}
				key := b.verifyCalls()[i].key
				if got := key == "Bearer ak_machine"; got != test.want[i] || !got && !strings.HasPrefix(key, "Bearer sk_live_") {
					t.Error("it was verified with another key")
				}
			})
		}
	}
}

// An opaque token reaches Clerk unchanged, whatever it contains.
func TestTokenIsSentUnchanged(t *testing.T) {
	t.Parallel()
	b := newMachineBackend(t, http.StatusOK, "")
	a := b.authenticator(t, everyType())
	for _, token := range []string{`ak_"},{"secret":"ak_2`, "mt_\u2028<>&", "oat_" + strings.Repeat("x", 1000)} {
		if _, err := a.AuthenticateToken(t.Context(), token, anyType); err != nil {
			t.Errorf("%q: %v", token, err)
		}
	}
	var sent []string
	for _, q := range b.verifyCalls() {
		var body map[string]string
		if err := json.Unmarshal([]byte(q.body), &body); err != nil || len(body) != 1 {
			t.Fatalf("the body %q: %v", q.body, err)
		}
		for _, token := range body {
			sent = append(sent, token)
		}
	}
	if diff := cmp.Diff([]string{`ak_"},{"secret":"ak_2`, "mt_\u2028<>&", "oat_" + strings.Repeat("x", 1000)}, sent); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	for _, token := range []string{"ak_\xff", "ak_" + strings.Repeat("x", maxTokenLength)} {
		if _, err := a.AuthenticateToken(t.Context(), token, anyType); reasonOf(t, err) != ReasonTokenInvalid {
			t.Errorf("error is %v", err)
		}
	}
	if got := len(b.verifyCalls()); got != 3 {
		t.Errorf("%d calls, want 3", got)
	}
}

// Neither a token nor a request header decides which server is called.
func TestTokensAndHeadersDoNotChooseTheServer(t *testing.T) {
	t.Parallel()
	var lured atomic.Int32
	trap := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { lured.Add(1) }))
	t.Cleanup(trap.Close)
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	lure := []mintOption{
		withClaim("iss", trap.URL), withHeader("jku", trap.URL), withHeader("x5u", trap.URL), withHeader("kid", trap.URL), withHeader("iss", trap.URL),
	}
	headers := func(r *http.Request) {
		host := trap.Listener.Addr().String()
		for name, value := range map[string]string{
			"X-Forwarded-Host": host, "X-Forwarded-Proto": "http", "Forwarded": "host=" + host, "Origin": trap.URL, "Referer": trap.URL, "Clerk-Proxy-Url": trap.URL,
		} {
			r.Header.Set(name, value)
		}
		r.Host, r.RemoteAddr = host, "127.0.0.1:1"
	}
	for _, token := range []string{mint(t, lure...), m2mJWT(t, lure...), oauthJWT(t, lure...), "ak_" + trap.URL, "oat_" + trap.URL + "/../", "mt_@" + trap.URL} {
		for _, credentials := range []requestOption{withBearer(token), signedInCookie(token), withCookie("__clerk_handshake_nonce", token)} {
			a.Authenticate(newRequest(t, "/", credentials, headers))
		}
	}
	if got := lured.Load(); got != 0 {
		t.Errorf("%d requests went to the server that a token names", got)
	}
}
