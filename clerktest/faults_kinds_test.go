package clerktest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// fetch sends a GET request that may fail.
func fetch(ctx context.Context, instance *clerktest.Instance, path string) (*http.Response, string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, instance.URL()+"/v1"+path, nil)
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("Authorization", "Bearer "+instance.SecretKey())
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

// inject adds a fault as a program in another language does.
func inject(t *testing.T, instance *clerktest.Instance, fault string) {
	t.Helper()
	steer(t, instance, http.MethodPost, "faults", fault)
}

func TestAFaultCutsTheBody(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	inject(t, instance, `{"operation": "GetUser", "cut": true, "times": 1}`)
	resp, half, err := fetch(t.Context(), instance, "/users/user_1")
	if !errors.Is(err, io.ErrUnexpectedEOF) || resp.StatusCode != http.StatusOK || half == "" {
		t.Errorf("the response is %v, %q, %v", resp, half, err)
	}
	_, whole, err := fetch(t.Context(), instance, "/users/user_1")
	if err != nil || !strings.HasPrefix(whole, half) || len(whole) < 2*len(half) {
		t.Errorf("afterwards the response is %q, %v", whole, err)
	}
}

func TestAFaultRespondsWithHTML(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	inject(t, instance, `{"html": true, "times": 1}`)
	inject(t, instance, `{"html": true, "status": 504, "times": 1}`)
	for _, want := range []string{"502 Bad Gateway", "504 Gateway Timeout"} {
		resp, body, err := fetch(t.Context(), instance, "/users/user_1")
		if err != nil || resp.Status != want || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || !strings.Contains(body, "<h1>"+want) {
			t.Errorf("the response is %v, %q, %v", resp, body, err)
		}
	}
}

