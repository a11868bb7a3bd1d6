package clerktest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// ask sends a request to a started instance with pages. The header is pairs of names and
// values; the host is that of the instance unless the header has another.
func ask(t *testing.T, instance *clerktest.Instance, method, path, body string, header ...string) response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, instance.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
		if header[n] == "Host" {
			r.Host = header[n+1]
		}
	}
	resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{resp.StatusCode, resp.Header, text}
}

// steer sends a request under /_emulator/ that must succeed.
func steer(t *testing.T, instance *clerktest.Instance, method, path, body string) string {
	t.Helper()
	got := ask(t, instance, method, "/_emulator/"+path, body)
	if got.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, got.status, got.body)
	}
	return string(got.body)
}

const twoUsers = `{"users": [{"id": "user_1", "first_name": "Ada", "email_addresses": [{"email_address": "ada@example.com"}]}, {"id": "user_2"}]}`

// startPages starts an instance with pages and two users.
func startPages(t *testing.T, opts ...clerktest.Option) *clerktest.Instance {
	t.Helper()
	seed, err := clerktest.ParseSeed([]byte(twoUsers))
	if err != nil {
		t.Fatal(err)
	}
	seed.SigningKey = signingKey
	return clerktest.New(t, append([]clerktest.Option{clerktest.WithSeed(seed), clerktest.WithPages()}, opts...)...)
}

func TestResetReturnsToTheSeed(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	before := dump(t, instance)
	if got := send(t, instance, http.MethodDelete, "/users/user_1", ""); got.status != http.StatusOK {
		t.Fatalf("deleting: %d %s", got.status, got.body)
	}
	steer(t, instance, http.MethodPost, "faults", `{"status": 503}`)
	steer(t, instance, http.MethodPost, "clock", `{"advance": "1h"}`)
	if got := steer(t, instance, http.MethodPost, "reset", ""); !strings.Contains(got, `"users": 2`) {
		t.Errorf("the counts are %s", got)
	}
	if after := dump(t, instance); after != before {
		t.Errorf("the content after a reset is %s, want %s", after, before)
	}
	if len(instance.Faults()) > 0 || len(instance.Requests()) > 0 || time.Until(instance.Now()) > time.Minute {
		t.Errorf("after a reset there are %v, %v, %v", instance.Faults(), instance.Requests(), instance.Now())
	}
}

func TestSeedsReplaceAndAdd(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	steer(t, instance, http.MethodPost, "seed", `{"users": [{"id": "user_3"}], "organizations": [{"id": "org_1", "name": "Acme"}]}`)
	if instance.User("user_1") == nil || instance.User("user_3") == nil {
		t.Error("adding a user replaces others, or adds none")
	}
	before := dump(t, instance)
	for body, want := range map[string]string{
		`{"users": [{"id": "user_4"}, {"id": "user_1"}]}`:     "users[1].id",
		`{"users": [{"id": "user_4", "nam": "x"}]}`:           "users[0].nam",
		`{"secret_key": "sk_test_other", "users": []}`:        "secret_key",
		`{"instance_id": "ins_other"}`:                        "instance_id",
		`{"signing_key": "nonsense"}`:                         "signing_key",
		`{"production": true}`:                                "production",
		`{"publishable_key": "pk_test_b3RoZXIuZXhhbXBsZSQ="}`: "publishable_key",
		`{"frontend_api": "other.example"}`:                   "frontend_api",
		`nonsense`:                                            "JSON",
		`{"svix_app": "x"}`:                                   "svix_app",
	} {
		for _, method := range []string{http.MethodPost, http.MethodPut} {
			if method == http.MethodPut && strings.Contains(want, "users[1]") {
				continue // nobody has the ID once the content is replaced
			}
			got := ask(t, instance, method, "/_emulator/seed", body)
			if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), want) {
				t.Errorf("%s %s: %d %s", method, body, got.status, got.body)
			}
		}
	}
	if after := dump(t, instance); after != before {
		t.Errorf("refused seeds have changed the content to %s", after)
	}
	exported := steer(t, instance, http.MethodGet, "export", "")
	steer(t, instance, http.MethodPut, "seed", `{}`)
	if len(instance.Seed().Users) > 0 {
		t.Error("an empty seed leaves users")
	}
	steer(t, instance, http.MethodPut, "seed", exported)
	if after := dump(t, instance); after != before {
		t.Errorf("after an export and a seed the content is %s, want %s", after, before)
	}
}

