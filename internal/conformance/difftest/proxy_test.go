package difftest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/auth/frontendproxy"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

const (
	proxySecret = "sk_live_xxx"
	proxyKey    = "pk_live_Y2xlcmsuZXhhbXBsZS5jb20k" // clerk.example.com
)

// proxyCase is a request to the proxy of the frontend API, and what makes the two proxies
// differ.
type proxyCase struct {
	name    string
	url     string // under https://example.com if it is a path
	method  string // GET if empty
	header  [][2]string
	body    string
	respond http.HandlerFunc // of the target; an empty object if nil
	down    bool             // the target
	options map[string]string
	// differs are the facts that are different, as in JavaScript and here.
	differs map[string][2]string
}

func found(location string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", strings.ReplaceAll(location, "TARGET", r.Host))
		w.WriteHeader(http.StatusFound)
	}
}

func key(prefix, encoded string) map[string]string {
	return map[string]string{"publishableKey": prefix + encoded}
}

// refusedHere says that a set of keys or options is an error at construction (P7, P8).
func refusedHere(status, code string) map[string][2]string {
	return map[string][2]string{"status": {status, "construction"}, "code": {code, ""}}
}

var mismatch = map[string][2]string{"status": {"400", "404"}} // P6

var proxied = [][2]string{{"X-Forwarded-Host", "myapp.example.com"}, {"X-Forwarded-Proto", "https"}}

