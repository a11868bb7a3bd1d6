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
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/google/go-cmp/cmp"
)

// visitor is a browser without a screen: it keeps cookies, reaches every host
// at the frontend API's server and follows no redirect.
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

// ask sends a request to the frontend API: a GET, or a POST of a form.
func (v *visitor) ask(t *testing.T, path string, query, form url.Values) (*http.Response, string) {
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

// handshake returns where the frontend API leads back to and the payload's
// parameter or cookie.
func (v *visitor) handshake(t *testing.T, target string, more ...string) (back *url.URL, payload string) {
	t.Helper()
	query := url.Values{"redirect_url": {target}, "format": {"nonce"}, "suffixed_cookies": {"true"}}
	for n := 0; n < len(more); n += 2 {
		query.Set(more[n], more[n+1])
	}
	resp, body := v.ask(t, "/v1/client/handshake", query, nil)
	if resp.StatusCode != http.StatusTemporaryRedirect || resp.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the handshake is answered with %d %v %s", resp.StatusCode, resp.Header, body)
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

// exchange gets the directives of a nonce.
func (v *visitor) exchange(t *testing.T, nonce string) (int, []string) {
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
	resp, body := v.ask(t, "/sign-in", nil, url.Values{"redirect_url": {back}, "user_id": {userID}})
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("signing in: %d %s", resp.StatusCode, body)
	}
	return resp
}

// shapes returns directives with their values cut off but for the short ones.
func shapes(directives []string) []string {
	list := slices.Clone(directives)
	for n, line := range list {
		name, rest, _ := strings.Cut(line, "=")
		value, attributes, _ := strings.Cut(rest, ";")
		if len(value) > 12 {
			value = value[:2] + "…"
		}
		list[n] = name + "=" + value + ";" + attributes
	}
	return list
}

const gone = "Expires=Thu, 01 Jan 1970 00:00:00 GMT; "

// suffixed begins an instance whose key has a known suffix.
func suffixed(t *testing.T, production bool, opts ...clerktest.Option) *clerktest.Instance {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(population))
	if err != nil {
		t.Fatal(err)
	}
	seed.SigningKey, seed.Production = signingKey(), production
	seed.PublishableKey = "pk_test_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA"
	if production {
		seed.PublishableKey = "pk_live_Y2xlcmsuaW5zcGlyZWQucHVtYS03NC5sY2wuZGV2JA"
	}
	return start(t, append([]clerktest.Option{clerktest.WithSeed(seed)}, opts...)...)
}

func TestHandshakeOfAGuest(t *testing.T) {
	t.Parallel()
	v := visit(t, suffixed(t, false))
	back, nonce := v.handshake(t, "http://localhost:8080/a%20b?q=%7E1&__clerk_handshake_nonce=old#top")
	if got, want := back.String(), "http://localhost:8080/a%20b?q=%7E1&__clerk_handshake_nonce="+nonce+"#top"; got != want || nonce == "" {
		t.Errorf("it leads back to %s, want %s", got, want)
	}
	status, directives := v.exchange(t, nonce)
	want := []string{
		"__client_uat=; Path=/; " + gone + "SameSite=Lax",
		"__client_uat=0; Path=/; Domain=localhost; Max-Age=315360000; SameSite=Lax",
		"__client_uat_vWCgMp3A=0; Path=/; Domain=localhost; Max-Age=315360000; SameSite=Lax",
		"__refresh_vWCgMp3A=; Path=/; " + gone + "HttpOnly; SameSite=Lax",
		"__clerk_db_jwt=dv…; Path=/; Max-Age=31536000; SameSite=Lax",
		"__clerk_db_jwt_vWCgMp3A=dv…; Path=/; Max-Age=31536000; SameSite=Lax",
		"__session=; Path=/; " + gone + "SameSite=Lax",
		"__session_vWCgMp3A=; Path=/; " + gone + "SameSite=Lax",
	}
	if diff := cmp.Diff(want, shapes(directives)); diff != "" || status != http.StatusOK {
		t.Errorf("%d, the directives (-want +got):\n%s", status, diff)
	}
	if status, _ := v.exchange(t, nonce); status != http.StatusNotFound {
		t.Errorf("the nonce again: %d", status)
	}
}

