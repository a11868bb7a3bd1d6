package frontendproxy

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ownFields are what a target receives beside what a client sent.
func ownFields(client string) http.Header {
	return http.Header{
		"Clerk-Proxy-Url":   {publicURL + "/__clerk"},
		"Clerk-Secret-Key":  {secretKey},
		"X-Forwarded-For":   {client},
		"X-Forwarded-Host":  {"app.example.com"},
		"X-Forwarded-Proto": {"https"},
	}
}

func TestTargetReceivesThePathBelowTheProxyAndItsFields(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk))
	for path, want := range map[string]string{
		"/__clerk/v1/client?x=1":                    "/v1/client?x=1",
		"/__clerk":                                  "/",
		"/__clerk/":                                 "/",
		"/__clerk?":                                 "/?",
		"/__clerk?a":                                "/?a",
		"/__clerk//evil.com/steal":                  "//evil.com/steal",
		"/__clerk/%2F%2Fevil.com/x":                 "/%2F%2Fevil.com/x",
		"/__clerk/@evil.com":                        "/@evil.com",
		"/__clerk/:80/x;y=1":                        "/:80/x;y=1",
		"/__clerk/...":                              "/...",
		"/__clerk/a%20b/%C3%A9":                     "/a%20b/%C3%A9",
		"/__clerk/x?a;b=1&c=%zz":                    "/x?a;b=1&c=%zz",
		"/__clerk/x?to=//evil.com/../":              "/x?to=//evil.com/../",
		"http://evil.com/__clerk/v1":                "/v1",
		"/__clerk/x?" + strings.Repeat("q", 30<<10): "/x?" + strings.Repeat("q", 30<<10),
	} {
		response := sendRaw(t, proxy, get(path))
		if response.StatusCode != http.StatusOK {
			t.Errorf("%.60q: status %d", path, response.StatusCode)
			continue
		}
		got := clerk.one(t)
		if got.RequestURI != want || got.Host != clerk.Listener.Addr().String() {
			t.Errorf("%.60q: the target at %s received %.60q, want %.60q", path, got.Host, got.RequestURI, want)
		}
		if diff := cmp.Diff(ownFields("127.0.0.1"), got.Header); diff != "" {
			t.Errorf("%.60q: fields (-want +got):\n%s", path, diff)
		}
	}
}

func TestTargetMayHaveAPath(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk, WithTarget(clerk.URL+"/a%2Fb/")))
	for path, want := range map[string]string{"/__clerk": "/a%2Fb/", "/__clerk/v1": "/a%2Fb/v1", "/__clerk//x": "/a%2Fb//x"} {
		sendRaw(t, proxy, get(path))
		if got := clerk.one(t).RequestURI; got != want {
			t.Errorf("%s: the target received %s, want %s", path, got, want)
		}
	}
}

func TestOtherPathsAreNotFound(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk))
	for _, path := range []string{"/", "/__clerk-admin", "/__clerk@evil.com/v1", "/__CLERK/v1", "/__cler", "/x/__clerk/v1", "//__clerk/v1", "/%5F_clerk/v1", "/__clerk%2Fv1"} {
		wantError(t, sendRaw(t, proxy, get(path)), http.StatusNotFound, "proxy_path_mismatch")
	}
	if list := clerk.take(); list != nil {
		t.Errorf("the target received %d requests", len(list))
	}
}

func TestPathsThatMayLeadElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk))
	for _, path := range []string{
		"/../admin", "/..", "/%2e%2e/", "/.%2e/", "/%2E./x", "/a/./b", "/a/.", "/%2e", `/\evil.com`, "/%5cevil.com", "/a%5Cb",
		"/%00", "/a%00b", "/%0d%0aX:%20y", "/%09", "/%1f", "/%7f", "/a%2F..%2Fb", "/a%2f%2e%2e",
	} {
		wantError(t, sendRaw(t, proxy, get("/__clerk"+path)), http.StatusBadRequest, "proxy_request_invalid")
	}
	if list := clerk.take(); list != nil {
		t.Errorf("the target received %d requests", len(list))
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk))
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		sendRaw(t, proxy, method+" /__clerk/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
		if got := clerk.one(t).Method; got != method {
			t.Errorf("the target received %s, want %s", got, method)
		}
	}
	for _, method := range []string{"CONNECT", "TRACE", "get", "PURGE"} {
		response := sendRaw(t, proxy, method+" /__clerk/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
		wantError(t, response, http.StatusMethodNotAllowed, "proxy_request_invalid")
		if got := response.Header.Get("Allow"); got != "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" {
			t.Errorf("Allow is %q", got)
		}
	}
	if list := clerk.take(); list != nil {
		t.Errorf("the target received %d requests", len(list))
	}
}

