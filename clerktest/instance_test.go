package clerktest_test

import (
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

// TestExample runs the test of the package's example.
func TestExample(t *testing.T) {
	t.Parallel()
	test = t
	Example()
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
		"CLERK_WEBHOOK_SIGNING_SECRET=" + one.WebhookSecret(),
	}
	if diff := cmp.Diff(want, one.Env()); diff != "" {
		t.Errorf("Env (-want +got):\n%s", diff)
	}
	if _, err := users.GetUser(t.Context(), one.Client(), "user_1"); !clerk.HasCode(err, "resource_not_found") {
		t.Errorf("getting a user that does not exist: %v", err)
	}
}

func TestFromEnv(t *testing.T) {
	instance := startInstance(t)
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

func TestHandlersOverride(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	instance.Handlers().GetUser = nil
	instance.Handlers().DeleteUser = nil
	ada := instance.CreateUser(users.CreateUserParams{FirstName: clerk.Set("Ada")})
	if got := send(t, instance, "GET", "/users/"+ada.ID, ""); got.status != http.StatusNotImplemented {
		t.Errorf("the status of an operation whose handler is nil is %d", got.status)
	}
	if got := send(t, instance, "PATCH", "/users/"+ada.ID, `{"first_name":"A"}`); got.status != http.StatusOK {
		t.Errorf("the status of another operation is %d", got.status)
	}
}

// failing records where a test fails, as package testing reports it: in the innermost
// function that did not call Helper.
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

// callers returns the names of the functions that called its caller, innermost first.
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

func TestFailuresAreReportedInTheTest(t *testing.T) {
	t.Parallel()
	f := &failing{TB: t, helpers: map[string]bool{}}
	i := clerktest.New(f)
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	for name, tc := range map[string]struct {
		do   func()
		want string
	}{
		"Inject":            {func() { i.Inject(clerktest.Fault{Operation: "users.GetUser"}) }, `no operation "users.GetUser"`},
		"Inject nothing":    {func() { i.Inject(clerktest.Fault{Operation: "GetUser"}) }, "no effect"},
		"Advance":           {func() { i.Advance(-100 * 365 * 24 * time.Hour) }, "1970"},
		"SetTime":           {func() { i.SetTime(time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC)) }, "292 years"},
		"SignIn":            {func() { i.SignIn(r, "user_none") }, "user_none"},
		"SignInCookies":     {func() { i.SignInCookies(r, "user_none") }, "user_none"},
		"Token":             {func() { i.Token(clerktest.FromTemplate("none")) }, `"none"`},
		"CreateSession":     {func() { i.CreateSession("user_none") }, "user_none"},
		"CreateUser":        {func() { i.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"none"})}) }, "email"},
		"CreateJWTTemplate": {func() { i.CreateJWTTemplate("a", "none") }, "object"},
		"Client":            {func() { i.Client(clerk.WithMaxRetries(-1)) }, "retr"},
	} {
		var running sync.WaitGroup
		running.Go(tc.do)
		running.Wait()
		if !strings.Contains(f.ended, ".TestFailuresAreReportedInTheTest.") || !strings.Contains(f.ended, tc.want) {
			t.Errorf("%s fails at %s, want the test function and an error with %q", name, f.ended, tc.want)
		}
		f.ended = ""
	}
}
