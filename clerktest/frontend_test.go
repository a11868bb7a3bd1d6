package clerktest_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// TestFrontendOnLoopbackOnly checks that other computers cannot sign in.
func TestFrontendOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	handler := startSuffixed(t, false).Frontend()
	for peer, want := range map[string]int{
		"127.0.0.1:5000": http.StatusOK, "[::1]:5000": http.StatusOK, "[::ffff:127.0.0.1]:5000": http.StatusOK,
		"192.0.2.1:5000": http.StatusForbidden, "[::ffff:10.0.0.1]:5000": http.StatusForbidden, "@": http.StatusForbidden, "": http.StatusForbidden,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost/sign-in?redirect_url=http://a.test/", nil)
		r.RemoteAddr = peer
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("from %q: %d, want %d", peer, w.Code, want)
		}
	}
}

// visitor is a minimal browser: it stores cookies, connects to the frontend API's server
// for every host and does not follow redirects.
type visitor struct {
	*http.Client
	instance *clerktest.Instance
}

func visit(t *testing.T, instance *clerktest.Instance) *visitor {
	t.Helper()
	srv := httptest.NewTLSServer(instance.Frontend())
	t.Cleanup(srv.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := srv.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.ServerName = "example.com"
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
	}
	return &visitor{&http.Client{
		Transport: transport, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, instance}
}

// do sends a request to the frontend API: a GET request, or a POST request if there is a
// form.
func (v *visitor) do(t *testing.T, path string, query, form url.Values) (*http.Response, string) {
	t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(t.Context(), method, v.instance.Issuer()+path+"?"+query.Encode(), body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := v.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// handshake returns the URL that a handshake redirects to, and the nonce or token in the
// URL or in a cookie.
func (v *visitor) handshake(t *testing.T, target string, more ...string) (back *url.URL, payload string) {
	t.Helper()
	query := url.Values{"redirect_url": {target}, "format": {"nonce"}, "suffixed_cookies": {"true"}}
	for n := 0; n < len(more); n += 2 {
		query.Set(more[n], more[n+1])
	}
	resp, body := v.do(t, "/v1/client/handshake", query, nil)
	if resp.StatusCode != http.StatusTemporaryRedirect || resp.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the response to the handshake is %d %v %s", resp.StatusCode, resp.Header, body)
	}
	back, err := resp.Location()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"__clerk_handshake", "__clerk_handshake_nonce"} {
		payload += back.Query().Get(name)
		for _, c := range resp.Cookies() {
			if c.Name == name {
				payload += c.Value
			}
		}
	}
	return back, payload
}

// redeem exchanges a nonce and returns the status and the directives.
func (v *visitor) redeem(t *testing.T, nonce string) (int, []string) {
	t.Helper()
	got := send(t, v.instance, http.MethodGet, "/clients/handshake_payload?nonce="+nonce, "")
	var body struct {
		Directives []string `json:"directives"`
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatal(err)
	}
	return got.status, body.Directives
}

func (v *visitor) signIn(t *testing.T, userID, back string) *http.Response {
	t.Helper()
	resp, body := v.do(t, "/sign-in", nil, url.Values{"redirect_url": {back}, "user_id": {userID}})
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in: %d %s", resp.StatusCode, body)
	}
	return resp
}

func wantRefusal(t *testing.T, v *visitor, path, query, code string) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	resp, body := v.do(t, path, values, nil)
	if resp.StatusCode != http.StatusBadRequest && resp.StatusCode != http.StatusNotFound || !strings.Contains(body, `"code":"`+code+`"`) {
		t.Errorf("%s?%s: %d %s, want %s", path, query, resp.StatusCode, body, code)
	}
	if resp.Header.Get("Location") != "" || resp.Header.Get("Set-Cookie") != "" {
		t.Errorf("%s?%s: a refusal has the header %v", path, query, resp.Header)
	}
}