// Fields that only the proxy may set reach the target neither in another spelling nor
// because a client names them in Connection.
func TestFieldsOfTheProxyAreNeverTheClients(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk, WithClientIP("Fly-Client-Ip")))
	for _, name := range []string{
		"Clerk-Secret-Key", "Clerk-Proxy-Url", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
		"X-Forwarded-Port", "X-Forwarded-Anything", "X-Real-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "Fly-Client-Ip",
	} {
		for _, spelled := range []string{name, strings.ToUpper(name), strings.ToLower(name), strings.ReplaceAll(name, "-", "_")} {
			for _, connection := range [][]string{nil, {"Connection: " + spelled}, {"Connection: close, " + spelled}} {
				fields := append(slices.Clone(connection), spelled+": evil", spelled+": evil", "Accept: */*", "Authorization: Bearer a.b.c", "Cookie: __client=x")
				sendRaw(t, proxy, get("/__clerk/x", fields...))
				want := ownFields("127.0.0.1")
				want["Accept"], want["Authorization"], want["Cookie"] = []string{"*/*"}, []string{"Bearer a.b.c"}, []string{"__client=x"}
				if diff := cmp.Diff(want, clerk.one(t).Header); diff != "" {
					t.Errorf("%s, %v (-want +got):\n%s", spelled, connection, diff)
				}
			}
		}
	}
	h := newProxy(t, clerk, WithClientIP("X_Client_IP"))
	r := newRequest(t, http.MethodGet, "/__clerk/x", nil)
	r.Header.Set("X_Client_IP", "6.6.6.6")
	r.Header.Set("X-Client-IP", "6.6.6.6")
	serve(t, h, r)
	if diff := cmp.Diff(ownFields("203.0.113.9"), clerk.one(t).Header); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestFieldsOfTheConnectionStay(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk))
	for _, fields := range [][]string{
		{"Connection: Upgrade", "Upgrade: websocket"},
		{"Connection: keep-alive, x-mine", "Keep-Alive: 5", "X-Mine: 1"},
		{"TE: trailers", "Proxy-Authorization: Basic eA==", "Proxy-Connection: close"},
	} {
		sendRaw(t, proxy, get("/__clerk/x", fields...))
		if diff := cmp.Diff(ownFields("127.0.0.1"), clerk.one(t).Header); diff != "" {
			t.Errorf("%v (-want +got):\n%s", fields, diff)
		}
	}
	sendRaw(t, proxy, "POST /__clerk/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Clerk-Secret-Key\r\n\r\n1\r\nx\r\n0\r\nClerk-Secret-Key: evil\r\n\r\n")
	if got := clerk.one(t); got.Trailer != nil || got.body != "x" {
		t.Errorf("the target received the trailer %v after %q", got.Trailer, got.body)
	}
}