var proxyCases = []proxyCase{
	// The target of a key.
	{name: "production key", url: "/__clerk/v1/client"},
	{name: "staging key of a production instance", url: "/__clerk/v1", options: key("pk_live_", "Y2xlcmsuYWNjb3VudHNzdGFnZS5kZXYk")},
	{name: "local key", url: "/__clerk/v1", options: key("pk_test_", "bXlhcHAubGNsY2xlcmsuY29tJA=="), differs: refusedHere("200", "")},
	{name: "local key that says live", url: "/__clerk/v1", options: key("pk_live_", "bXlhcHAubGNsY2xlcmsuY29tJA=="), differs: refusedHere("200", "")},
	{name: "legacy development key", url: "/__clerk/v1", options: key("pk_test_", "Y2xlcmsuZXhhbXBsZS5sY2xjbGVyay5jb20k"), differs: refusedHere("200", "")},
	{name: "malformed key", url: "/__clerk/v1", options: key("invalid_key", ""), differs: refusedHere("200", "")},
	{name: "development secret key", url: "/__clerk/v1", options: map[string]string{"secretKey": "sk_test_xxx"}, differs: refusedHere("200", "")},

	// The path.
	{name: "below the path", url: "/__clerk/v1/client"},
	{name: "another path", url: "/api/users", differs: mismatch},
	{name: "own path", url: "/custom-proxy/v1/client", options: map[string]string{"proxyPath": "/custom-proxy"}},
	{name: "not the own path", url: "/__clerk/v1/client", options: map[string]string{"proxyPath": "/custom-proxy"}, differs: mismatch},
	{name: "the path itself", url: "/__clerk"},
	{name: "a slash behind the path", url: "/__clerk/"},
	{name: "a longer name", url: "/__clerk-admin/v1/client", differs: mismatch},
	{name: "own path with a slash at its end", url: "/__clerk/v1/client", options: map[string]string{"proxyPath": "/__clerk/"}},
	{name: "another case", url: "/__CLERK/v1", differs: mismatch},
	{name: "two slashes", url: "/__clerk//evil.com/steal"},
	{name: "escaped slashes", url: "/__clerk/%2F%2Fevil.com/x"},
	// The URL of a request in JavaScript has its dot segments resolved and no backslashes.
	{name: "dot segments", url: "/__clerk/a/../v1", differs: map[string][2]string{"status": {"200", "400"}, "code": {"", "proxy_request_invalid"}, "target URI": {"/v1", ""}}}, // P2
	{name: "escaped NUL", url: "/__clerk/a%00b", differs: map[string][2]string{"status": {"200", "400"}, "code": {"", "proxy_request_invalid"}, "target URI": {"/a%00b", ""}}}, // P2

	// Configuration.
	{name: "no publishable key", url: "/__clerk/v1", options: key("", ""), differs: refusedHere("500", "proxy_configuration_error")},
	{name: "no secret key", url: "/__clerk/v1", options: map[string]string{"secretKey": ""}, differs: refusedHere("500", "proxy_configuration_error")},
	{name: "target with a query", url: "/__clerk/v1", options: map[string]string{"fapiUrl": "https://clerk.example?x"}, differs: refusedHere("500", "proxy_configuration_error")},
	{name: "target with a user", url: "/__clerk/v1", options: map[string]string{"fapiUrl": "https://u:p@clerk.example"}, differs: refusedHere("500", "proxy_configuration_error")},
	{name: "target with a fragment", url: "/__clerk/v1", options: map[string]string{"fapiUrl": "https://clerk.example#x"}, differs: refusedHere("500", "proxy_configuration_error")},
	{name: "target with another scheme", url: "/__clerk/v1", options: map[string]string{"fapiUrl": "ftp://clerk.example"}, differs: refusedHere("500", "proxy_configuration_error")},
	{name: "target that is not a URL", url: "/__clerk/v1", options: map[string]string{"fapiUrl": "clerk"}, differs: refusedHere("500", "proxy_configuration_error")},

	// What the target receives.
	{name: "user agent", url: "/__clerk/v1/client", header: [][2]string{{"User-Agent", "Test Agent"}}},
	{name: "body", url: "/__clerk/v1/sign_ups", method: "POST", header: [][2]string{{"Content-Type", "application/json"}}, body: `{"email":"test@example.com"}`},
	{name: "query", url: "/__clerk/v1/client?_clerk_js_version=5.0.0&x=a%20b"},
	{name: "authorization and cookies", url: "/__clerk/v1", header: [][2]string{{"Authorization", "Bearer a.b.c"}, {"Cookie", "__client=x; __session=y"}}},
	{name: "X-Forwarded-For", url: "/__clerk/v1", header: [][2]string{{"X-Forwarded-For", "203.0.113.1"}}},
	{name: "X-Forwarded-For of several", url: "/__clerk/v1", header: [][2]string{{"X-Forwarded-For", "6.6.6.6, 203.0.113.1"}},
		differs: map[string][2]string{"X-Forwarded-For": {"6.6.6.6", "203.0.113.1"}}}, // P1: the left one is the client's own word
	{name: "header of a CDN that is not named", url: "/__clerk/v1", header: [][2]string{{"CF-Connecting-IP", "6.6.6.6"}, {"X-Forwarded-For", "203.0.113.1"}},
		differs: map[string][2]string{"X-Forwarded-For": {"6.6.6.6", "203.0.113.1"}}}, // P1
	{name: "header of a CDN that is named", url: "/__clerk/v1", header: [][2]string{{"CF-Connecting-IP", "203.0.113.2"}, {"X-Forwarded-For", "203.0.113.1"}},
		options: map[string]string{"clientIP": "CF-Connecting-IP"}},
	{name: "X-Real-IP", url: "/__clerk/v1", header: [][2]string{{"X-Real-IP", "203.0.113.2"}}, options: map[string]string{"clientIP": "X-Real-IP"}},
	{name: "fields of the connection", url: "/__clerk/v1", header: [][2]string{{"Connection", "keep-alive"}, {"Keep-Alive", "timeout=5"}, {"User-Agent", "Test"}}},
	{name: "fields that Connection names", url: "/__clerk/v1", header: [][2]string{{"Connection", "close, x-mine"}, {"X-Mine", "1"}}},
	{name: "fields of the proxy in Connection", url: "/__clerk/v1", header: [][2]string{{"Connection", "clerk-secret-key, clerk-proxy-url"}, {"Clerk-Secret-Key", "evil"}, {"Clerk-Proxy-Url", "evil"}}},
	{name: "coding", url: "/__clerk/v1", header: [][2]string{{"Accept-Encoding", "gzip, deflate, br"}},
		differs: map[string][2]string{"Accept-Encoding": {"identity", "gzip, deflate, br"}}}, // P4
	{name: "public origin of the URL", url: "/__clerk/v1"},
	{name: "public origin of proxies", url: "http://internal.local/__clerk/v1", header: proxied},
	{name: "public origin of proxies, not localhost", url: "http://localhost:3000/__clerk/v1", header: proxied},

	// What the client receives.
	{name: "target that is down", url: "/__clerk/v1", down: true},
	{name: "status", url: "/__clerk/v1", respond: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }},
	{name: "several cookies", url: "/__clerk/v1", respond: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", "a=1; Path=/")
		w.Header().Add("Set-Cookie", "b=2, 3; Path=/")
	}},
	{name: "coded body", url: "/__clerk/v1", respond: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "identity-of-clerk")
		io.WriteString(w, "coded")
	}, differs: map[string][2]string{"Content-Encoding": {"", "identity-of-clerk"}}}, // P4
	{name: "redirect to the target", url: "/__clerk/v1/oauth/authorize", respond: found("http://TARGET/v1/oauth/callback?code=123")},
	{name: "redirect to the target behind a proxy", url: "http://localhost:3000/__clerk/v1/oauth/authorize", header: proxied, respond: found("http://TARGET/v1/oauth/callback?code=123")},
	{name: "redirect elsewhere", url: "/__clerk/v1/oauth/authorize", respond: found("https://accounts.google.com/oauth/authorize")},
	{name: "redirect to a path", url: "/__clerk/v1/oauth/authorize", respond: found("/v1/client")},
	{name: "redirect to a fragment", url: "/__clerk/v1/x", respond: found("http://TARGET/v1/x#frag")},
	{name: "redirect that cannot be parsed", url: "/__clerk/v1/x", respond: found("https://%zz/")},
	{name: "redirect that is not followed", url: "/__clerk/v1/x", respond: func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+r.Host+"/v1/y", http.StatusTemporaryRedirect)
	}},
}