func TestTheClockOfAnInstanceMoves(t *testing.T) {
	t.Parallel()
	c := newClock()
	instance := startPages(t, clerktest.WithClock(c.now))
	begin := c.now()
	steer(t, instance, http.MethodPost, "clock", `{"advance": "90m"}`)
	if got := instance.Now(); !got.Equal(begin.Add(90 * time.Minute)) {
		t.Errorf("the time after 90 minutes is %v", got)
	}
	if _, claims := parts(t, instance.Token()); claims["iat"] != float64(instance.Now().Unix()) {
		t.Errorf("a token was issued at %v, want %v", claims["iat"], instance.Now().Unix())
	}
	if got := steer(t, instance, http.MethodPost, "clock", `{"now": "2030-01-01T00:00:00Z"}`); !strings.Contains(got, `"now": "2030-01-01T00:00:00Z"`) {
		t.Errorf("the clock is %s", got)
	}
	c.advance(time.Second)
	if got := steer(t, instance, http.MethodGet, "clock", ""); !strings.Contains(got, `"now": "2030-01-01T00:00:01Z"`) {
		t.Errorf("a second later the clock is %s", got)
	}
	for _, body := range []string{`{}`, `{"advance": "soon"}`, `{"advance": 5}`, `{"now": "today"}`, `{"advance": "1h", "now": "2030-01-01T00:00:00Z"}`, `{"advance": "1h"} {}`, `{"advance": "1h"}]`, `{"advance": "1h"}}`, `{"advance": "2562047h"}`, `{"advance": "-2562047h"}`, `{"now": "9999-12-31T00:00:00Z"}`, `{"now": "0001-01-02T00:00:00Z"}`, `{"now": "1969-12-31T00:00:00Z"}`, `{"hours": 1}`, ``} {
		if got := ask(t, instance, http.MethodPost, "/_emulator/clock", body); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
}

func TestRequestsAreListedWithoutValues(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	send(t, instance, http.MethodGet, "/users?limit=7&query=sk_test_secret&sk_test_secret", "")
	send(t, instance, http.MethodPost, "/m2m_tokens/verify", `{"token": "mt_secret"}`)
	got := steer(t, instance, http.MethodGet, "requests", "")
	if strings.Contains(got, "secret") || !strings.Contains(got, `"operation": "ListUsers"`) {
		t.Errorf("the requests are %s", got)
	}
	var listed struct {
		Data []struct{ Parameters []string }
	}
	if err := json.Unmarshal([]byte(got), &listed); err != nil || len(listed.Data) != 2 || strings.Join(listed.Data[0].Parameters, " ") != "limit query" {
		t.Errorf("the requests are %+v, %v", listed, err)
	}
	if got := steer(t, instance, http.MethodDelete, "requests", ""); !strings.Contains(got, `"total_count": 0`) {
		t.Errorf("after they are forgotten, the requests are %s", got)
	}
}

// TestOtherOriginsGetNowhere sends what browsers send for pages of other origins and of
// hosts that lead to this computer.
func TestOtherOriginsGetNowhere(t *testing.T) {
	t.Parallel()
	instance := startPages(t, clerktest.WithHosts("emulator.test"))
	paths := map[string]string{ // with the method that changes something
		"/_emulator/export": http.MethodGet, "/_emulator/reset": http.MethodPost, "/_emulator/sign-in": http.MethodPost,
		"/__clerk/sign-in": http.MethodPost, "/__clerk/sign-up": http.MethodPost, "/__clerk/sign-out": http.MethodPost, "/__clerk/organizations": http.MethodPost,
	}
	for path, method := range paths {
		for name, header := range map[string][]string{
			"another origin":      {"Origin", "http://evil.example"},
			"no origin":           {"Origin", "null"},
			"another site":        {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"},
			"another port":        {"Sec-Fetch-Site", "same-site", "Origin", "http://127.0.0.1:1"},
			"a frame":             {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"},
			"an invented site":    {"Sec-Fetch-Site", "SAME-ORIGIN "},
			"a malformed origin":  {"Origin", "http://%zz"},
			"a preflight request": {"Origin", "http://evil.example", "Access-Control-Request-Method", "POST"},
		} {
			for _, m := range []string{method, http.MethodOptions} {
				got := ask(t, instance, m, path, "", header...)
				if got.status != http.StatusForbidden || !strings.Contains(string(got.body), "origin_invalid") {
					t.Errorf("%s %s from %s: %d %s", m, path, name, got.status, got.body)
				}
				for field := range got.header {
					if strings.HasPrefix(field, "Access-Control-") || field == "Set-Cookie" {
						t.Errorf("%s %s from %s: the response has %s", m, path, name, field)
					}
				}
			}
		}
		if got := ask(t, instance, method, path, "", "Host", "evil.example"); got.status != http.StatusMisdirectedRequest {
			t.Errorf("%s with another host: %d %s", path, got.status, got.body)
		}
	}
	if got := ask(t, instance, http.MethodGet, "/", "", "Accept", "text/html", "Host", "evil.example"); got.status != http.StatusMisdirectedRequest {
		t.Errorf("the status page of another host: %d %s", got.status, got.body)
	}
	for _, header := range [][]string{
		{}, {"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Site", "same-origin", "Origin", instance.URL()}, {"Origin", instance.URL()},
		{"Host", "emulator.test", "Origin", "http://emulator.test"}, {"Host", "localhost:1"},
	} {
		if got := ask(t, instance, http.MethodGet, "/_emulator/clock", "", header...); got.status != http.StatusOK {
			t.Errorf("with %v: %d %s", header, got.status, got.body)
		}
	}
	navigation := []string{"Accept", "text/html", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}
	for _, path := range []string{"/", "/__clerk/sign-in?redirect_url=http://localhost:8080/", "/__clerk/sign-up"} {
		if got := ask(t, instance, http.MethodGet, path, "", navigation...); got.status != http.StatusOK {
			t.Errorf("a link to %s: %d %s", path, got.status, got.body)
		}
		if got := ask(t, instance, http.MethodGet, path, "", append(navigation, "Sec-Fetch-Dest", "iframe")...); got.status != http.StatusForbidden {
			t.Errorf("%s in a frame: %d %s", path, got.status, got.body)
		}
	}
}

func TestNoPagesUnlessAsked(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	for _, path := range []string{"/", "/_emulator/", "/_emulator/export", "/__clerk/sign-in"} {
		if got := ask(t, instance, http.MethodGet, path, "", "Accept", "text/html"); got.status == http.StatusOK || strings.Contains(string(got.body), "<html") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if env := strings.Join(instance.Env(), " "); strings.Contains(env, "PROXY") {
		t.Errorf("the environment is %s", env)
	}
}

func TestUnknownPathsOfTheEmulator(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	for _, tc := range [][2]string{{http.MethodGet, "nothing"}, {http.MethodDelete, "seed"}, {http.MethodGet, "sign-in"}} {
		got := ask(t, instance, tc[0], "/_emulator/"+tc[1], "")
		if got.status != http.StatusNotFound || !strings.Contains(string(got.body), "resource_not_found") {
			t.Errorf("%v: %d %s", tc, got.status, got.body)
		}
	}
	if !json.Valid([]byte(steer(t, instance, http.MethodGet, "", ""))) {
		t.Error("the description is not JSON")
	}
}
