package clerk_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

func TestIDsThatWouldChangeThePathAreNotSent(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	c := newClient(t, func(http.ResponseWriter, *http.Request) { sent.Add(1) })
	for _, id := range []string{
		"", ".", "..", "../jwks", "a/b", `a\b`, "a?x=1", "a#f", "%2e%2e", "a%00", "a\nb", "a\r\nHost: x", "\x00", "a\x7f", "a\u0085b",
	} {
		_, err := clerk.Call[thing](t.Context(), c, get("/things/{thing_id}", id))
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Field != "thing_id" || refused.Operation != "GetThing" {
			t.Errorf("id %q: %#v, want a RequestError of thing_id", id, err)
			continue
		}
		if len(id) > 2 && strings.Contains(err.Error(), id) {
			t.Errorf("id %q: the error contains it: %v", id, err)
		}
		if err := clerk.CheckID("thing_id", id); err == nil {
			t.Errorf("CheckID(%q) = nil", id)
		}
	}
	if n := sent.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// The server would respond to the first request with the number of users, which
// decodes into a user without an id.
func TestIDsThatNameAnotherOperationAreRefused(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		sent.Add(1)
		_, _ = w.Write([]byte(`{"object":"total_count","total_count":3}`))
	})
	user, errUser := users.GetUser(t.Context(), c, "count")
	invitation, errInvitation := organizations.GetOrganizationInvitation(t.Context(), c, "org_1", "pending")
	if user != nil || invitation != nil || sent.Load() != 0 {
		t.Errorf("%v, %v after %d requests", user, invitation, sent.Load())
	}
	for field, err := range map[string]error{"user_id": errUser, "invitation_id": errInvitation} {
		var refused *clerk.RequestError
		if !errors.As(err, &refused) || refused.Field != field {
			t.Errorf("error %v, want a RequestError of %s", err, field)
		}
	}
	if _, err := organizations.GetOrganizationInvitation(t.Context(), c, "pending", "orginv_1"); err != nil {
		t.Errorf("a slug that is a literal in other paths: %v", err)
	}
}

func TestInvalidPathsAreRefused(t *testing.T) {
	t.Parallel()
	var sent atomic.Int32
	c := newClient(t, func(http.ResponseWriter, *http.Request) { sent.Add(1) })
	for _, req := range []clerk.Request{
		get(""),
		get("users"),
		get("https://evil.example/users"),
		get("//evil.example/users"),
		get("/users/"),
		get("/users//ban"),
		get("/users/../jwks"),
		get("/users/./ban"),
		get("/users/%2e%2e/jwks"),
		get("/users/%2E%2e"),
		get("/users/.%2e"),
		get("/users?x=1"),
		get("/users#f"),
		get(`/users\..\jwks`),
		get("/users/a b"),
		get("/users/a\nb"),
		get("/users/é"),
		get("/users/{user_id}"),
		get("/users/{user_id}", "a", "b"),
		get("/users", "a"),
		get("/users/x{user_id}", "a"),
		get("/users/{}", "a"),
	} {
		_, err := clerk.Call[thing](t.Context(), c, req)
		var refused *clerk.RequestError
		if !errors.As(err, &refused) {
			t.Errorf("path %q with %d ids: %v, want a RequestError", req.Path, len(req.IDs), err)
		}
	}
	if n := sent.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestIDsAreEscapedIntoOneSegment(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Uri", r.RequestURI)
		write(w, `{}`)
	})
	for id, want := range map[string]string{
		"user_123":        "user_123",
		"org:admin":       "org:admin",
		"a@b.example":     "a@b.example",
		"a b":             "a%20b",
		"a;b,c":           "a%3Bb%2Cc",
		"a+b&c=d":         "a+b&c=d",
		"é{x}":            "%C3%A9%7Bx%7D",
		"...":             "...",
		"\xff":            "%FF",
		`"><script>alert`: "%22%3E%3Cscript%3Ealert",
	} {
		var meta clerk.Response
		if _, err := clerk.Call[thing](t.Context(), c, get("/things/{thing_id}/x", id), clerk.WithResponse(&meta)); err != nil {
			t.Errorf("id %q: %v", id, err)
			continue
		}
		if got := meta.Header.Get("Uri"); got != "/trap/v1/things/"+want+"/x" {
			t.Errorf("id %q was sent as %s", id, got)
		}
	}
}

func TestThePathOfTheBaseURLIsKept(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"http://localhost":            "/v2/things/a%3Bb",
		"http://localhost/":           "/v2/things/a%3Bb",
		"http://localhost/x//":        "/x/v2/things/a%3Bb",
		"http://localhost/x%2Fy/z":    "/x%2Fy/z/v2/things/a%3Bb",
		"http://localhost/x%20y":      "/x%20y/v2/things/a%3Bb",
		"http://[::1]:8080/a;b":       "/a;b/v2/things/a%3Bb",
		"http://localhost/clerk/v1":   "/clerk/v1/v2/things/a%3Bb",
		"http://localhost/%C3%A9/é":   "/%C3%A9/%C3%A9/v2/things/a%3Bb",
		"http://127.0.0.1:9/api/(x)/": "/api/(x)/v2/things/a%3Bb",
	} {
		var got string
		c, err := clerk.New(testKey, clerk.WithBaseURL(base), clerk.WithAPIVersion("v2"),
			clerk.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
				got = r.URL.RequestURI()
				return nil, errors.New("not sent")
			})))
		if err != nil {
			t.Errorf("base URL %s: %v", base, err)
			continue
		}
		if _, err := clerk.Call[thing](t.Context(), c, get("/things/{id}", "a;b"), clerk.WithMaxRetries(0)); err == nil {
			t.Errorf("base URL %s: error = nil", base)
		}
		if got != want {
			t.Errorf("base URL %s: sent %s, want %s", base, got, want)
		}
	}
}

func FuzzAnIDIsOneSegment(f *testing.F) {
	for _, seed := range []string{"user_1", "..", "a/b", "%2e", "é;,?", "a b", "\xff\xfe", "{x}"} {
		f.Add(seed)
	}
	var sent *url.URL
	c, err := clerk.New(testKey, clerk.WithBaseURL("http://localhost/trap"),
		clerk.WithTransport(roundTripper(func(r *http.Request) (*http.Response, error) {
			sent = r.URL
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
		})))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, id string) {
		sent = nil
		_, err := clerk.Call[clerk.None](t.Context(), c, get("/things/{id}/x", id))
		if refused := clerk.CheckID("id", id); (refused == nil) != (err == nil) {
			t.Fatalf("CheckID returns %v, Call returns %v", refused, err)
		}
		if err != nil {
			if sent != nil {
				t.Fatal("a refused id was sent")
			}
			return
		}
		uri := sent.RequestURI()
		segments := strings.Split(uri, "/")
		if len(segments) != 6 || segments[5] != "x" || strings.ContainsAny(uri, "?# \\") {
			t.Fatalf("sent %q", uri)
		}
		back, err := url.PathUnescape(segments[4])
		if err != nil || back != id || back == "." || back == ".." {
			t.Fatalf("%q became %q after a round trip, error %v", id, back, err)
		}
		if again, err := url.ParseRequestURI(uri); err != nil || again.EscapedPath() != uri {
			t.Fatalf("a server parses %q as %v, error %v", uri, again, err)
		}
	})
}