// facts are what is compared of a case.
type facts map[string]string

// received adds what the target received, with the coding that it may use if the client
// said so.
func (f facts) received(r *http.Request, coding bool) {
	f["target URI"] = r.RequestURI
	f["method"] = r.Method
	body, _ := io.ReadAll(r.Body)
	f["target body"] = string(body)
	for name, values := range r.Header {
		// Node's client names itself and asks for any type where the request does not.
		if slices.Contains([]string{"Connection", "Accept", "Accept-Language", "Sec-Fetch-Mode", "Content-Length", "Transfer-Encoding", "Cache-Control", "Pragma"}, name) ||
			name == "User-Agent" && values[0] == "node" || name == "Accept-Encoding" && !coding ||
			slices.Contains([]string{"Cf-Connecting-Ip", "X-Real-Ip"}, name) { // P1: such fields do not pass
			continue
		}
		f[name] = strings.Join(values, "; ")
	}
}

// responded adds what the client receives.
func (f facts) responded(status int, header http.Header, body string) {
	f["status"] = fmt.Sprint(status)
	for _, name := range []string{"Location", "Set-Cookie", "Content-Encoding"} {
		if values := header[name]; values != nil {
			f[name] = strings.Join(values, "; ")
		}
	}
	var failed struct{ Errors []struct{ Code string } }
	if json.Unmarshal([]byte(body), &failed) == nil && len(failed.Errors) == 1 {
		f["code"] = failed.Errors[0].Code
		f["cache"] = header.Get("Cache-Control")
	}
}

// option returns an option of the case, or what is usual.
func (c *proxyCase) option(name, usual string) string {
	if value, found := c.options[name]; found {
		return value
	}
	return usual
}

// start returns the URL of a target that adds what it receives to f.
func (c *proxyCase) start(t *testing.T, f facts) string {
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if f["target URI"] != "" {
			t.Errorf("%s: the target receives two requests", c.name)
		}
		f.received(r, slices.ContainsFunc(c.header, func(field [2]string) bool { return field[0] == "Accept-Encoding" }))
		if c.respond != nil {
			c.respond(w, r)
		}
	}))
	t.Cleanup(server.Close)
	if c.down {
		return "http://127.0.0.1:2" // no server listens there, and fetch does not block the port
	}
	return server.URL
}

// address returns the URL of the request.
func (c *proxyCase) address() string {
	if strings.HasPrefix(c.url, "/") {
		return "https://example.com" + c.url
	}
	return c.url
}

