package auth_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// What docs/migration.md and docs/from-javascript.md show does what they say.
func TestPagesForNewcomers(t *testing.T) {
	instance := clerktest.New(t)
	client := instance.Client()
	ada := instance.CreateUser(users.CreateUserParams{})
	t.Setenv("CLERK_PUBLISHABLE_KEY", instance.PublishableKey())

	mux, err := migratedRoutes(client, served, served)
	if err != nil {
		t.Fatal(err)
	}
	signedIn := func(method, path string, opts ...clerktest.TokenOption) *http.Request {
		r := httptest.NewRequest(method, path, nil)
		instance.SignIn(r, ada.ID, append(opts, clerktest.WithAuthorizedParty("https://app.example.com"))...)
		return r
	}
	for _, test := range []struct {
		what    string
		request *http.Request
		want    int
	}{
		{"a guest's page", httptest.NewRequest(http.MethodGet, "/", nil), http.StatusOK},
		{"a guest", httptest.NewRequest(http.MethodGet, "/me", nil), http.StatusUnauthorized},
		{"a user", signedIn(http.MethodGet, "/me"), http.StatusOK},
		{"an old verification", signedIn(http.MethodPost, "/me", clerktest.WithFactorAges(60, 60)), http.StatusForbidden},
	} {
		if w := respondTo(mux, test.request); w.Code != test.want {
			t.Errorf("%s: %d %s, want %d", test.what, w.Code, w.Body, test.want)
		}
	}

	user, err := renameUser(t.Context(), client, ada.ID)
	if err != nil || user.FirstName == nil || *user.FirstName != "Ada" || user.LastName != nil {
		t.Errorf("renamed: %+v, %v", user, err)
	}
	if _, err := renameUser(t.Context(), client, "user_nobody"); err == nil {
		t.Error("a user who does not exist was renamed")
	}

	authn, err := auth.New(client, auth.WithPublishableKey(instance.PublishableKey()))
	if err != nil {
		t.Fatal(err)
	}
	instance.CreateJWTTemplate("supabase", map[string]any{"role": "authenticated"})
	app := appRoutes(authn, client)
	session := httptest.NewRequest(http.MethodGet, "/profile", nil)
	instance.SignIn(session, ada.ID)
	for _, test := range []struct {
		what, method, path string
		known              bool
		want               int
	}{
		{"a guest's page", http.MethodGet, "/", false, http.StatusOK},
		{"a guest", http.MethodGet, "/profile", false, http.StatusUnauthorized},
		{"a user", http.MethodGet, "/profile", true, http.StatusOK},
		{"a user's token", http.MethodGet, "/rows", true, http.StatusOK},
		{"a user's change", http.MethodPost, "/profile", true, http.StatusNoContent},
		{"a user who is not an admin", http.MethodGet, "/admin", true, http.StatusForbidden},
		{"a guest with a state", http.MethodGet, "/state", false, http.StatusUnauthorized},
		{"a user with a state", http.MethodGet, "/state", true, http.StatusOK},
	} {
		r := httptest.NewRequest(test.method, test.path, nil)
		if test.known {
			r.Header = session.Header.Clone()
		}
		if w := respondTo(app, r); w.Code != test.want {
			t.Errorf("%s: %d %s, want %d", test.what, w.Code, w.Body, test.want)
		}
	}

	if id, err := userOfToken(t.Context(), authn, instance.Token()); err != nil || id != ada.ID {
		t.Errorf("the user of a token: %q, %v", id, err)
	}
	if id, err := userOfToken(t.Context(), authn, instance.Token(clerktest.Expired())); err == nil || err.Error() != "refused: token-expired" {
		t.Errorf("the user of an expired token: %q, %v", id, err)
	}

	const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	receiver, err := webhooks.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	body := `{"type":"user.created","data":{"id":"user_1"}}`
	delivery := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(body))
	if delivery.Header, err = webhooks.Sign(secret, "msg_1", time.Now(), []byte(body)); err != nil {
		t.Fatal(err)
	}
	saved := ""
	w := respondTo(deliveries(receiver, func(_ context.Context, user *api.User) error {
		saved = user.ID
		return nil
	}), delivery)
	if w.Code != http.StatusNoContent || saved != "user_1" {
		t.Errorf("a delivery: %d, saved %q", w.Code, saved)
	}
}

// TestTokenInAnotherHeader checks that such a token reaches the handler like any other.
func TestTokenInAnotherHeader(t *testing.T) {
	t.Parallel()
	instance, authn := exampleInstance()
	h := tokenOfHeader(authn, served)
	known := httptest.NewRequest(http.MethodGet, "/", nil)
	instance.SignIn(known, "user_ada")
	token := strings.TrimPrefix(known.Header.Get("Authorization"), "Bearer ")
	for text, want := range map[string]string{"": "401 sign in first", token: "200 served user_ada"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Session-Token", text)
		w := respondTo(h, r)
		if got := fmt.Sprint(w.Code, " ", strings.TrimSpace(w.Body.String())); got != want {
			t.Errorf("the response is %s, want %s", got, want)
		}
	}
}
