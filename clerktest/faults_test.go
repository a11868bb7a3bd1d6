package clerktest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	i := populated(t)
	client := i.Client(clerk.WithRetryLimit(0))
	get := func() error {
		_, err := users.GetUser(t.Context(), client, "user_1")
		return err
	}
	i.Inject(clerktest.Fault{Status: http.StatusServiceUnavailable, Times: 2})
	for range 2 {
		if err := get(); !errors.Is(err, clerk.ErrServer) || !clerk.HasCode(err, "injected_fault") {
			t.Errorf("under a fault: %v", err)
		}
	}
	if err := get(); err != nil {
		t.Errorf("after the fault: %v", err)
	}
	i.Inject(clerktest.Fault{Operation: "ListUsers", Status: http.StatusTooManyRequests, RetryAfter: 30 * time.Second})
	if err := get(); err != nil {
		t.Errorf("another operation's fault: %v", err)
	}
	for range 3 {
		_, err := users.ListUsers(t.Context(), client, users.ListUsersParams{})
		var e *clerk.Error
		if !errors.As(err, &e) || e.StatusCode != http.StatusTooManyRequests || e.RetryAfter != 30*time.Second {
			t.Errorf("a limited operation: %v", err)
		}
	}
	i.ClearFaults()
	if _, err := users.ListUsers(t.Context(), client, users.ListUsersParams{}); err != nil {
		t.Errorf("after ClearFaults: %v", err)
	}
	i.Inject(clerktest.Fault{Drop: true, Times: 1})
	var e *clerk.Error
	if _, err := users.UpdateUser(t.Context(), client, "user_1", users.UpdateUserParams{}); err == nil || errors.As(err, &e) {
		t.Errorf("a dropped connection: %v", err)
	}
	i.Inject(clerktest.Fault{Delay: time.Millisecond, Times: 1})
	if err := get(); err != nil {
		t.Errorf("a slow answer: %v", err)
	}
}

// failing is a test that remembers where it was ended, as package testing tells it: at
// the first function that did not call Helper.
type failing struct {
	testing.TB
	helpers map[string]bool
	ended   string
}

func (f *failing) Helper() { f.helpers[callers()[0]] = true }

func (f *failing) Fatal(args ...any) {
	all := callers()
	at := slices.IndexFunc(all, func(function string) bool { return !f.helpers[function] })
	f.ended = all[at] + ": " + fmt.Sprint(args...)
	runtime.Goexit()
}

// callers names the functions above its caller.
func callers() []string {
	var counters [16]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(3, counters[:])])
	var names []string
	for {
		frame, more := frames.Next()
		if names = append(names, frame.Function); !more {
			return names
		}
	}
}

func TestFailuresAreToldInTheTest(t *testing.T) {
	t.Parallel()
	f := &failing{TB: t, helpers: map[string]bool{}}
	i := clerktest.New(f)
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	for name, tc := range map[string]struct {
		do   func()
		want string
	}{
		"Inject":            {func() { i.Inject(clerktest.Fault{Operation: "users.GetUser"}) }, `no operation "users.GetUser"`},
		"SignIn":            {func() { i.SignIn(r, "user_none") }, "user_none"},
		"SignInCookies":     {func() { i.SignInCookies(r, "user_none") }, "user_none"},
		"Token":             {func() { i.Token(clerktest.FromTemplate("none")) }, `"none"`},
		"CreateSession":     {func() { i.CreateSession("user_none") }, "user_none"},
		"CreateUser":        {func() { i.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"none"})}) }, "email"},
		"CreateJWTTemplate": {func() { i.CreateJWTTemplate("a", "none") }, "object"},
		"Client":            {func() { i.Client(clerk.WithRetryLimit(-1)) }, "retr"},
	} {
		var running sync.WaitGroup
		running.Go(tc.do)
		running.Wait()
		if !strings.Contains(f.ended, ".TestFailuresAreToldInTheTest.") || !strings.Contains(f.ended, tc.want) {
			t.Errorf("%s ends the test at %s, want it there and with %q", name, f.ended, tc.want)
		}
		f.ended = ""
	}
}

// TestFaultDelayEnds shows that a client which goes away ends a delay: the
// instance could not close otherwise.
func TestFaultDelayEnds(t *testing.T) {
	t.Parallel()
	i := populated(t)
	i.Inject(clerktest.Fault{Delay: time.Hour, Operation: "GetUser"})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := users.GetUser(ctx, i.Client(clerk.WithRetryLimit(0)), "user_1")
		done <- err
	}()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the call ends with %v", err)
	}
}

// TestRetriesOverFaults shows the SDK's retries through an outage.
func TestRetriesOverFaults(t *testing.T) {
	t.Parallel()
	i := populated(t)
	i.Inject(clerktest.Fault{Status: http.StatusServiceUnavailable, Times: 1})
	var response clerk.Response
	if _, err := users.GetUser(t.Context(), i.Client(), "user_1", clerk.WithResponse(&response)); err != nil || response.Attempts != 2 {
		t.Errorf("after %d attempts: %v", response.Attempts, err)
	}
	want := []clerktest.Request{
		{Operation: "GetUser", Method: "GET", Path: "/v1/users/user_1", Status: 503},
		{Operation: "GetUser", Method: "GET", Path: "/v1/users/user_1", Status: 200},
	}
	if diff := cmp.Diff(want, i.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	i := populated(t)
	send(t, i, "GET", "/users?limit=1", "")
	send(t, i, "GET", "/users/user%2F1", "")
	send(t, i, "POST", "/nothing", "")
	send(t, i, "DELETE", "/users/user_1", "", "Authorization", "Bearer sk_test_other")
	send(t, i, "GET", "/organizations", "")
	want := []clerktest.Request{
		{Operation: "ListUsers", Method: "GET", Path: "/v1/users", Query: "limit=1", Status: 200},
		{Operation: "GetUser", Method: "GET", Path: "/v1/users/user%2F1", Status: 404},
		{Method: "POST", Path: "/v1/nothing", Status: 404},
		{Operation: "DeleteUser", Method: "DELETE", Path: "/v1/users/user_1", Status: 401},
		{Operation: "ListOrganizations", Method: "GET", Path: "/v1/organizations", Status: 501},
	}
	if diff := cmp.Diff(want, i.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	i.ClearRequests()
	if got := i.Requests(); len(got) != 0 {
		t.Errorf("after ClearRequests: %v", got)
	}
}
