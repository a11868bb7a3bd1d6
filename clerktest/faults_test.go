package clerktest_test

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	client := i.Client(clerk.WithMaxRetries(0))
	fetchUser := func() error {
		_, err := users.GetUser(t.Context(), client, "user_1")
		return err
	}
	i.Inject(clerktest.Fault{Status: http.StatusServiceUnavailable, Times: 2})
	for range 2 {
		if err := fetchUser(); !errors.Is(err, clerk.ErrServer) || !clerk.HasCode(err, "injected_fault") {
			t.Errorf("during the fault: %v", err)
		}
	}
	if err := fetchUser(); err != nil {
		t.Errorf("after the fault: %v", err)
	}
	i.Inject(clerktest.Fault{Operation: "ListUsers", Status: http.StatusTooManyRequests, RetryAfter: 30 * time.Second})
	if err := fetchUser(); err != nil {
		t.Errorf("with a fault for another operation: %v", err)
	}
	for range 3 {
		_, err := users.ListUsers(t.Context(), client, users.ListUsersParams{})
		var e *clerk.Error
		if !errors.As(err, &e) || e.StatusCode != http.StatusTooManyRequests || e.RetryAfter != 30*time.Second {
			t.Errorf("with a fault for the operation: %v", err)
		}
	}
	i.ClearFaults()
	i.Inject(clerktest.Fault{Operation: "ListUsers", Status: http.StatusTooManyRequests, RetryAfter: math.MaxInt64, Times: 1})
	var tooLong *clerk.Error
	if _, err := users.ListUsers(t.Context(), client, users.ListUsersParams{}); !errors.As(err, &tooLong) || tooLong.RetryAfter < 100*365*24*time.Hour {
		t.Errorf("with the longest Retry-After: %v", err)
	}
	if _, err := users.ListUsers(t.Context(), client, users.ListUsersParams{}); err != nil {
		t.Errorf("after ClearFaults: %v", err)
	}
	i.Inject(clerktest.Fault{Drop: true, Times: 1})
	var e *clerk.Error
	if _, err := users.UpdateUser(t.Context(), client, "user_1", users.UpdateUserParams{}); err == nil || errors.As(err, &e) {
		t.Errorf("a dropped connection: %v", err)
	}
	i.Inject(clerktest.Fault{Delay: time.Millisecond, Times: 1})
	if err := fetchUser(); err != nil {
		t.Errorf("a delayed response: %v", err)
	}
}

// TestFaultDelayEnds checks that a delay ends when the client disconnects, whether or not
// the request has a body. Otherwise the instance could not close.
func TestFaultDelayEnds(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	var client *clerk.Client
	for name, call := range map[string]func(context.Context) error{
		"without a body": func(ctx context.Context) error {
			_, err := users.GetUser(ctx, client, "user_1")
			return err
		},
		"with a body": func(ctx context.Context) error {
			_, err := users.UpdateUser(ctx, client, "user_1", users.UpdateUserParams{FirstName: clerk.Set("A")})
			return err
		},
	} {
		arrived, ended := make(chan struct{}), make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer close(ended)
			close(arrived)
			i.ServeHTTP(w, r)
		}))
		var err error
		if client, err = clerk.New(i.SecretKey(), clerk.WithBaseURL(server.URL), clerk.WithMaxRetries(0)); err != nil {
			t.Fatal(err)
		}
		i.Inject(clerktest.Fault{Delay: time.Hour, Times: 1})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- call(ctx) }()
		<-arrived
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the error is %v", name, err)
		}
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: the delay goes on", name) // and the server would not close
		}
		server.CloseClientConnections()
		server.Close()
	}
}

// TestRetriesOverFaults checks that the SDK retries during an outage.
func TestRetriesOverFaults(t *testing.T) {
	t.Parallel()
	i := startPopulated(t)
	i.Inject(clerktest.Fault{Status: http.StatusServiceUnavailable, Times: 1})
	var response clerk.Response
	if _, err := users.GetUser(t.Context(), i.Client(), "user_1", clerk.WithResponse(&response)); err != nil || response.Attempts != 2 {
		t.Errorf("after %d attempts: %v", response.Attempts, err)
	}
	want := []clerktest.Request{
		{Operation: "GetUser", Method: "GET", Path: "/v1/users/user_1", Status: 503, Code: "injected_fault"},
		{Operation: "GetUser", Method: "GET", Path: "/v1/users/user_1", Status: 200},
	}
	if diff := cmp.Diff(want, i.Requests(), cmpopts.IgnoreFields(clerktest.Request{}, "Time", "Duration")); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}
