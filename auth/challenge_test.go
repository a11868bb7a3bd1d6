package auth

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestChallengeSaysWhatTheClientLacks(t *testing.T) {
	t.Parallel()
	const metadata = `resource_metadata="` + testDocument + `"`
	const invalid = `Bearer error="invalid_token", error_description="`
	mine := withClaim("aud", testResource)
	lacking := withBearer(oauthJWT(t, mine, withClaim("scope", "other")))
	full := withBearer(oauthJWT(t, mine, withClaim("scope", "reports:read")))
	oauth, scoped := Accepts(OAuthToken), Scope("reports:read")
	either := Accepts(SessionToken, OAuthToken)
	a := resourceAuthenticator(t)
	unknown := newMachineBackend(t, http.StatusNotFound, `{"errors":[{"code":"x"}]}`).authenticator(t, everyType(), WithResource(testResource))
	revoked := newMachineBackend(t, http.StatusOK, edited(t, goodOAuth, "revoked", true)).authenticator(t, everyType(), WithResource(testResource))
	inactive := newMachineBackend(t, http.StatusOK, edited(t, goodOAuth, "active", false)).authenticator(t, everyType(), WithResource(testResource))
	down := newBackend(t, badGateway).authenticator(t, everyType(), WithResource(testResource))
	clerkDown := newMachineBackend(t, http.StatusBadGateway, "{}").authenticator(t, everyType(), WithResource(testResource))
	none := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	no := If(func(*Auth) bool { return false })
	for name, test := range map[string]struct {
		a       *Authenticator
		reqs    []Requirement
		request []requestOption
		status  int
		want    string // "…" stands for a description
	}{
		"guest":                    {a, []Requirement{oauth}, nil, 401, "Bearer " + metadata},
		"another scheme":           {a, []Requirement{oauth}, []requestOption{withField("Authorization", "Basic eA==")}, 401, "Bearer " + metadata},
		"session":                  {a, []Requirement{oauth}, []requestOption{withBearer(mint(t))}, 401, invalid + `…", ` + metadata},
		"garbage":                  {a, []Requirement{oauth}, []requestOption{withBearer("x")}, 401, invalid + `…", ` + metadata},
		"two tokens":               {a, []Requirement{oauth}, []requestOption{withBearer("x"), withField("Authorization", "Bearer y")}, 401, invalid + `…", ` + metadata},
		"expired":                  {a, []Requirement{oauth}, []requestOption{withBearer(oauthJWT(t, mine, withClaim("exp", testNow.Unix()-60)))}, 401, invalid + `…", ` + metadata},
		"for another resource":     {a, []Requirement{oauth}, []requestOption{withBearer(oauthJWT(t, withClaim("aud", "https://other.example")))}, 401, invalid + `…", ` + metadata},
		"unknown":                  {unknown, []Requirement{oauth}, []requestOption{withBearer("oat_1")}, 401, invalid + `…", ` + metadata},
		"revoked":                  {revoked, []Requirement{oauth}, []requestOption{withBearer("oat_1")}, 401, invalid + `…", ` + metadata},
		"inactive":                 {inactive, []Requirement{oauth}, []requestOption{withBearer("oat_1")}, 401, invalid + `…", ` + metadata},
		"guest at a scope":         {a, []Requirement{oauth, scoped}, nil, 401, "Bearer " + metadata + `, scope="reports:read"`},
		"garbage at a scope":       {a, []Requirement{oauth, scoped}, []requestOption{withBearer("x")}, 401, invalid + `…", ` + metadata + `, scope="reports:read"`},
		"without the scope":        {a, []Requirement{oauth, scoped}, []requestOption{lacking}, 403, `Bearer error="insufficient_scope", scope="reports:read", ` + metadata},
		"one of two scopes":        {a, []Requirement{oauth, scoped, Scope("b")}, []requestOption{full}, 403, `Bearer error="insufficient_scope", scope="reports:read b", ` + metadata},
		"the same scope twice":     {a, []Requirement{oauth, scoped, scoped}, []requestOption{lacking}, 403, `Bearer error="insufficient_scope", scope="reports:read", ` + metadata},
		"scope, and If is false":   {a, []Requirement{oauth, scoped, no}, []requestOption{full}, 403, ""},
		"nothing but If":           {a, []Requirement{oauth, no}, []requestOption{full}, 403, ""},
		"neither scope nor If":     {a, []Requirement{oauth, scoped, no}, []requestOption{lacking}, 403, ""},
		"any scope":                {a, []Requirement{oauth, AnyOf(Scope("a"), Scope("b"))}, []requestOption{lacking}, 403, `Bearer error="insufficient_scope", scope="a b", ` + metadata},
		"any scope, guest":         {a, []Requirement{oauth, AnyOf(Scope("a"), Scope("b"))}, nil, 401, "Bearer " + metadata + `, scope="a b"`},
		"a role or a scope":        {a, []Requirement{either, AnyOf(Role("org:admin"), Scope("a"))}, []requestOption{lacking}, 403, `Bearer error="insufficient_scope", ` + metadata},
		"a role or a scope, guest": {a, []Requirement{either, AnyOf(Role("org:admin"), Scope("a"))}, nil, 401, "Bearer " + metadata},
		"a branch of two":          {a, []Requirement{oauth, AnyOf(AllOf(Scope("a"), no), Scope("b"))}, []requestOption{lacking}, 403, `Bearer error="insufficient_scope", scope="a b", ` + metadata},
		"scope with a quote":       {a, []Requirement{oauth, Scope(`a"b`)}, []requestOption{lacking}, 403, `Bearer error="insufficient_scope", ` + metadata},
		"keys down":                {down, []Requirement{oauth}, []requestOption{full}, 503, ""},
		"Clerk down":               {clerkDown, []Requirement{oauth}, []requestOption{withBearer("oat_1")}, 503, ""},
		"endpoint for sessions":    {a, nil, nil, 401, "Bearer"},
		"sessions, bad token":      {a, nil, []requestOption{withBearer("x")}, 401, `Bearer error="invalid_token"`},
		"reverification":           {a, []Requirement{Reverified(Strict)}, []requestOption{withBearer(mint(t, withClaim("fva", []int{99, 99})))}, 403, ""},

		"no resource, guest":            {none, []Requirement{oauth}, nil, 401, "Bearer"},
		"no resource, bad token":        {none, []Requirement{oauth}, []requestOption{withBearer("x")}, 401, `Bearer error="invalid_token"`},
		"no resource, scope":            {none, []Requirement{oauth, scoped}, []requestOption{lacking}, 403, `Bearer error="insufficient_scope", scope="reports:read"`},
		"no resource, guest at a scope": {none, []Requirement{oauth, scoped}, nil, 401, "Bearer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := serve(t, test.a.Require(test.reqs...)(http.NotFoundHandler()), newRequest(t, "/mcp", test.request...))
			got := response.Header.Get("WWW-Authenticate")
			if before, after, described := strings.Cut(test.want, "…"); response.StatusCode != test.status || !strings.HasPrefix(got, before) || !strings.HasSuffix(got, after) ||
				described && len(got) <= len(test.want) || !described && got != test.want {
				t.Errorf("status %d, %s, want %d, %s", response.StatusCode, got, test.status, test.want)
			}
			exposed := response.Header.Get("Access-Control-Expose-Headers") == "WWW-Authenticate"
			if want := strings.Contains(test.want, metadata); exposed != want {
				t.Errorf("pages may read the field: %t, want %t", exposed, want)
			}
			if len(response.Header["Www-Authenticate"]) > 1 {
				t.Errorf("%q are several challenges", response.Header["Www-Authenticate"])
			}
		})
	}
}

