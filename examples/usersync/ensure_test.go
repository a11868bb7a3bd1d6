package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// page is the page behind sign-in, of an emulated instance.
type page struct {
	*clerktest.Instance
	*mirror
	http.Handler
}

func newPage(t *testing.T) page {
	t.Helper()
	return newPageIn(t, newDatabase(t))
}

func newPageIn(t *testing.T, database string) page {
	t.Helper()
	instance := clerktest.New(t)
	m, err := open(t.Context(), database, instance.Client(), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.pool.Close)
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()))
	if err != nil {
		t.Fatal(err)
	}
	receiver, err := webhooks.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	return page{instance, m, m.routes(receiver, authn)}
}

// get requests the page as a user, or as a guest if id is empty.
func (p page) get(id string) (status int, body string) {
	r := httptest.NewRequest(http.MethodGet, "/me", nil)
	if id != "" {
		p.SignIn(r, id)
	}
	answer := httptest.NewRecorder()
	p.Handler.ServeHTTP(answer, r)
	return answer.Code, answer.Body.String()
}

func TestFirstRequestNeedsNoWebhook(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	user := p.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"ada@example.com"})})
	want := `{"id":"` + user.ID + `","email":"ada@example.com"}` + "\n"
	for range 2 {
		if status, body := p.get(user.ID); status != http.StatusOK || body != want {
			t.Errorf("the answer is %d %s", status, body)
		}
	}
	fetched := 0
	for _, r := range p.Requests() {
		if r.Operation == "GetUser" {
			fetched++
		}
	}
	if fetched != 1 {
		t.Errorf("the user was fetched %d times, want once", fetched)
	}
	if status, _ := p.get(""); status != http.StatusUnauthorized {
		t.Errorf("a guest gets %d", status)
	}
	if n := value[int](t, p.mirror, "SELECT count(*) FROM outbox"); n != 0 {
		t.Error("the first request has the effect of the webhook")
	}
}

func TestFirstRequestDoesNotReplaceANewerRow(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	user := p.CreateUser(users.CreateUserParams{})
	newer := *p.User(user.ID)
	newer.UpdatedAt += 1000
	newer.FirstName = new("Newer")
	p.Handlers().GetUser = func(context.Context, string) (*api.User, error) {
		// The webhook arrives between the look into the table and the answer of the API.
		w := newWorld()
		w.instance = p.ID()
		w.emit(webhooks.UserUpdated, newer)
		sendAll(t, endpoint(t, p.mirror), w.messages...)
		return user, nil
	}
	if status, body := p.get(user.ID); status != http.StatusOK {
		t.Errorf("the answer is %d %s", status, body)
	}
	if name := value[string](t, p.mirror, "SELECT first_name FROM clerk_users"); name != "Newer" {
		t.Errorf("the name is %s", name)
	}
}

func TestDeletedUserIsRefusedThoughTheTokenIsValid(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	known, unknown := p.CreateUser(users.CreateUserParams{}), p.CreateUser(users.CreateUserParams{})
	if status, _ := p.get(known.ID); status != http.StatusOK {
		t.Fatalf("the answer is %d", status)
	}
	if err := p.write(t.Context(), tombstone(userTable, known.ID, 0)); err != nil {
		t.Fatal(err)
	}
	// A token that was made before the user was deleted.
	p.Handlers().GetUser = func(context.Context, string) (*api.User, error) {
		return nil, &clerk.Error{StatusCode: http.StatusNotFound}
	}
	for range 2 {
		for _, id := range []string{known.ID, unknown.ID} {
			if status, _ := p.get(id); status != http.StatusForbidden {
				t.Errorf("a deleted user gets %d", status)
			}
		}
	}
	if n := value[int](t, p.mirror, "SELECT count(*) FROM clerk_users WHERE deleted_at IS NOT NULL"); n != 2 {
		t.Errorf("%d users are buried, want 2", n)
	}
}

func TestOutageOfTheAPIWritesNoRow(t *testing.T) {
	t.Parallel()
	p := newPage(t)
	user := p.CreateUser(users.CreateUserParams{})
	p.Handlers().GetUser = func(context.Context, string) (*api.User, error) {
		return nil, &clerk.Error{StatusCode: http.StatusInternalServerError}
	}
	if status, _ := p.get(user.ID); status != http.StatusServiceUnavailable {
		t.Errorf("the answer is %d", status)
	}
	if n := value[int](t, p.mirror, "SELECT count(*) FROM clerk_users"); n != 0 {
		t.Error("there is a row")
	}
}
