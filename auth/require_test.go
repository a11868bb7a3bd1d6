package auth

import (
	"net/http"
	"testing"
	"time"
)

func TestRequireChecksEveryRequirement(t *testing.T) {
	t.Parallel()
	admin := withBearer(mint(t, withClaims(map[string]any{"v": 1, "org_id": "org_1", "org_role": "admin", "fva": []int{99, -1}})))
	pending := withBearer(mint(t, withClaims(map[string]any{"v": 1, "org_id": "org_1", "org_role": "admin", "sts": "pending"})))
	noToken := withField("X", "")
	tests := map[string]struct {
		reqs    []Requirement
		request requestOption
		status  int
		reason  string // of a reverification
	}{
		"no requirement, signed in":          {request: admin, status: http.StatusOK},
		"no requirement, signed out":         {request: noToken, status: http.StatusUnauthorized},
		"no requirement, bad token":          {request: withBearer("x"), status: http.StatusUnauthorized},
		"no requirement, machine token":      {request: withBearer("ak_1"), status: http.StatusUnauthorized},
		"no requirement, pending":            {request: pending, status: http.StatusUnauthorized},
		"preflight":                          {request: withMethod(http.MethodOptions), status: http.StatusUnauthorized},
		"role":                               {reqs: []Requirement{Role("org:admin")}, request: admin, status: http.StatusOK},
		"role, signed out":                   {reqs: []Requirement{Role("org:admin")}, request: noToken, status: http.StatusUnauthorized},
		"role, pending":                      {reqs: []Requirement{Role("org:admin")}, request: pending, status: http.StatusUnauthorized},
		"role, another":                      {reqs: []Requirement{Role("org:owner")}, request: admin, status: http.StatusForbidden},
		"two, one fails":                     {reqs: []Requirement{Role("org:admin"), Permission("org:a:b")}, request: admin, status: http.StatusForbidden},
		"reverification":                     {reqs: []Requirement{Reverified(Lax)}, request: admin, status: http.StatusOK},
		"reverification missing":             {reqs: []Requirement{Reverified(StrictMFA)}, request: admin, status: http.StatusForbidden, reason: `"strict_mfa"`},
		"own reverification missing":         {reqs: []Requirement{ReverifiedWithin(FirstFactor, 90*time.Second)}, request: admin, status: http.StatusForbidden, reason: `{"level":"first_factor","afterMinutes":1.5}`},
		"first of two reverifications":       {reqs: []Requirement{Reverified(Lax), Reverified(Moderate), Reverified(Strict)}, request: admin, status: http.StatusForbidden, reason: `"moderate"`},
		"reverification missing, role good":  {reqs: []Requirement{Reverified(Strict), Role("admin")}, request: admin, status: http.StatusForbidden, reason: `"strict"`},
		"reverification missing, role too":   {reqs: []Requirement{Reverified(Strict), Role("owner")}, request: admin, status: http.StatusForbidden},
		"reverification missing, signed out": {reqs: []Requirement{Reverified(Strict)}, request: noToken, status: http.StatusUnauthorized},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got *Auth
			next := inspect(func(r *http.Request) { got = FromContext(r.Context()) })
			resp := serve(t, newTestAuthenticator(t).Require(test.reqs...)(next), newRequest(t, "/", test.request))
			if resp.StatusCode != test.status || (got != nil) != (test.status == http.StatusOK) {
				t.Fatalf("status %d, want %d; the handler got %v", resp.StatusCode, test.status, got)
			}
			if got != nil {
				if got.UserID != testUser {
					t.Errorf("user is %q", got.UserID)
				}
				return
			}
			checkDenial(t, resp, test.reason)
		})
	}
}

func TestRequireRespondsWith503WhenUndecided(t *testing.T) {
	t.Parallel()
	b := newBackend(t, badGateway)
	protect := b.authenticator(t).Require(Role("admin"), Reverified(Strict))
	resp := serve(t, protect(inspect(func(*http.Request) { t.Error("the handler ran") })), newRequest(t, "/", withBearer(mint(t))))
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", resp.StatusCode)
	}
	checkDenial(t, resp, "")
	if resp := serve(t, protect(inspect(nil)), newRequest(t, "/")); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token the status is %d, want 401", resp.StatusCode)
	}
}

