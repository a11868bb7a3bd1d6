package browser

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// A site is a service with one protected page, and the emulated Clerk that it uses.
type site struct {
	instance *clerktest.Instance
	origin   string // of the service
	frontend string // of the frontend API
	domain   string // that the cookies of the service end with
	ahead    atomic.Int64

	mu  sync.Mutex
	log []string
}

// A plan describes a site.
type plan struct {
	name       string // unique, part of its host names
	production bool
	plain      string // the host of a site without TLS: localhost or an address
	tokens     bool   // handshakes use tokens, not nonces
	options    []auth.Option
	wrap       func(http.Handler) http.Handler // wraps the service
	handshake  http.HandlerFunc                // replaces that of the frontend API
}

func begin(t *testing.T, p plan) *site {
	t.Helper()
	if internet == nil {
		t.Skip("CLERK_BROWSER names no browser: make test-browser installs Chromium and runs this test")
	}
	s := &site{domain: "app." + p.name + ".test"}
	frontend := p.name + ".clerk.accounts.test"
	if p.production {
		frontend, s.domain = "clerk."+p.name+".test", p.name+".test"
	}
	seed, err := clerktest.ParseSeed(fmt.Appendf(nil, `{"production": %t, "frontend_api": %q, "users": [{"id": "user_1"}, {"id": "user_2"}]}`, p.production, frontend))
	if err != nil {
		t.Fatal(err)
	}
	options := []clerktest.Option{clerktest.WithSeed(seed), clerktest.WithClock(s.now)}
	if p.tokens {
		options = append(options, clerktest.WithHandshakeTokens())
	}
	s.instance, s.frontend = clerktest.New(t, options...), "https://"+frontend
	internet.host(t, frontend, s.frontendAPI(p))
	s.serve(t, p)
	return s
}

// frontendAPI returns the frontend API of the instance, with the handshake of the plan
// if it has one.
func (s *site) frontendAPI(p plan) http.Handler {
	own := s.instance.Frontend()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.handshake != nil && r.URL.Path == "/v1/client/handshake" {
			p.handshake(w, r)
			return
		}
		own.ServeHTTP(w, r)
	})
}

// serve starts the service.
func (s *site) serve(t *testing.T, p plan) {
	t.Helper()
	var service http.Handler
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { service.ServeHTTP(w, r) })
	if p.plain != "" {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		s.domain = p.plain
		s.origin = strings.Replace(server.URL, "127.0.0.1", p.plain, 1)
	} else {
		s.origin = "https://app." + p.name + ".test"
		internet.host(t, "app."+p.name+".test", handler)
	}
	authn, err := auth.New(s.instance.Client(), append([]auth.Option{
		auth.WithPublishableKey(s.instance.PublishableKey()),
		auth.WithAuthorizedParties(s.origin),
		auth.WithClock(s.now),
	}, p.options...)...)
	if err != nil {
		t.Fatal(err)
	}
	service = s.logged(authn.Middleware(http.HandlerFunc(page)))
	if p.wrap != nil {
		service = p.wrap(service)
	}
}

// page is protected: it shows the id of its user, or responds with 401.
func page(w http.ResponseWriter, r *http.Request) {
	a := auth.FromContext(r.Context())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch {
	case a.Err() != nil:
		w.WriteHeader(http.StatusServiceUnavailable)
	case !a.IsAuthenticated():
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, "<p>nobody")
	default:
		fmt.Fprintf(w, "<p>%s", a.UserID)
	}
}

func (s *site) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// pass advances the clock of the service and of the emulated Clerk.
func (s *site) pass(d time.Duration) { s.ahead.Add(int64(d)) }

// logged logs every response of the service: its status, its reason, and whether it
// redirects to the frontend API, to the service itself or elsewhere.
func (s *site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			http.NotFound(w, r)
			return
		}
		recorder := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		line := fmt.Sprint(recorder.status)
		switch to := w.Header().Get("Location"); {
		case strings.HasPrefix(to, s.frontend+"/v1/client/handshake?"):
			line += " handshake"
		case strings.HasPrefix(to, s.origin+"/"):
			line += " own"
		case to != "":
			line += " " + to
		}
		if reason := w.Header().Get("X-Clerk-Auth-Reason"); reason != "" {
			line += " " + reason
		}
		if _, err := r.Cookie("__client"); err == nil {
			line += " with the frontend API's own cookie"
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.log = append(s.log, line)
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// responded compares the responses of the service since the last call.
func (s *site) responded(t *testing.T, want ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if diff := cmp.Diff(want, s.log); diff != "" {
		t.Errorf("responses of the service (-want +got):\n%s", diff)
	}
	s.log = nil
}

// forget clears the log of responses.
func (s *site) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}