// TestAHungConnectionEnds checks that a hung connection ends when the client leaves and
// when the instance closes, without holding it up.
func TestAHungConnectionEnds(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	inject(t, instance, `{"hang": true}`)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	for _, c := range []context.Context{ctx, t.Context()} {
		go func() {
			_, _, err := fetch(c, instance, "/users/user_1")
			ended <- err
		}()
	}
	select {
	case err := <-ended:
		t.Fatalf("a hung request ends with %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("giving up ends with %v", err)
	}
	if err := instance.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	if err := <-ended; err == nil {
		t.Error("a hung request has a response")
	}
}

func TestAFaultLimitsRequests(t *testing.T) {
	t.Parallel()
	c := newClock()
	instance := startPages(t, clerktest.WithClock(c.now))
	inject(t, instance, `{"operation": "GetUser", "limit": {"requests": 2, "per": "1m30s"}}`)
	statuses := func(n int) (list []int, wait string) {
		for range n {
			resp, _, err := fetch(t.Context(), instance, "/users/user_1")
			if err != nil {
				t.Fatal(err)
			}
			list, wait = append(list, resp.StatusCode), resp.Header.Get("Retry-After")
			c.advance(100 * time.Millisecond)
		}
		return list, wait
	}
	if list, wait := statuses(4); !equalInts(list, 200, 200, 429, 429) || wait != "90" {
		t.Errorf("the responses are %v, wait %s", list, wait)
	}
	if list, _ := statuses(1); !equalInts(list, 429) {
		t.Errorf("then it is %v", list)
	}
	if _, body, err := fetch(t.Context(), instance, "/users/count"); err != nil || !strings.Contains(body, "total_count") {
		t.Errorf("another operation: %s, %v", body, err)
	}
	c.advance(89 * time.Second)
	if list, wait := statuses(1); !equalInts(list, 429) || wait != "1" {
		t.Errorf("within the period the response is %v, wait %s", list, wait)
	}
	c.advance(time.Second)
	if list, _ := statuses(3); !equalInts(list, 200, 200, 429) {
		t.Errorf("in the next period the responses are %v", list)
	}
	instance.ClearFaults()
	inject(t, instance, `{"limit": {"requests": 0, "per": "1h"}, "status": 503, "times": 1}`)
	if list, wait := statuses(2); !equalInts(list, 503, 200) || wait != "" {
		t.Errorf("with another status the responses are %v", list)
	}
}

func equalInts(list []int, want ...int) bool {
	if len(list) != len(want) {
		return false
	}
	for n := range want {
		if list[n] != want[n] {
			return false
		}
	}
	return true
}

func TestTheLimitOfClerk(t *testing.T) {
	t.Parallel()
	for production, most := range map[bool]int{false: 100, true: 1000} {
		c := newClock()
		instance := clerktest.New(t, clerktest.WithSeed(clerktest.Seed{Production: production, SigningKey: signingKey}), clerktest.WithRateLimit(), clerktest.WithClock(c.now))
		for n := range most {
			if got := send(t, instance, http.MethodGet, "/users", ""); got.status != http.StatusOK {
				t.Fatalf("request %d: %d %s", n+1, got.status, got.body)
			}
		}
		c.advance(9001 * time.Millisecond)
		got := send(t, instance, http.MethodGet, "/users", "")
		if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "1" || !bytes.Contains(got.body, []byte(`"code":"too_many_requests"`)) {
			t.Errorf("production %t: request %d: %d %v %s", production, most+1, got.status, got.header, got.body)
		}
		if got := send(t, instance, http.MethodGet, "/jwks", ""); got.status != http.StatusOK {
			t.Errorf("production %t: the keys are limited, too: %d", production, got.status)
		}
		c.advance(time.Second)
		if got := send(t, instance, http.MethodGet, "/users", ""); got.status != http.StatusOK {
			t.Errorf("production %t: after 10 seconds: %d %s", production, got.status, got.body)
		}
	}
}

func TestFaultsThatCannotBe(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	for _, fault := range []string{
		`{}`, `{"operation": "Nothing", "status": 500}`, `{"status": 99}`, `{"status": 600}`, `{"times": -1, "drop": true}`, `{"delay": "-1s"}`,
		`{"retry_after": "-1s", "status": 429}`, `{"limit": {"requests": 5}}`, `{"limit": {"requests": -1, "per": "1s"}}`, `{"colour": "red"}`, `[]`, ``,
		`{"operation": "GetUser"}`, `{"times": 1}`, `{"retry_after": "5s"}`, `{"status": 503}]`,
	} {
		if got := ask(t, instance, http.MethodPost, "/_emulator/faults", fault); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", fault, got.status, got.body)
		}
	}
	if len(instance.Faults()) > 0 {
		t.Errorf("the faults are %+v", instance.Faults())
	}
	full := `{"operation":"GetUser","times":3,"status":503,"retry_after":"1m0s","delay":"1ms","drop":true,"hang":true,"cut":true,"html":true,"limit":{"requests":5,"per":"1s"}}`
	inject(t, instance, full)
	var listed struct{ Data []json.RawMessage }
	if err := json.Unmarshal([]byte(steer(t, instance, http.MethodGet, "faults", "")), &listed); err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, listed.Data[0]); err != nil || compact.String() != full {
		t.Errorf("the fault is %s, %v", compact.String(), err)
	}
	for range 999 {
		instance.Inject(clerktest.Fault{Operation: "BanUser", Drop: true})
	}
	if got := ask(t, instance, http.MethodPost, "/_emulator/faults", full); got.status != http.StatusUnprocessableEntity {
		t.Errorf("the 1,001st fault: %d %s", got.status, got.body)
	}
}

// TestARequestUnderWayEnds closes an instance while a write waits. The write is answered,
// and then nothing is served any more.
func TestARequestUnderWayEnds(t *testing.T) {
	t.Parallel()
	instance := startPages(t)
	instance.Inject(clerktest.Fault{Operation: "DeleteUser", Delay: time.Hour, Times: 1})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, instance.URL()+"/v1/users/user_1", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+instance.SecretKey())
	answered := make(chan error, 1)
	go func() {
		resp, err := http.DefaultClient.Do(r)
		if err == nil && resp.StatusCode != http.StatusOK {
			err = errors.New(resp.Status)
		}
		answered <- err
	}()
	for len(instance.Faults()) > 0 { // until the request has taken it
		time.Sleep(time.Millisecond)
	}
	if err := instance.Close(); err != nil {
		t.Error(err)
	}
	if err := <-answered; err != nil {
		t.Errorf("the request ends with %v", err)
	}
	if instance.User("user_1") != nil {
		t.Error("the user is still there")
	}
	if _, err := http.Get(instance.URL()); err == nil {
		t.Error("a closed instance responds")
	}
}
