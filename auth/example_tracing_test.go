package auth_test

import (
	"context"
	"expvar"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// The code of docs/tracing.md. A test runs it.
func countRefusals(refusals *expvar.Map, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if reason := w.Header().Get("X-Clerk-Auth-Reason"); reason != "" {
			refusals.Add(reason, 1)
		}
	})
}

func TestRefusalsAreCounted(t *testing.T) {
	t.Parallel()
	instance, authn := exampleInstance()
	var refusals expvar.Map
	h := countRefusals(&refusals, authn.Require()(served))
	for _, opts := range [][]clerktest.TokenOption{nil, {clerktest.Expired()}, {clerktest.Expired()}, {clerktest.SignedByStranger()}} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		instance.SignIn(r, "user_ada", opts...)
		respondTo(h, r)
	}
	const want = `{"session-token-expired-refresh-non-eligible-no-refresh-cookie": 2, "token-invalid-signature": 1}`
	if refusals.String() != want {
		t.Errorf("the refusals are %s, want %s", &refusals, want)
	}
}

// TestCallsOfThisPackageAreNamed looks in docs/tracing.md for the operations that only this
// package has.
func TestCallsOfThisPackageAreNamed(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/tracing.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	operations := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`Operation: +"(auth\.\w+)"`).FindAllStringSubmatch(string(source), -1) {
			operations++
			if !strings.Contains(string(page), "`"+match[1]+"`") {
				t.Errorf("docs/tracing.md does not name %s", match[1])
			}
		}
	}
	if operations == 0 {
		t.Error("package auth has no operations")
	}
}

// TestTracesOfCalls checks which calls belong to the trace of the request that caused them.
func TestTracesOfCalls(t *testing.T) {
	t.Parallel()
	type traceKey struct{}
	instance := clerktest.New(t)
	ada := instance.CreateUser(users.CreateUserParams{})
	inTrace := map[string]bool{}
	client := instance.Client(clerk.WithHooks(clerk.Hooks{Done: func(ctx context.Context, result clerk.CallResult) {
		inTrace[result.Operation] = ctx.Value(traceKey{}) != nil
	}}))
	authn, err := auth.New(client, auth.WithPublishableKey(instance.PublishableKey()), auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey))
	if err != nil {
		t.Fatal(err)
	}
	h := authn.Require(auth.Accepts(auth.SessionToken, auth.APIKey))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if a := auth.FromContext(r.Context()); a.TokenType == auth.SessionToken {
			if _, err := auth.CurrentUser(r.Context()); err != nil {
				t.Error(err)
			}
			if _, err := a.GetToken(r.Context(), auth.ExpiresIn(time.Hour)); err != nil {
				t.Error(err)
			}
		}
	}))
	for _, token := range []string{instance.Token(), instance.Token(clerktest.ForAPIKey(ada.ID))} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r = r.WithContext(context.WithValue(r.Context(), traceKey{}, true))
		r.Header.Set("Authorization", "Bearer "+token)
		if w := respondTo(h, r); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	want := map[string]bool{"auth.GetJWKS": false, "machines.VerifyAPIKey": false, "users.GetUser": true, "sessions.CreateSessionToken": true}
	if !maps.Equal(inTrace, want) {
		t.Errorf("in the trace of the request: %v, want %v", inTrace, want)
	}
}