// An endpoint without sessions leads nobody to the sign-in page, which could not help.
func TestPageLoadAtAResourceIsChallenged(t *testing.T) {
	t.Parallel()
	a := resourceAuthenticator(t, WithSignInRedirect())
	response := serve(t, a.Require(Accepts(OAuthToken))(http.NotFoundHandler()), newRequest(t, "/mcp", asPageLoad))
	if response.StatusCode != http.StatusUnauthorized || !strings.Contains(response.Header.Get("WWW-Authenticate"), testDocument) {
		t.Errorf("status %d, %v", response.StatusCode, response.Header)
	}
}

func TestRefusalHoldsTheChallenge(t *testing.T) {
	t.Parallel()
	var challenge, header string
	a := resourceAuthenticator(t, WithRefusal(func(w http.ResponseWriter, _ *http.Request, f *Refusal) {
		challenge, header = f.Challenge, w.Header().Get("WWW-Authenticate")
	}))
	serve(t, a.Require(Accepts(OAuthToken))(http.NotFoundHandler()), newRequest(t, "/mcp"))
	if want := `Bearer resource_metadata="` + testDocument + `"`; challenge != want || header != want {
		t.Errorf("the refusal holds %q and the header %q, want %q", challenge, header, want)
	}
}

// A message that is made of what a token says ends up in one legal field, or in none.
func TestMessageBecomesOneLegalField(t *testing.T) {
	t.Parallel()
	c := challenges{document: testDocument}
	r := newRequest(t, "/mcp", withBearer("x"))
	for message, want := range map[string]string{
		`aud is "x\y"`:   `error_description="aud is \"x\\y\"", `,
		"plain":          `error_description="plain", `,
		"two\r\nlines":   "",
		"a\x00b":         "",
		"café":           "",
		"":               "",
		`", error="none`: `error_description="\", error=\"none", `,
	} {
		w, f := httptest.NewRecorder(), &Refusal{Status: http.StatusUnauthorized, Message: message}
		c.add(w.Header(), f, &Auth{}, r)
		if whole := `Bearer error="invalid_token", ` + want + `resource_metadata="` + testDocument + `"`; f.Challenge != whole {
			t.Errorf("%q: %s, want %s", message, f.Challenge, whole)
		}
	}
}

