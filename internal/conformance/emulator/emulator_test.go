// Package emulator calls every operation of the emulated instance by the SDK's functions,
// and validates each request and response against the project's description.
package emulator

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/internal/conformance/schema"
)

// scenarios are programs that use an instance, by the names of what they use.
var scenarios = map[string]func(*testing.T, *world){}

// scenario adds a scenario. It returns a value so that a variable of a file can hold it.
func scenario(name string, run func(*testing.T, *world)) bool {
	scenarios[name] = run
	return true
}

// world is an instance, a client that validates what it sends and receives, and the
// operations that succeeded.
type world struct {
	*clerktest.Instance
	client   *clerk.Client
	document *schema.Document

	mu       *sync.Mutex
	answered map[string]int // by operation, such as "GET /users/{user_id}"
}

// TestEveryOperationAnswers runs every scenario, and counts the operations that have
// answered with a success that fits the description.
func TestEveryOperationAnswers(t *testing.T) {
	document := schema.Own(t)
	answered, mu := map[string]int{}, &sync.Mutex{}
	for _, name := range slices.Sorted(maps.Keys(scenarios)) {
		t.Run(name, func(t *testing.T) {
			w := &world{document: document, mu: mu, answered: answered}
			scenarios[name](t, w.another(t))
		})
	}
	var missing []string
	for _, o := range document.Operations() {
		if answered[o.String()] == 0 {
			missing = append(missing, o.String())
		}
	}
	t.Logf("%d of %d operations answered with a valid success", len(document.Operations())-len(missing), len(document.Operations()))
	if len(missing) > 0 {
		t.Errorf("no scenario has a success of:\n%s", strings.Join(missing, "\n"))
	}
}

// another starts another instance.
func (w *world) another(t *testing.T, opts ...clerktest.Option) *world {
	t.Helper()
	other := &world{Instance: clerktest.New(t, opts...), document: w.document, mu: w.mu, answered: w.answered}
	other.client = other.clientWith(t, other.SecretKey())
	return other
}

// clientWith returns a client with another key, such as that of a machine.
func (w *world) clientWith(t *testing.T, key string) *clerk.Client {
	t.Helper()
	client, err := clerk.New(key, clerk.WithBaseURL(w.URL()), clerk.WithHTTPClient(&http.Client{Transport: validating{t, w}}))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// validating is a transport that compares requests and responses with the description.
type validating struct {
	t *testing.T
	w *world
}

func (v validating) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		var err error
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body.Close()
	}
	withBody := func() *http.Request {
		clone := r.Clone(r.Context())
		clone.Body = io.NopCloser(bytes.NewReader(sent))
		clone.ContentLength = int64(len(sent))
		if len(sent) == 0 {
			clone.Body = http.NoBody
		}
		return clone
	}
	resp, err := http.DefaultTransport.RoundTrip(withBody())
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	described := withBody()
	described.URL.Path = schema.Base + described.URL.Path
	checked, err := v.w.document.Request(described)
	switch {
	case err == nil && resp.StatusCode < 300:
		fits := checked.Response(r.Context(), resp.StatusCode, resp.Header, body)
		if page := unpaged(r, body); fits != nil && page != nil {
			fits = checked.Response(r.Context(), resp.StatusCode, resp.Header, page)
		}
		if fits != nil {
			v.t.Errorf("%s %s answers %d, which the description does not allow: %v\n%s", r.Method, r.URL.Path, resp.StatusCode, fits, body)
		} else {
			v.w.mu.Lock()
			v.w.answered[checked.Operation.String()]++
			v.w.mu.Unlock()
		}
	case resp.StatusCode < 400:
		v.t.Errorf("%s %s answers %d to a request that the description does not allow: %v", r.Method, r.URL.Path, resp.StatusCode, err)
	}
	return resp, nil
}

// unpaged returns the items of a page. With paginated=true some lists come in an object with
// their size, which the description has in words only.
func unpaged(r *http.Request, body []byte) []byte {
	var page struct {
		Data  json.RawMessage `json:"data"`
		Total *int            `json:"total_count"`
	}
	if r.URL.Query().Get("paginated") != "true" || json.Unmarshal(body, &page) != nil || page.Total == nil || len(page.Data) == 0 {
		return nil
	}
	return page.Data
}

// must returns the result of a call, which must succeed.
func must[T any](t *testing.T) func(result T, err error) T {
	return func(result T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
}

// refused checks that a call is refused with a status and a code.
func refused(t *testing.T, err error, status int, code string) {
	t.Helper()
	if e, ok := err.(*clerk.Error); !ok || e.StatusCode != status || !clerk.HasCode(err, code) {
		t.Errorf("the call returned %v, want %d %s", err, status, code)
	}
}

// fit fails the test unless a condition holds.
func fit(t *testing.T, holds bool, format string, args ...any) {
	t.Helper()
	if !holds {
		t.Errorf(format, args...)
	}
}