func TestHandshakeInProduction(t *testing.T) {
	t.Parallel()
	v := visit(t, suffixed(t, true))
	const page = "https://app.inspired.puma-74.lcl.dev/account"
	resp := v.signIn(t, "user_1", page)
	var set []string
	for _, line := range resp.Header.Values("Set-Cookie") {
		name, rest, _ := strings.Cut(line, "=")
		_, attributes, _ := strings.Cut(rest, ";")
		set = append(set, name+attributes)
	}
	if diff := cmp.Diff([]string{
		"__client Path=/; Max-Age=315360000; HttpOnly; Secure; SameSite=Lax",
		"__client_uat Path=/; Domain=inspired.puma-74.lcl.dev; Max-Age=315360000; Secure; SameSite=Lax",
		"__client_uat_MqCvchyS Path=/; Domain=inspired.puma-74.lcl.dev; Max-Age=315360000; Secure; SameSite=Lax",
	}, set); diff != "" {
		t.Errorf("signing in sets (-want +got):\n%s", diff)
	}
	if resp.Header.Get("Location") != page {
		t.Errorf("it leads back to %s", resp.Header.Get("Location"))
	}
	back, nonce := v.handshake(t, page)
	if back.String() != page {
		t.Errorf("the handshake leads back to %s", back)
	}
	_, directives := v.exchange(t, nonce)
	uat := strings.TrimPrefix(strings.Split(directives[3], ";")[0], "__client_uat=")
	domain := "; Path=/; Domain=inspired.puma-74.lcl.dev; "
	want := []string{
		"__client_uat=; Path=/; " + gone + "Secure; SameSite=Lax",
		"__clerk_handshake=" + domain + gone + "Secure; SameSite=Lax",
		"__clerk_handshake_nonce=" + domain + gone + "Secure; SameSite=Lax",
		"__client_uat=" + uat + domain + "Max-Age=315360000; Secure; SameSite=Lax",
		"__client_uat_MqCvchyS=" + uat + domain + "Max-Age=315360000; Secure; SameSite=Lax",
		"__refresh_MqCvchyS=rt…; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax",
		"__session=ey…; Path=/; Max-Age=31536000; Secure; SameSite=Lax",
		"__session_MqCvchyS=ey…; Path=/; Max-Age=31536000; Secure; SameSite=Lax",
	}
	got := shapes(directives)
	got[5] = strings.Replace(got[5], "Max-Age=604799", "Max-Age=604800", 1) // a second may have passed
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the directives (-want +got):\n%s", diff)
	}
	token := strings.TrimPrefix(strings.Split(directives[7], ";")[0], "__session_MqCvchyS=")
	_, claims := parts(t, token)
	if err := verify(t, v.instance, token); err != nil || claims["azp"] != "https://app.inspired.puma-74.lcl.dev" || claims["sub"] != "user_1" {
		t.Errorf("the token has %v, %v", claims, err)
	}
}

