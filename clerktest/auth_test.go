package clerktest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestAuthAcceptsTokens checks that package auth accepts the tokens of a signed-in user
// and no others.
func TestAuthAcceptsTokens(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	authn, err := auth.New(i.Client(), auth.WithPublishableKey(i.PublishableKey()), auth.WithAuthorizedParties("http://app.test"), auth.WithIssuer(i.Issuer()))
	if err != nil {
		t.Fatal(err)
	}
	endpoint := authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		template, err := a.GetToken(r.Context(), auth.Template("supabase"))
		user, _ := auth.CurrentUser(r.Context())
		fmt.Fprint(w, a.IsAuthenticated(), a.UserID, user != nil, strings.HasPrefix(template, "ey"), err == nil)
	}))
	const in, out = "trueuser_1true true true", "false"
	for name, tc := range map[string]struct {
		sign func(r *http.Request)
		want string
	}{
		"header":    {func(r *http.Request) { i.SignIn(r, "user_1") }, in},
		"cookies":   {func(r *http.Request) { i.SignInCookies(r, "user_1") }, in},
		"version 1": {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.Version1()) }, in},
		"nobody":    {func(*http.Request) {}, out},
		"expired":   {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.Expired()) }, out},
		"early":     {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.NotYetActive()) }, out},
		"pending":   {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.Pending()) }, out},
		"stranger":  {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.SignedByStranger()) }, out},
		"template":  {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.FromTemplate("supabase")) }, out},
		"machine":   {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.ForMachine("mch_1")) }, out},
		"oauth":     {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.ForOAuthClient("c")) }, out},
		"elsewhere": {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.WithAuthorizedParty("http://evil.test")) }, out},
		"category":  {func(r *http.Request) { i.SignIn(r, "user_1", clerktest.WithHeader("cat", "cl_X")) }, out},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://app.test/", nil)
		tc.sign(r)
		w := httptest.NewRecorder()
		endpoint.ServeHTTP(w, r)
		if got := w.Body.String(); !strings.HasPrefix(got, tc.want) || tc.want == in && got != in {
			t.Errorf("%s: %d %q, want %q", name, w.Code, got, tc.want)
		}
	}
}