// here sends the case through the proxy of this module, as if it came through a trusted one.
func (c *proxyCase) here(t *testing.T) facts {
	f := facts{}
	opts := []frontendproxy.Option{frontendproxy.WithTarget(c.option("fapiUrl", c.start(t, f)))}
	if name := c.options["clientIP"]; name != "" {
		opts = append(opts, frontendproxy.WithClientIP(name))
	}
	h, err := frontendproxy.New(c.option("secretKey", proxySecret), c.option("publishableKey", proxyKey), c.option("proxyPath", "/__clerk"), opts...)
	if err != nil {
		return facts{"status": "construction"}
	}
	r := httptest.NewRequestWithContext(t.Context(), cmp.Or(c.method, http.MethodGet), c.address(), strings.NewReader(c.body))
	r.RemoteAddr = peerAddress + ":1"
	for _, field := range c.header {
		r.Header.Add(field[0], field[1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	f.responded(w.Code, w.Header(), w.Body.String())
	f["matches"] = fmt.Sprint(w.Code != http.StatusNotFound)
	if own, err := frontendproxy.New(proxySecret, c.option("publishableKey", proxyKey), "/__clerk"); err == nil {
		_, target, _ := strings.Cut(own.String(), `target="`)
		f["target"] = strings.TrimSuffix(target, `")`)
	}
	return f.withoutPeer()
}

// withoutPeer removes the address of the peer, which JavaScript does not know.
func (f facts) withoutPeer() facts {
	if f["X-Forwarded-For"] == peerAddress {
		delete(f, "X-Forwarded-For")
	}
	return f
}

const peerAddress = "10.0.0.1"

// javaScript sends the cases through the proxy of the JavaScript SDK.
func javaScript(t *testing.T, cases []proxyCase) []facts {
	t.Helper()
	switch err := peer.Prepare("javascript"); {
	case err == nil:
	case os.Getenv("JUDGE_REQUIRED") != "":
		t.Fatal(err)
	case errors.Is(err, peer.ErrNoNode), errors.Is(err, peer.ErrNotInstalled):
		t.Skipf("not compared with the JavaScript SDK: %v", err)
	default:
		t.Fatal(err)
	}
	all := make([]facts, len(cases))
	var in bytes.Buffer
	for i, c := range cases {
		all[i] = facts{}
		options := map[string]string{"fapiUrl": c.start(t, all[i]), "publishableKey": proxyKey, "secretKey": proxySecret}
		maps.Copy(options, c.options)
		if err := json.NewEncoder(&in).Encode(map[string]any{
			"url": c.address(), "method": cmp.Or(c.method, http.MethodGet), "headers": append([][2]string{}, c.header...), "body": c.body, "options": options,
		}); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), "node", "proxy.mjs")
	command.Dir, command.Stdin = "javascript", &in
	command.Env = []string{"PATH=" + os.Getenv("PATH")} // The environment must not configure the SDK.
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("node: %v: %s", err, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(cases) {
		t.Fatalf("node wrote %d outcomes, want %d", len(lines), len(cases))
	}
	for i, line := range lines {
		var answer struct {
			Matches bool
			Target  string
			Status  int
			Headers [][2]string
			Body    string
		}
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			t.Fatal(err)
		}
		header := http.Header{}
		for _, field := range answer.Headers {
			header.Add(field[0], field[1])
		}
		all[i].responded(answer.Status, header, answer.Body)
		all[i]["matches"], all[i]["target"] = fmt.Sprint(answer.Matches), answer.Target
	}
	return all
}

// TestProxyDiffersAsDeclaredAlone compares the two proxies of the frontend API.
func TestProxyDiffersAsDeclaredAlone(t *testing.T) {
	theirs := javaScript(t, proxyCases)
	for i, c := range proxyCases {
		ours := c.here(t)
		want := maps.Clone(theirs[i])
		for fact, sides := range c.differs {
			if theirs[i][fact] != sides[0] {
				t.Errorf("%s: %s is %q in JavaScript, want %q", c.name, fact, theirs[i][fact], sides[0])
			}
			want[fact] = sides[1]
		}
		switch want["status"] {
		case "construction":
			want = facts{"status": "construction"}
		case "400", "404": // Nothing reaches the target.
			for fact := range want {
				if !slices.Contains([]string{"status", "code", "cache", "matches", "target"}, fact) {
					delete(want, fact)
				}
			}
			want["cache"] = "no-store"
		}
		if diff := gocmp.Diff(want, ours); diff != "" {
			t.Errorf("%s (-JavaScript, with the differences declared, +here):\n%s", c.name, diff)
		}
	}
}