func TestHandshakeTokens(t *testing.T) {
	t.Parallel()
	v := visit(t, suffixed(t, false, clerktest.WithHandshakeTokens()))
	_, token := v.handshake(t, "http://127.0.0.1:8080/")
	header, claims := parts(t, token)
	if err := verify(t, v.instance, token); err != nil || header["cat"] != "cl_B7d4PD111AAA" || header["typ"] != "JWT" {
		t.Errorf("the header is %v, the signature %v", header, err)
	}
	var directives []string
	for _, line := range claims["handshake"].([]any) {
		directives = append(directives, line.(string))
	}
	if got := shapes(directives)[1]; got != "__client_uat=0; Path=/; Max-Age=315360000; SameSite=Lax" {
		t.Errorf("for an address: %s", got)
	}
	if _, token := v.handshake(t, "http://127.0.0.1:8080/", "format", "token"); !strings.HasPrefix(token, "ey") {
		t.Errorf("asked for a token: %s", token)
	}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	instance := suffixed(t, false)
	v := visit(t, instance)
	const page = "http://localhost:8080/"
	query := url.Values{"redirect_url": {page}}
	if _, body := v.ask(t, "/sign-in", query, nil); !strings.Contains(body, `id="nobody"`) || !strings.Contains(body, `value="user_1"`) {
		t.Errorf("the page of a guest is %s", body)
	}
	back, err := v.signIn(t, "user_1", page).Location()
	if err != nil || !strings.HasPrefix(back.Query().Get("__clerk_db_jwt"), "dvb_") {
		t.Fatalf("it leads back to %v, %v", back, err)
	}
	if _, body := v.ask(t, "/sign-in", query, nil); !strings.Contains(body, `<b id="user">user_1</b>`) {
		t.Errorf("the page of a user is %s", body)
	}
	signedIn := func(v *visitor, more ...string) bool {
		_, nonce := v.handshake(t, page, more...)
		_, directives := v.exchange(t, nonce)
		return strings.HasPrefix(directives[len(directives)-1], "__session_vWCgMp3A=ey")
	}
	other := visit(t, instance)
	browser := back.Query().Get("__clerk_db_jwt")
	if !signedIn(v) || !signedIn(other, "__clerk_db_jwt", browser) {
		t.Error("the handshake does not know the browser, by its cookie or by its token")
	}
	if signedIn(visit(t, instance), "__clerk_db_jwt", "dvb_stranger") || signedIn(visit(t, instance)) {
		t.Error("a stranger is signed in")
	}
	if resp, body := v.ask(t, "/sign-out", nil, url.Values{"redirect_url": {page}}); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("signing out: %d %s", resp.StatusCode, body)
	}
	if signedIn(v) || signedIn(other, "__clerk_db_jwt", browser) {
		t.Error("the browser is still signed in")
	}
	if status := instance.Seed().Sessions[len(instance.Seed().Sessions)-1].Status; status != "removed" {
		t.Errorf("the session is %s", status)
	}
}

func TestHandshakeAfterSignInCookies(t *testing.T) {
	t.Parallel()
	v := visit(t, suffixed(t, false))
	r := httptest.NewRequest(http.MethodGet, "http://app.test/", nil)
	v.instance.SignInCookies(r, "user_1")
	browser, err := r.Cookie("__clerk_db_jwt")
	if err != nil {
		t.Fatal(err)
	}
	_, nonce := v.handshake(t, "http://app.test/", "__clerk_db_jwt", browser.Value)
	_, directives := v.exchange(t, nonce)
	if _, claims := parts(t, strings.TrimPrefix(strings.Split(directives[6], ";")[0], "__session=")); claims["sid"] != "sess_1" {
		t.Errorf("the claims are %v", claims)
	}
}

func TestNonceRunsOut(t *testing.T) {
	t.Parallel()
	c := newClock()
	v := visit(t, suffixed(t, false, clerktest.WithClock(c.now)))
	_, nonce := v.handshake(t, "http://app.test/")
	c.advance(time.Minute + time.Millisecond)
	if status, _ := v.exchange(t, nonce); status != http.StatusNotFound {
		t.Errorf("after a minute: %d", status)
	}
	v.instance.Inject(clerktest.Fault{Operation: "GetHandshakePayload", Times: 1, Status: http.StatusServiceUnavailable})
	_, nonce = v.handshake(t, "http://app.test/")
	if status, _ := v.exchange(t, nonce); status != http.StatusServiceUnavailable {
		t.Errorf("with a fault: %d", status)
	}
	if status, _ := v.exchange(t, nonce); status != http.StatusOK {
		t.Errorf("after the fault: %d", status)
	}
	for query, want := range map[string]int{"": http.StatusBadRequest, "?nonce=": http.StatusNotFound, "?nonce=a&surprise=1": http.StatusUnprocessableEntity} {
		if got := send(t, v.instance, http.MethodGet, "/clients/handshake_payload"+query, ""); got.status != want {
			t.Errorf("%q: %d, want %d", query, got.status, want)
		}
	}
	if got := send(t, v.instance, http.MethodGet, "/clients/handshake_payload?nonce=a", "", "Authorization", "Bearer sk_test_other"); got.status != http.StatusUnauthorized {
		t.Errorf("with a wrong key: %d", got.status)
	}
	if last := v.instance.Requests(); last[len(last)-1].Operation != "GetHandshakePayload" {
		t.Errorf("the log ends with %+v", last[len(last)-1])
	}
}
