package auth_test

import (
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

// browser keeps cookies and follows redirects between a service and the emulated
// frontend API of its instance.
type browser struct {
	*http.Client
	instance *clerktest.Instance
	app      string // the service's origin
	past     atomic.Int64
	hops     []string
}

// newBrowser serves a page, through the middleware, that shows who is signed in.
func newBrowser(t *testing.T, production bool, opts ...clerktest.Option) *browser {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(`{"users": [{"object": "user", "id": "user_1"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{app: "http://localhost:8080"}
	seed.PublishableKey = "pk_test_" + base64.RawStdEncoding.EncodeToString([]byte("clerk.shop.test$"))
	if production {
		b.app = "https://www.shop.test"
		seed.Production, seed.PublishableKey = true, strings.Replace(seed.PublishableKey, "test", "live", 1)
	}
	start := time.Now()
	clock := func() time.Time { return start.Add(time.Duration(b.past.Load())) }
	b.instance = clerktest.New(t, append(opts, clerktest.WithSeed(seed), clerktest.WithClock(clock))...)
	authn, err := auth.New(b.instance.Client(), auth.WithPublishableKey(b.instance.PublishableKey()), auth.WithClock(clock),
		auth.WithPublicOrigin(b.app), auth.WithAuthorizedParties(b.app))
	if err != nil {
		t.Fatal(err)
	}
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, auth.FromContext(r.Context()).UserID+" "+r.URL.RequestURI())
	})
	b.connect(t, authn.Middleware(page), production)
	return b
}

func (b *browser) connect(t *testing.T, app http.Handler, secure bool) {
	t.Helper()
	frontend := httptest.NewTLSServer(b.instance.Frontend())
	t.Cleanup(frontend.Close)
	service := httptest.NewUnstartedServer(app)
	if secure {
		service.StartTLS()
	} else {
		service.Start()
	}
	t.Cleanup(service.Close)
	transport := frontend.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.ServerName = "example.com"
	transport.TLSClientConfig.RootCAs.AddCert(frontend.Certificate())
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		server := service
		if strings.HasPrefix(address, "clerk.") {
			server = frontend
		}
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b.Client = &http.Client{Transport: transport, Jar: jar, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		b.hops = append(b.hops, r.URL.Host+r.URL.Path)
		if len(via) > 8 {
			t.Errorf("the browser is redirected in circles: %q", b.hops)
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

// send returns what the page shows after a page load or a script's request.
func (b *browser) send(t *testing.T, method, target string, form url.Values, dest string) string {
	t.Helper()
	b.hops = nil
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Dest", dest)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func (b *browser) load(t *testing.T, path string) string {
	t.Helper()
	return b.send(t, http.MethodGet, b.app+path, nil, "document")
}

func (b *browser) change(t *testing.T, what string, form url.Values) string {
	t.Helper()
	form.Set("redirect_url", b.app+"/back?b=2")
	return b.send(t, http.MethodPost, b.instance.Issuer()+what, form, "document")
}

func wantPage(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: the page shows %q, want %q", what, got, want)
	}
}

// From the first visit to the sign-out, with tokens that expire in between.
func TestBrowserGoesThroughHandshakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		production bool
		options    []clerktest.Option
	}{
		"development":         {},
		"development, tokens": {options: []clerktest.Option{clerktest.WithHandshakeTokens()}},
		"production":          {production: true},
		"production, tokens":  {production: true, options: []clerktest.Option{clerktest.WithHandshakeTokens()}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBrowser(t, test.production, test.options...)
			wantPage(t, "first visit", b.load(t, "/a%20b?x=1"), " /a%20b?x=1")
			b.past.Add(int64(2 * time.Second))
			wantPage(t, "sign-in", b.change(t, "/sign-in", url.Values{"user_id": {"user_1"}}), "user_1 /back?b=2")
			wantPage(t, "page load", b.load(t, "/p"), "user_1 /p")
			if len(b.hops) != 0 {
				t.Errorf("a page load with a session is redirected to %q", b.hops)
			}
			b.past.Add(int64(2 * time.Minute))
			wantPage(t, "script, token expired", b.send(t, http.MethodGet, b.app+"/s", nil, "empty"), "user_1 /s")
			b.past.Add(int64(2 * time.Minute))
			wantPage(t, "page load, token expired", b.load(t, "/p"), "user_1 /p")
			if len(b.hops) != 0 {
				t.Errorf("a page load with a refresh cookie is redirected to %q", b.hops)
			}
			b.past.Add(int64(2 * time.Minute))
			wantPage(t, "POST, token expired", b.send(t, http.MethodPost, b.app+"/s", url.Values{}, "empty"), " /s")
			b.past.Add(int64(2 * time.Second))
			wantPage(t, "sign-out", b.change(t, "/sign-out", url.Values{}), " /back?b=2")
			wantPage(t, "page load after the sign-out", b.load(t, "/p"), " /p")
		})
	}
}