func TestMisconfiguredRequireRespondsWith500(t *testing.T) {
	t.Parallel()
	var a *Authenticator
	resp := serve(t, a.Require()(inspect(func(*http.Request) { t.Error("the handler ran") })), newRequest(t, "/", withBearer(mint(t))))
	if resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("status %d, want 500", resp.StatusCode)
	}
}

func TestRequireInsideMiddlewareAuthenticatesOnce(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	keys := &countingKeys{keySource: a.tokens.keys}
	a.tokens.keys = keys
	h := a.Middleware(a.Require()(a.Require(Feature("x"))(inspect(nil))))
	resp := serve(t, h, newRequest(t, "/", withBearer(mint(t, withClaim("fea", "u:x")))))
	if resp.StatusCode != http.StatusOK || keys.calls != 1 {
		t.Errorf("status %d after %d verifications, want 200 after 1", resp.StatusCode, keys.calls)
	}
}

// A request that passed another Authenticator does not pass this one.
func TestRequireIgnoresTheResultOfAnotherAuthenticator(t *testing.T) {
	t.Parallel()
	lenient := newTestAuthenticator(t)
	strict := newTestAuthenticator(t, WithAuthorizedParties("https://b.example"))
	h := lenient.Middleware(strict.Require()(inspect(func(*http.Request) { t.Error("the handler ran") })))
	if resp := serve(t, h, newRequest(t, "/", withBearer(mint(t)))); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d, want 401", resp.StatusCode)
	}
	signedIn, err := strict.AuthenticateToken(t.Context(), mint(t, withClaim("azp", "https://b.example")))
	if err != nil {
		t.Fatal(err)
	}
	r := newRequest(t, "/")
	if resp := serve(t, strict.Require()(inspect(nil)), r.WithContext(NewContext(r.Context(), signedIn))); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("with an Auth of NewContext the status is %d, want 401", resp.StatusCode)
	}
}

func TestRequireOfMachines(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	session, key, noToken := withBearer(mint(t)), withBearer("ak_1"), withField("X", "")
	for name, test := range map[string]struct {
		reqs    []Requirement
		request requestOption
		want    int
	}{
		"no requirement, API key":      {nil, key, http.StatusUnauthorized},
		"API keys, API key":            {[]Requirement{Accepts(APIKey)}, key, http.StatusOK},
		"API keys, session":            {[]Requirement{Accepts(APIKey)}, session, http.StatusUnauthorized},
		"API keys, no token":           {[]Requirement{Accepts(APIKey)}, noToken, http.StatusUnauthorized},
		"either, session":              {[]Requirement{Accepts(APIKey, SessionToken)}, session, http.StatusOK},
		"either, API key":              {[]Requirement{Accepts(APIKey, SessionToken)}, key, http.StatusOK},
		"either, M2M token":            {[]Requirement{Accepts(APIKey, SessionToken)}, withBearer("mt_1"), http.StatusUnauthorized},
		"scope":                        {[]Requirement{Accepts(APIKey), Scope("read")}, key, http.StatusOK},
		"scope before accepted types":  {[]Requirement{Scope("read"), Accepts(APIKey)}, key, http.StatusOK},
		"scope that is missing":        {[]Requirement{Accepts(APIKey), Scope("delete")}, key, http.StatusForbidden},
		"scope of a session":           {[]Requirement{Accepts(APIKey, SessionToken), Scope("read")}, session, http.StatusForbidden},
		"role of an API key":           {[]Requirement{Accepts(APIKey, SessionToken), Role("org:admin")}, key, http.StatusForbidden},
		"reverification of an API key": {[]Requirement{Accepts(APIKey, SessionToken), Reverified(Lax)}, key, http.StatusForbidden},
		"accepted twice, in common":    {[]Requirement{Accepts(APIKey, M2MToken), Accepts(APIKey)}, key, http.StatusOK},
		"pointer to accepted types":    {[]Requirement{new(Accepts(APIKey))}, key, http.StatusOK},
		"M2M token that is forged":     {[]Requirement{Accepts(M2MToken)}, withBearer(m2mJWT(t, signedBy(otherKey()))), http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			called := false
			resp := serve(t, a.Require(test.reqs...)(inspect(func(*http.Request) { called = true })), newRequest(t, "/", test.request))
			if resp.StatusCode != test.want || called != (test.want == http.StatusOK) {
				t.Fatalf("status %d, want %d; next was called: %v", resp.StatusCode, test.want, called)
			}
			if !called {
				checkDenial(t, resp, "")
			}
		})
	}
}