// shows compares what a tab shows with the service's page for a user, or for a guest if
// userID is "".
func (s *site) shows(t *testing.T, got shown, path, userID string) {
	t.Helper()
	want := shown{url: s.origin + path, text: userID, status: http.StatusOK}
	if userID == "" {
		want.text, want.status = "nobody", http.StatusUnauthorized
	}
	if got != want {
		t.Errorf("the tab shows %+v, want %+v", got, want)
	}
}

// enter signs a user in at the frontend API, which redirects back to path.
func (s *site) enter(t *testing.T, b *tab, userID, path string) shown {
	t.Helper()
	b.open(t, s.frontend+"/sign-in?redirect_url="+s.origin+path)
	return b.click(t, userID)
}

// leave signs the user out at the frontend API, which redirects back to path.
func (s *site) leave(t *testing.T, b *tab, path string) shown {
	t.Helper()
	b.open(t, s.frontend+"/sign-out?redirect_url="+s.origin+path)
	return b.click(t, "sign-out")
}

// kept describes the service's cookies in the browser. It leaves out the redirect
// count, which lasts two seconds and may be there or not.
func (s *site) kept(t *testing.T, b *tab) []string {
	t.Helper()
	var list []string
	for _, c := range b.cookies(t, s.domain) {
		if c.Name != "__clerk_redirect_count" && c.Name != "__client" {
			list = append(list, describe(c, s.instance.PublishableKey()))
		}
	}
	return list
}

// describe returns name, domain, path, flags and remaining days of a cookie.
func describe(c *network.Cookie, publishableKey string) string {
	name := strings.Replace(c.Name, cookieSuffix(publishableKey), "S", 1)
	parts := []string{name, c.Domain, c.Path}
	if c.HTTPOnly {
		parts = append(parts, "HttpOnly")
	}
	if c.Secure {
		parts = append(parts, "Secure")
	}
	parts = append(parts, string(c.SameSite))
	if c.Session {
		return strings.Join(append(parts, "session"), " ")
	}
	days := math.Round(time.Until(time.UnixMilli(int64(c.Expires*1000))).Hours() / 24)
	return strings.Join(append(parts, fmt.Sprintf("%.0fd", days)), " ")
}

func cookieSuffix(publishableKey string) string {
	sum := sha1.Sum([]byte(publishableKey))
	return base64.URLEncoding.EncodeToString(sum[:])[:8]
}

// expectCookies compares the service's cookies. Chromium limits the age of cookies to
// 400 days, and writes a dot before a domain that includes subdomains.
func (s *site) expectCookies(t *testing.T, b *tab, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, s.kept(t, b)); diff != "" {
		t.Errorf("the cookies (-want +got):\n%s", diff)
	}
	if refused := b.refusals(); refused != nil {
		t.Errorf("the browser blocked %s", strings.Join(refused, "\n"))
	}
}

// value returns the value of a cookie of the service, or "" without one.
func (s *site) value(t *testing.T, b *tab, name string) string {
	t.Helper()
	for _, c := range b.cookies(t, s.domain) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// picture keeps a picture of the tab, if CLERK_BROWSER_PICTURES names a folder.
func picture(t *testing.T, b *tab, name string) {
	t.Helper()
	folder := os.Getenv("CLERK_BROWSER_PICTURES")
	if folder == "" {
		return
	}
	image, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.CreateTemp(folder, t.Name()+"-"+name+"-*.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(image); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// fill sets the fields of the page by their names.
func (b *tab) fill(t *testing.T, fields map[string]string) {
	t.Helper()
	data, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	script[bool](t, b, `for (const [name, value] of Object.entries(`+string(data)+`)) document.getElementsByName(name)[0].value = value; true`)
}
