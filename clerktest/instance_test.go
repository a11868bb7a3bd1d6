package clerktest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/google/go-cmp/cmp"
)

// signingKey is made once: most tests do not need a key of their own.
var signingKey = sync.OnceValue(func() string {
	instance, err := clerktest.NewInstance(clerktest.Seed{})
	if err != nil {
		panic(err)
	}
	return instance.Seed().SigningKey
})

// clock is a time that a test moves.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()) }
func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func start(t *testing.T, opts ...clerktest.Option) *clerktest.Instance {
	t.Helper()
	seed := clerktest.Seed{SigningKey: signingKey()}
	return clerktest.New(t, append([]clerktest.Option{clerktest.WithSeed(seed)}, opts...)...)
}

// dump is everything that the instance holds, as text.
func dump(t *testing.T, instance *clerktest.Instance) string {
	t.Helper()
	text, err := json.MarshalIndent(instance.Seed(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// answer is what came back to send.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send sends one request as it is given, with the instance's key unless header
// says otherwise.
func send(t *testing.T, instance *clerktest.Instance, method, path, body string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, instance.URL()+"/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+instance.SecretKey())
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for n := 0; n < len(header); n += 2 {
		r.Header.Set(header[n], header[n+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, raw}
}

// problems decodes an error of the API strictly and returns its "code param" lines.
func (a answer) problems(t *testing.T) []string {
	t.Helper()
	var body struct {
		Errors []struct {
			Code        string `json:"code"`
			Message     string `json:"message"`
			LongMessage string `json:"long_message"`
			Meta        struct {
				ParamName string `json:"param_name"`
			} `json:"meta"`
		} `json:"errors"`
		TraceID string `json:"clerk_trace_id"`
	}
	dec := json.NewDecoder(bytes.NewReader(a.body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil {
		t.Fatalf("the answer %d is no API error: %v: %s", a.status, err, a.body)
	}
	if len(body.Errors) == 0 || body.TraceID == "" || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("the error %s lacks problems, a trace ID or a content type", a.body)
	}
	var lines []string
	for _, e := range body.Errors {
		if e.Code == "" || e.Message == "" || e.LongMessage == "" {
			t.Errorf("the problem %+v lacks a text", e)
		}
		lines = append(lines, strings.TrimSpace(e.Code+" "+e.Meta.ParamName))
	}
	return lines
}

func TestNew(t *testing.T) {
	t.Parallel()
	one, two := clerktest.New(t), clerktest.New(t)
	if one.SecretKey() == two.SecretKey() || one.ID() == two.ID() || one.JWTKey() == two.JWTKey() {
		t.Error("two instances share a key")
	}
	if !strings.HasPrefix(one.SecretKey(), "sk_test_") || !strings.HasPrefix(one.PublishableKey(), "pk_test_") {
		t.Errorf("the keys %s and %s are not test keys", one.SecretKey(), one.PublishableKey())
	}
	want := []string{
		"CLERK_SECRET_KEY=" + one.SecretKey(),
		"CLERK_PUBLISHABLE_KEY=" + one.PublishableKey(),
		"CLERK_API_URL=" + one.URL(),
	}
	if diff := cmp.Diff(want, one.Env()); diff != "" {
		t.Errorf("Env (-want +got):\n%s", diff)
	}
	if _, err := users.GetUser(t.Context(), one.Client(), "user_1"); !clerk.HasCode(err, "resource_not_found") {
		t.Errorf("a user that is not there: %v", err)
	}
}

func TestFromEnv(t *testing.T) {
	instance := start(t)
	for _, variable := range instance.Env() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	client, err := clerk.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := users.CountUsers(t.Context(), client, users.CountUsersParams{}); err != nil {
		t.Error(err)
	}
}

func TestStartRefusesOtherInterfaces(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:0", "127.0.0.1", "", "127.0.0.1:99999"} {
		instance, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey()})
		if err != nil {
			t.Fatal(err)
		}
		if err := instance.Start(addr); err == nil || strings.ContainsAny(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "clerktest: ") {
			t.Errorf("Start(%q) = %v", addr, err)
			instance.Close()
		}
	}
}

func TestStartTwice(t *testing.T) {
	t.Parallel()
	instance := start(t)
	if err := instance.Start("127.0.0.1:0"); err == nil {
		t.Error("a started instance starts again")
	}
	if err := instance.Close(); err != nil {
		t.Error(err)
	}
	if _, err := http.Get(instance.URL()); err == nil {
		t.Error("a closed instance answers")
	}
	idle, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey()})
	if err != nil {
		t.Fatal(err)
	}
	if err := idle.Close(); err != nil {
		t.Errorf("closing an instance that was not started: %v", err)
	}
}

func TestSecretKey(t *testing.T) {
	t.Parallel()
	instance := start(t)
	for name, tc := range map[string]struct{ value, code string }{
		"none":         {"", "authorization_header_format_invalid"},
		"no scheme":    {instance.SecretKey(), "authorization_header_format_invalid"},
		"other scheme": {"Basic " + instance.SecretKey(), "authorization_header_format_invalid"},
		"other key":    {"Bearer sk_test_other", "clerk_key_invalid"},
		"longer key":   {"Bearer " + instance.SecretKey() + "x", "clerk_key_invalid"},
		"publishable":  {"Bearer " + instance.PublishableKey(), "clerk_key_invalid"},
	} {
		for _, path := range []string{"/users", "/jwks", "/nothing", "/organizations"} {
			got := send(t, instance, "GET", path, "", "Authorization", tc.value)
			if got.status != http.StatusUnauthorized || !strings.HasPrefix(got.problems(t)[0], tc.code) {
				t.Errorf("%s: GET %s = %d %s", name, path, got.status, got.body)
			}
			if bytes.Contains(got.body, []byte(instance.SecretKey())) {
				t.Errorf("%s: the error shows the key", name)
			}
		}
	}
}

func TestOtherOperations(t *testing.T) {
	t.Parallel()
	instance := start(t)
	for _, tc := range []struct {
		method, path string
		status       int
		text         string
	}{
		{"GET", "/organizations", http.StatusNotImplemented, "ListOrganizations"},
		{"POST", "/users/user_1/verify_totp", http.StatusUnprocessableEntity, "code"},
		{"GET", "/organizations?colour=red", http.StatusUnprocessableEntity, "colour"},
		{"GET", "/nothing", http.StatusNotFound, "path"},
		{"PUT", "/users", http.StatusMethodNotAllowed, "method"},
		{"GET", "/public/interstitial", http.StatusNotImplemented, "Interstitial"},
	} {
		got := send(t, instance, tc.method, tc.path, "")
		if got.problems(t); got.status != tc.status || !strings.Contains(string(got.body), tc.text) {
			t.Errorf("%s %s = %d %s", tc.method, tc.path, got.status, got.body)
		}
		if allow := got.header.Get("Allow"); (tc.status == http.StatusMethodNotAllowed) != (allow == "GET, POST") {
			t.Errorf("%s %s: Allow %q", tc.method, tc.path, allow)
		}
	}
	r, err := http.Get(instance.URL() + "/users")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode == http.StatusOK {
		t.Error("a path without the version is served")
	}
}

func TestHandlersOverride(t *testing.T) {
	t.Parallel()
	instance := start(t)
	instance.Handlers().GetUser = nil
	instance.Handlers().DeleteUser = nil
	ada := instance.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")})
	if got := send(t, instance, "GET", "/users/"+ada.ID, ""); got.status != http.StatusNotImplemented {
		t.Errorf("an operation that was taken away answers %d", got.status)
	}
	if got := send(t, instance, "PATCH", "/users/"+ada.ID, `{"first_name":"A"}`); got.status != http.StatusOK {
		t.Errorf("another operation answers %d", got.status)
	}
}

func TestBodyTooLarge(t *testing.T) {
	t.Parallel()
	instance := start(t)
	body := `{"first_name":"` + strings.Repeat("a", 2<<20) + `"}`
	if got := send(t, instance, "POST", "/users", body); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 2 MiB is answered with %d", got.status)
	}
	if len(instance.Seed().Users) != 0 {
		t.Error("and yet there is a user")
	}
}

func TestVersionParameter(t *testing.T) {
	t.Parallel()
	instance := start(t)
	if got := send(t, instance, "GET", "/users?limit=1&__clerk_api_version=2026-05-12", ""); got.status != http.StatusOK {
		t.Errorf("the version in the query is refused: %d %s", got.status, got.body)
	}
}
