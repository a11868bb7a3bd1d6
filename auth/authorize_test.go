package auth

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Authorize decides as Require does, for every requirement and every caller.
func TestAuthorizeAgreesWithRequire(t *testing.T) {
	t.Parallel()
	member := map[string]any{"v": 1, "org_id": "org_1", "org_role": "admin", "org_permissions": []string{"org:a:b"}, "fea": "o:f", "pla": "u:p", "fva": []int{0, 0}}
	good := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	busy := newRecordingBackend(t, badGateway).authenticator(t, everyType())
	down := newBackend(t, badGateway).authenticator(t, everyType())
	callers := map[string]struct {
		a       *Authenticator
		request requestOption
	}{
		"guest":                {good, withField("X", "")},
		"bad":                  {good, withBearer("x")},
		"forged":               {good, withBearer(mint(t, signedBy(otherKey())))},
		"pending":              {good, withBearer(mint(t, withClaims(member), withClaim("sts", "pending")))},
		"session with":         {good, withBearer(mint(t, withClaims(member)))},
		"session without":      {good, withBearer(mint(t))},
		"session by cookie":    {good, signedInCookies(t, withClaims(member))},
		"API key":              {good, withBearer("ak_1")},
		"M2M":                  {good, withBearer("mt_1")},
		"M2M JWT":              {good, withBearer(m2mJWT(t))},
		"OAuth":                {good, withBearer("oat_1")},
		"outage of keys":       {down, withBearer(mint(t, withClaims(member)))},
		"outage of machines":   {busy, withBearer("ak_1")},
		"session, when busy":   {busy, withBearer(mint(t, withClaims(member)))},
		"guest, when all down": {down, withField("X", "")},
	}
	requirements := map[string][]Requirement{
		"none": nil, "Role": {Role("admin")}, "Permission": {Permission("a:b")}, "Feature": {Feature("f")}, "Plan": {Plan("p")},
		"Scope": {Scope("read")}, "Reverified": {Reverified(StrictMFA)}, "ReverifiedWithin": {ReverifiedWithin(FirstFactor, time.Minute)},
		"If true": {If(func(a *Auth) bool { return a.IsAuthenticated() })}, "If false": {If(func(*Auth) bool { return false })},
		"sessions": {Accepts(SessionToken)}, "API keys": {Accepts(APIKey)}, "API keys with a scope": {Accepts(APIKey), Scope("read")},
		"machines": {Accepts(APIKey, M2MToken, OAuthToken)}, "several": {Role("admin"), Feature("f"), Reverified(Lax)},
		"AnyOf":  {AnyOf(AllOf(Accepts(SessionToken), Role("admin")), AllOf(Accepts(APIKey), Scope("read")))},
		"nested": {AnyOf(AllOf(Role("x"), Plan("p")), AnyOf(Scope("delete"), AllOf(Role("admin"), Reverified(Strict))))},
		"AllOf":  {AllOf(Role("admin"), AllOf(Plan("p"), Feature("f")))},
		"beside": {If(func(*Auth) bool { return true }), AnyOf(Role("admin"), Scope("read"))},
	}
	want := map[int]error{http.StatusOK: nil, http.StatusUnauthorized: ErrUnauthenticated, http.StatusForbidden: ErrForbidden}
	for who, caller := range callers {
		for what, reqs := range requirements {
			handler := caller.a.Require(append([]Requirement{anyType}, reqs...)...)(inspect(nil))
			resp := serve(t, handler, newRequest(t, "/", caller.request))
			reverifies := strings.Contains(bodyOf(t, resp), "reverification-error")
			a, _ := callThrough(t, caller.a.Middleware, newRequest(t, "/", caller.request), anyType)
			err := Authorize(t.Context(), a, reqs...)
			switch {
			case resp.StatusCode == http.StatusServiceUnavailable:
				if !errors.Is(err, a.Err()) || err == nil {
					t.Errorf("%s, %s: 503, and the error is %v", who, what, err)
				}
			case reverifies:
				if !errors.Is(err, ErrReverification) {
					t.Errorf("%s, %s: reverification, and the error is %v", who, what, err)
				}
			case !errors.Is(err, want[resp.StatusCode]):
				t.Errorf("%s, %s: %d, and the error is %v", who, what, resp.StatusCode, err)
			}
			var refused *AuthorizationError
			if errors.As(err, &refused) && (refused.Message == "" || resp.StatusCode == http.StatusUnauthorized && string(refused.Reason) != resp.Header.Get(headerReason)) {
				t.Errorf("%s, %s: %+v beside %v", who, what, refused, resp.Header)
			}
		}
	}
}

// Whoever does not count as authenticated with the Auth that is given does not pass.
func TestAuthorizeTakesTheAuthAsItIs(t *testing.T) {
	t.Parallel()
	a := newMachineBackend(t, http.StatusOK, "").authenticator(t, everyType())
	key := newRequest(t, "/", withBearer("ak_1"))
	sessions, _ := callThrough(t, a.Middleware, key)
	if err := Authorize(t.Context(), sessions, Accepts(APIKey)); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("an Auth for sessions: %v", err)
	}
	token, err := a.AuthenticateToken(t.Context(), "ak_1", anyType)
	if err != nil {
		t.Fatal(err)
	}
	if err := Authorize(t.Context(), token, Scope("read")); err != nil {
		t.Errorf("an Auth for any type: %v", err)
	}
	if err := Authorize(NewContext(t.Context(), token), FromContext(NewContext(t.Context(), token)), Scope("read")); err != nil {
		t.Errorf("from a context: %v", err)
	}
	if err := Authorize(t.Context(), token, Accepts(SessionToken, M2MToken)); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("narrowed: %v", err)
	}
	pending := newRequest(t, "/", withBearer(mint(t, withClaim("sts", "pending"))))
	allowed, _ := callThrough(t, a.Middleware, pending, AllowPending())
	var refused *AuthorizationError
	if err := Authorize(t.Context(), allowed); err != nil {
		t.Errorf("pending, allowed: %v", err)
	}
	if pending, _ := callThrough(t, a.Middleware, pending); !errors.As(Authorize(t.Context(), pending), &refused) || refused.Reason != ReasonSessionPending {
		t.Errorf("pending: %v", refused)
	}
	if err := Authorize(t.Context(), FromContext(t.Context())); !errors.Is(err, ErrNoMiddleware) {
		t.Errorf("without a middleware: %v", err)
	}
}