// FuzzChallenge checks that no message can add a parameter or a line.
func FuzzChallenge(f *testing.F) {
	f.Add(`a"b\c`, "a b")
	f.Add("\r\nSet-Cookie: a=b", `"`)
	f.Fuzz(func(t *testing.T, message, scope string) {
		c := newChallenges(nil, newConjunction([]Requirement{Accepts(OAuthToken), Scope(scope)}), acceptance{})
		c.document = testDocument
		refused := &Refusal{Status: http.StatusUnauthorized, Message: message}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer x")
		c.add(http.Header{}, refused, &Auth{}, r)
		names := namesOfParameters(t, strings.TrimPrefix(refused.Challenge, "Bearer "))
		allowed := map[string]bool{"error": true, "error_description": true, "resource_metadata": true, "scope": true}
		for _, name := range names {
			if !allowed[name] {
				t.Fatalf("%q has the parameter %q", refused.Challenge, name)
			}
			allowed[name] = false
		}
	})
}

// namesOfParameters reads name="value" pairs as RFC 9110 has them.
func namesOfParameters(t *testing.T, text string) (names []string) {
	t.Helper()
	for text != "" {
		name, rest, found := strings.Cut(text, `="`)
		if !found {
			t.Fatalf("%q has no value", text)
		}
		names = append(names, name)
		i := 0
		for ; i < len(rest) && rest[i] != '"'; i++ {
			if rest[i] == '\\' {
				i++
			}
			if i < len(rest) && (rest[i] < ' ' || rest[i] > '~') {
				t.Fatalf("%q has a character that no field has", text)
			}
		}
		if i >= len(rest) {
			t.Fatalf("%q does not end", text)
		}
		text = strings.TrimPrefix(rest[i+1:], ", ")
	}
	return names
}

// Servers end sockets and streams by the end of an OAuth token, of either form.
func TestEndAndActorOfTheTokensOfAResource(t *testing.T) {
	t.Parallel()
	end := testNow.Add(time.Hour)
	member := `,"aud":"` + testResource + `"}`
	without := newMachineBackend(t, http.StatusOK, strings.TrimSuffix(edited(t, goodOAuth, "expiration", nil), "}")+member).authenticator(t, everyType(), WithResource(testResource))
	with := newMachineBackend(t, http.StatusOK, strings.TrimSuffix(edited(t, goodOAuth, "expiration", end.UnixMilli()), "}")+member).authenticator(t, everyType(), WithResource(testResource))
	act := withClaim("act", map[string]any{"sub": "user_9"})
	for name, test := range map[string]struct {
		a     *Authenticator
		token string
		want  time.Time
		actor bool
	}{
		"JWT":                      {with, oauthJWT(t, withClaim("aud", testResource), withClaim("exp", end.Unix())), end, false},
		"JWT with an actor":        {with, oauthJWT(t, withClaim("aud", testResource), withClaim("exp", end.Unix()), act), end, true},
		"opaque":                   {with, "oat_1", end, false},
		"opaque that does not end": {without, "oat_1", time.Time{}, false},
	} {
		got, err := test.a.AuthenticateToken(t.Context(), test.token, Accepts(OAuthToken))
		if err != nil || !got.ExpiresAt().Equal(test.want) || (got.Actor != nil) != test.actor {
			t.Errorf("%s: %v until %v, %v, want until %v", name, got, got.ExpiresAt(), err, test.want)
		}
	}
}