func TestAddressOfTheClient(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	h := newProxy(t, clerk, WithClientIP("cf-connecting-ip"), WithTrustedProxies("198.51.100.0/24"))
	for name, test := range map[string]struct{ peer, forwarded, cdn, want string }{
		"peer that is not trusted": {"203.0.113.9:1", "6.6.6.6, 10.0.0.9", "7.7.7.7", "203.0.113.9"},
		"private peer":             {"10.0.0.9:1", "6.6.6.6, 10.0.0.9", "", "6.6.6.6"},
		"named peer":               {"198.51.100.1:1", "6.6.6.6, 198.51.100.2", "", "6.6.6.6"},
		"CDN":                      {"10.0.0.9:1", "6.6.6.6", "7.7.7.7", "7.7.7.7"},
		"CDN, with a port":         {"10.0.0.9:1", "6.6.6.6", "7.7.7.7:443", "7.7.7.7"},
		"CDN, IPv6 in brackets":    {"10.0.0.9:1", "6.6.6.6", "[2001:db8::1]", "2001:db8::1"},
		"CDN, two values":          {"10.0.0.9:1", "6.6.6.6", "7.7.7.7, 8.8.8.8", "6.6.6.6"},
		"CDN, garbage":             {"10.0.0.9:1", "6.6.6.6", "client", "6.6.6.6"},
		"peer without an address":  {"@", "6.6.6.6", "7.7.7.7", ""},
	} {
		r := newRequest(t, http.MethodGet, "/__clerk/x", nil)
		r.RemoteAddr = test.peer
		r.Header.Set("X-Forwarded-For", test.forwarded)
		if test.cdn != "" {
			r.Header.Set("Cf-Connecting-Ip", test.cdn)
		}
		serve(t, h, r)
		want := ownFields(test.want)
		if test.want == "" {
			delete(want, "X-Forwarded-For")
		}
		if diff := cmp.Diff(want, clerk.one(t).Header); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestPublicOrigin(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	for name, test := range map[string]struct {
		proxyURL string
		opts     []Option
		peer     string
		host     string
		fields   http.Header
		want     string // "" for a refusal
	}{
		"fixed, whatever the host":       {opts: []Option{WithPublicOrigin(publicURL)}, host: "evil.com", want: publicURL + "/__clerk"},
		"fixed by an absolute URL":       {proxyURL: publicURL + "/__clerk/", host: "evil.com", want: publicURL + "/__clerk"},
		"absolute URL before the option": {proxyURL: publicURL + "/c", opts: []Option{WithPublicOrigin("https://other.example")}, host: "evil.com", want: publicURL + "/c"},
		"of a trusted peer": {peer: "10.0.0.1:1", host: "inner", fields: http.Header{"X-Forwarded-Host": {"app.example.com"}, "X-Forwarded-Proto": {"https"}},
			want: publicURL + "/__clerk"},
		"of a stranger":        {host: "inner", fields: http.Header{"X-Forwarded-Host": {"evil.com"}, "X-Forwarded-Proto": {"https"}}},
		"plain http":           {host: "app.example.com"},
		"http on this machine": {host: "localhost:3000", want: "http://localhost:3000/__clerk"},
		"no host":              {host: ""},
		"malformed host":       {host: "a@b"},
	} {
		path := test.proxyURL
		if path == "" {
			path = "/__clerk"
		}
		h, err := New(secretKey, liveKey, path, append([]Option{WithTarget(clerk.URL)}, test.opts...)...)
		if err != nil {
			t.Fatal(err)
		}
		r := newRequest(t, http.MethodGet, h.p.proxyURL.Path+"/x", nil)
		if test.peer != "" {
			r.RemoteAddr = test.peer
		}
		r.Host = test.host
		maps.Copy(r.Header, test.fields)
		response := serve(t, h, r)
		h.p.transport.CloseIdleConnections()
		if test.want == "" {
			wantError(t, response, http.StatusBadRequest, "proxy_request_invalid")
			if list := clerk.take(); list != nil {
				t.Errorf("%s: the target received %d requests", name, len(list))
			}
			continue
		}
		if got := clerk.one(t).Header.Get("Clerk-Proxy-Url"); got != test.want {
			t.Errorf("%s: Clerk-Proxy-Url is %q, want %q", name, got, test.want)
		}
	}
	h, err := New(secretKey, liveKey, "/__clerk", WithTarget(clerk.URL))
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, sendRaw(t, front(t, h), "GET /__clerk/x HTTP/1.0\r\n\r\n"), http.StatusBadRequest, "proxy_request_invalid")
}

func TestBodiesUpToTheLimitPass(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk))
	for _, test := range []struct {
		name   string
		length int64
		size   int
		status int
	}{
		{"chunked, at the limit", -1, 32 << 20, http.StatusOK},
		{"chunked, above it", -1, 32<<20 + 1, http.StatusRequestEntityTooLarge},
		{"at the limit", 32 << 20, 32 << 20, http.StatusOK},
		{"above it", 32<<20 + 1, 32<<20 + 1, http.StatusRequestEntityTooLarge},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, proxy.URL+"/__clerk/x", bytes.NewReader(make([]byte, test.size)))
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = test.length
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		defer response.Body.Close()
		list := clerk.take()
		if test.status != http.StatusOK {
			wantError(t, response, test.status, "proxy_request_invalid")
			if list != nil {
				t.Errorf("%s: the target received a whole request", test.name)
			}
		} else if response.StatusCode != test.status || len(list) != 1 || len(list[0].body) != test.size {
			t.Errorf("%s: status %d, and the target received %d requests", test.name, response.StatusCode, len(list))
		}
	}
	// A length above the limit is enough: nothing is sent, so it does not matter that the
	// target is down.
	down := newProxy(t, clerk, WithTarget("http://127.0.0.1:1"), WithBodyLimit(4))
	wantError(t, serve(t, down, newRequest(t, http.MethodPost, "/__clerk/x", strings.NewReader("five!"))), http.StatusRequestEntityTooLarge, "proxy_request_invalid")
	small := front(t, newProxy(t, clerk, WithBodyLimit(4)))
	for body, want := range map[string]int{"four": http.StatusOK, "five!": http.StatusRequestEntityTooLarge} {
		response, err := http.Post(small.URL+"/__clerk/x", "", struct{ io.Reader }{strings.NewReader(body)})
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("a body of %d bytes: status %d, want %d", len(body), response.StatusCode, want)
		}
	}
}

