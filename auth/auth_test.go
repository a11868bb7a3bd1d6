package auth

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var onlyFields = cmpopts.IgnoreUnexported(Auth{})

func TestAuthOfAVersion2Token(t *testing.T) {
	t.Parallel()
	got := authFor(t, withClaims(map[string]any{
		"fea": "o:reports,u:dashboard", "pla": "o:pro",
		"o":   map[string]any{"id": "org_1", "slg": "acme", "rol": "admin", "per": "read,manage", "fpm": "3"},
		"act": map[string]any{"sub": "user_admin", "iss": "https://dashboard.example", "sid": "sess_9"},
	}))
	want := &Auth{
		UserID: testUser, SessionID: testSession, SessionStatus: "active", TokenType: SessionToken,
		Actor:          &Actor{Subject: "user_admin", Issuer: "https://dashboard.example", SessionID: "sess_9"},
		OrganizationID: "org_1", OrganizationSlug: "acme", OrganizationRole: "org:admin",
	}
	if diff := cmp.Diff(want, got, onlyFields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"org:reports:read", "org:reports:manage"}, got.OrganizationPermissions()); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
}

func TestAuthOfAVersion1Token(t *testing.T) {
	t.Parallel()
	got := authFor(t, withoutClaim("v", "sts"), withClaims(map[string]any{
		"org_id": "org_1", "org_slug": "acme", "org_role": "admin", "org_permissions": []string{"org:reports:read"},
	}))
	want := &Auth{
		UserID: testUser, SessionID: testSession, TokenType: SessionToken,
		OrganizationID: "org_1", OrganizationSlug: "acme", OrganizationRole: "admin",
	}
	if diff := cmp.Diff(want, got, onlyFields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"org:reports:read"}, got.OrganizationPermissions()); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
}

func TestAuthSignedOutIsEmpty(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	got := stateOf(t, a, newRequest(t, "/")).Auth()
	if diff := cmp.Diff(&Auth{TokenType: SessionToken}, got, onlyFields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.IsAuthenticated() || got.Claims() != nil || got.OrganizationPermissions() != nil || got.Err() != nil {
		t.Errorf("got %v with claims %v, err %v", got, got.Claims(), got.Err())
	}
}

func TestAuthPendingIsSignedOutUnlessAllowed(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	s := stateOf(t, a, newRequest(t, "/", withBearer(mint(t, withClaim("sts", "pending")))))
	if s.Status != StatusPending || s.Reason != "" || s.Header != nil {
		t.Errorf("state is %v with header %v", s, s.Header)
	}
	got := s.Auth()
	if diff := cmp.Diff(&Auth{TokenType: SessionToken, SessionStatus: "pending"}, got, onlyFields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.IsAuthenticated() || got.Claims() != nil || got.Err() != nil {
		t.Errorf("without AllowPending: %v", got)
	}
	if _, err := got.GetToken(t.Context()); !errors.Is(err, ErrNotSignedIn) {
		t.Errorf("GetToken: %v", err)
	}
	allowed := s.Auth(AllowPending(), nil)
	if !allowed.IsAuthenticated() || allowed.UserID != testUser || allowed.SessionStatus != "pending" {
		t.Errorf("allowed: %v", allowed)
	}
	if token, err := allowed.GetToken(t.Context()); err != nil || token == "" {
		t.Errorf("GetToken when allowed: %v", err)
	}
	// The context carries the session, not the options of one endpoint.
	if FromContext(NewContext(t.Context(), allowed)).IsAuthenticated() {
		t.Error("NewContext carries AllowPending along")
	}
}

func TestAuthMadeByHandIsSignedOut(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]*Auth{
		"nil": nil, "zero": {}, "hand-made": {UserID: "user_1", SessionID: "sess_1", SessionStatus: "active", OrganizationRole: "org:admin"},
	} {
		_, tokenErr := a.GetToken(t.Context())
		_, claimsErr := ClaimsAs[map[string]any](a)
		if a.IsAuthenticated() || a.Claims() != nil || a.OrganizationPermissions() != nil || a.Err() != nil || a.Reason() != "" {
			t.Errorf("%s: authenticated %t, claims %v, err %v", name, a.IsAuthenticated(), a.Claims(), a.Err())
		}
		if !errors.Is(tokenErr, ErrNotSignedIn) || !errors.Is(claimsErr, ErrNotSignedIn) {
			t.Errorf("%s: GetToken %v, ClaimsAs %v", name, tokenErr, claimsErr)
		}
		ctx := NewContext(t.Context(), a)
		if got := FromContext(ctx); got.IsAuthenticated() || got.UserID != "" {
			t.Errorf("%s: FromContext returns %+v", name, got)
		}
		if user, err := CurrentUser(ctx); user != nil || err != nil {
			t.Errorf("%s: CurrentUser returns %v, %v", name, user, err)
		}
	}
	var state *State
	if state.Auth().IsAuthenticated() || (&State{Status: StatusSignedIn}).Auth().IsAuthenticated() || state.Err() != nil {
		t.Error("a state made by hand is signed in")
	}
}

// A handler may write to its Auth without changing what anyone else gets.
func TestAuthFieldsAreCopies(t *testing.T) {
	t.Parallel()
	a := newTestAuthenticator(t)
	ctx := NewContext(t.Context(), authFor(t, withClaims(map[string]any{
		"act": map[string]any{"sub": "user_admin"}, "v": 1, "org_id": "org_1", "org_permissions": []string{"org:a:read"},
	})))
	first := FromContext(ctx)
	first.OrganizationPermissions()[0] = "org:evil:all"
	first.UserID, first.Actor.Subject = "user_evil", "user_evil"
	second := FromContext(ctx)
	if second.UserID != testUser || second.OrganizationPermissions()[0] != "org:a:read" || second.Actor.Subject != "user_admin" {
		t.Errorf("the second Auth is %+v", second)
	}
	if claims, err := ClaimsAs[struct{ Sub string }](first); err != nil || claims.Sub != testUser {
		t.Errorf("the claims say %+v, %v", claims, err)
	}
	signedOut := stateOf(t, a, newRequest(t, "/")).Auth()
	signedOut.UserID, signedOut.SessionID = testUser, testSession
	if signedOut.IsAuthenticated() {
		t.Error("setting fields signs the caller in")
	}
}

func TestClaimsAsDecodesTheCallersType(t *testing.T) {
	t.Parallel()
	a := authFor(t, withClaim("plan", map[string]any{"seats": 12}))
	got, err := ClaimsAs[struct {
		Subject string `json:"sub"`
		Plan    struct {
			Seats int `json:"seats"`
		} `json:"plan"`
	}](a)
	if err != nil || got.Subject != testUser || got.Plan.Seats != 12 {
		t.Errorf("got %+v, %v", got, err)
	}
	wrong, err := ClaimsAs[struct {
		Subject string `json:"sub"`
		Plan    int    `json:"plan"`
	}](a)
	if err == nil || wrong.Subject != "" {
		t.Errorf("for the wrong type ClaimsAs returns %+v, %v", wrong, err)
	}
	_, err = ClaimsAs[map[string]any](FromContext(t.Context()))
	if !errors.Is(err, ErrNoMiddleware) {
		t.Errorf("without middleware: %v", err)
	}
}
