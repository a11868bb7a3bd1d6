package browser

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// A forgery is the query of a handshake that the site's frontend API did not create. It
// would set the cookie planted and sign user_1 in.
type forgery struct {
	name, query string
	// In development, a token that cannot be the instance's is reported with status 500
	// as a sign of mixed-up keys. A nonce is only looked up.
	mixedUp bool
}

func (s *site) forgeries(t *testing.T) []forgery {
	t.Helper()
	own, stranger := s.instance, clerktest.New(t)
	good := own.Token(clerktest.ForUser("user_1"), clerktest.WithAuthorizedParty(s.origin))
	handshake := func(i *clerktest.Instance, opts ...clerktest.TokenOption) string {
		directives := []string{"planted=1; Path=/; SameSite=Lax", "__client_uat=1; Path=/", "__session=" + good + "; Path=/"}
		return "__clerk_handshake=" + i.Token(append(opts, clerktest.WithClaim("handshake", directives))...)
	}
	forged := handshake(own, clerktest.SignedByStranger())
	return []forgery{
		{"signed by a stranger", forged, true},
		{"signed with no algorithm", handshake(own, clerktest.SignedByStranger(), clerktest.WithHeader("alg", "none")), true},
		{"of another instance", handshake(stranger), true},
		{"of a template", handshake(own, clerktest.WithHeader("cat", "cl_B7d4PD222AAA")), true},
		{"of a machine", handshake(own, clerktest.ForMachine("mch_1")), true},
		{"not a token", "__clerk_handshake=forged", true},
		{"an unknown nonce", "__clerk_handshake_nonce=0123456789abcdef", false},
		{"a nonce that is a path", "__clerk_handshake_nonce=" + url.QueryEscape("../users/user_1?"), false},
		{"a nonce and a token", "__clerk_handshake_nonce=x&" + forged, true}, // Clerk does not know the nonce.
		{"an empty nonce and a token", "__clerk_handshake_nonce=&" + forged, true},
	}
}

// expectNothing checks that nobody is signed in at a tab and that no cookie of a forgery
// was set.
func (s *site) expectNothing(t *testing.T, b *tab) {
	t.Helper()
	for _, c := range b.cookies(t, "") {
		if c.Name == "planted" || strings.HasPrefix(c.Name, "__session") || strings.HasPrefix(c.Name, "__client_uat") && c.Value != "0" {
			t.Errorf("unexpected cookie %s of %s", c.Name, c.Domain)
		}
	}
	if text := script[string](t, b, "document.body.innerText"); strings.Contains(text, "user_") {
		t.Errorf("the page shows %s", text)
	}
}

// TestForgedLink follows links with forged handshakes.
func TestForgedLink(t *testing.T) {
	t.Parallel()
	for _, p := range []plan{{name: "forged"}, {name: "forgedlive", production: true}} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, p)
			for _, f := range s.forgeries(t) {
				t.Run(f.name, func(t *testing.T) {
					b, want := newTab(t), http.StatusUnauthorized
					if f.mixedUp && !p.production {
						want = http.StatusInternalServerError
					}
					if got := b.open(t, s.origin+"/account?"+f.query); got.status != want {
						t.Errorf("the page has the status %d, want %d", got.status, want)
					}
					s.expectNothing(t, b)
					s.shows(t, b.open(t, s.origin+"/account"), "/account", "")
					s.expectNothing(t, b)
				})
			}
		})
	}
}

// TestForgedCookie lets another host of the domain set the cookie that carries the
// result of a handshake in production.
func TestForgedCookie(t *testing.T) {
	t.Parallel()
	s := begin(t, plan{name: "planted", production: true})
	for _, f := range s.forgeries(t) {
		t.Run(f.name, func(t *testing.T) {
			b := newTab(t)
			host := strings.ReplaceAll(f.name, " ", "-") + "." + s.domain
			internet.host(t, host, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for pair := range strings.SplitSeq(f.query, "&") {
					w.Header().Add("Set-Cookie", pair+"; Domain="+s.domain+"; Path=/; Secure")
				}
				http.Error(w, "", http.StatusOK)
			}))
			b.open(t, "https://"+host+"/")
			if refused := b.refusals(); refused != nil {
				t.Fatalf("the browser blocked %v", refused)
			}
			s.shows(t, b.open(t, s.origin+"/account"), "/account", "")
			s.expectNothing(t, b)
		})
	}
}

// TestNonceWorksOnce opens the URL with which a browser returned from a handshake in
// another browser.
func TestNonceWorksOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []string
	s := begin(t, plan{name: "once", wrap: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("__clerk_handshake_nonce") {
				mu.Lock()
				seen = append(seen, r.URL.String())
				mu.Unlock()
			}
			next.ServeHTTP(w, r)
		})
	}})
	s.shows(t, s.enter(t, newTab(t), "user_1", "/account"), "/account", "user_1")
	mu.Lock()
	came := slices.Clone(seen)
	mu.Unlock()
	if len(came) != 1 {
		t.Fatalf("%d nonces came back, want 1", len(came))
	}
	thief := newTab(t)
	s.shows(t, thief.open(t, s.origin+came[0]), "/account", "")
	s.expectNothing(t, thief)
}

// TestHandshakeOfSomebodyElse makes a victim follow a link with the attacker's own
// handshake, which signs the victim in as the attacker. A service that accepts
// handshakes from cookies only is safe from that.
func TestHandshakeOfSomebodyElse(t *testing.T) {
	t.Parallel()
	for _, p := range []plan{
		{name: "links", production: true},
		{name: "nolinks", production: true, options: []auth.Option{auth.WithHandshakeCookiesOnly(true)}},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			s, victim := begin(t, p), newTab(t)
			session := s.instance.Token(clerktest.ForUser("user_2"), clerktest.WithAuthorizedParty(s.origin))
			link := "/account?__clerk_handshake=" + s.instance.Token(clerktest.ForUser("user_2"),
				clerktest.WithClaim("handshake", []string{"__client_uat=1; Path=/; Secure", "__session=" + session + "; Path=/; Secure"}))
			want := "user_2"
			if p.options != nil {
				want = ""
			}
			s.shows(t, victim.open(t, s.origin+link), link, want)
			s.shows(t, victim.open(t, s.origin+"/account"), "/account", want)
		})
	}
}