func TestBodyBehindAnExpectation(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	proxy := front(t, newProxy(t, clerk))
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: 1 << 40}}
	defer client.CloseIdleConnections()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, proxy.URL+"/__clerk/x", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Expect", "100-continue")
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if got := clerk.one(t).body; response.StatusCode != http.StatusOK || got != "body" {
		t.Errorf("status %d, and the target received %q", response.StatusCode, got)
	}
}

func TestMalformedBodyIsTheClientsFault(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	records := &strings.Builder{}
	proxy := front(t, newProxy(t, clerk, WithLogger(textLogger(records))))
	response := sendRaw(t, proxy, "POST /__clerk/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
	wantError(t, response, http.StatusBadRequest, "proxy_request_invalid")
	if records.Len() > 0 {
		t.Errorf("logged: %s", records)
	}
}

// FuzzRequest checks that whatever a request says, it is for the target and has each field
// of the proxy once, or is refused.
func FuzzRequest(f *testing.F) {
	for _, seed := range [][3]string{
		{"/__clerk/v1", "a=b", "X-Forwarded-For"}, {"/__clerk//evil.com", "", "x_forwarded_host"}, {"/__clerk/%2e%2e/", "%zz", "CLERK-SECRET-KEY"},
		{"/__clerk@evil.com", ";", "Connection"}, {"/__clerk/\\", "?", "Clerk_Proxy_Url"}, {"http://evil.com/__clerk/", "", "Host"},
	} {
		f.Add(seed[0], seed[1], seed[2], "Clerk-Secret-Key, evil")
	}
	clerk := newTarget(f, nil)
	h := newProxy(f, clerk)
	f.Fuzz(func(t *testing.T, path, query, name, value string) {
		raw := "GET " + path + "?" + query + " HTTP/1.1\r\nHost: app.example.com\r\n" + name + ": " + value + "\r\n\r\n"
		r, err := http.ReadRequest(newReader(raw))
		if err != nil {
			return
		}
		r.RemoteAddr = "203.0.113.9:1"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(t.Context()))
		list := clerk.take()
		if w.Code == http.StatusOK != (len(list) == 1) || w.Code == http.StatusBadGateway {
			t.Fatalf("%q: status %d, and the target received %d requests", raw, w.Code, len(list))
		}
		for _, got := range list {
			if got.Host != clerk.Listener.Addr().String() {
				t.Errorf("%q: the target received the host %q", raw, got.Host)
			}
			for field, want := range ownFields("203.0.113.9") {
				if !slices.Equal(got.Header[field], want) {
					t.Errorf("%q: %s is %q, want %q", raw, field, got.Header[field], want)
				}
			}
		}
	})
}
