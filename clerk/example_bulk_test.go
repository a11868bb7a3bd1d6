package clerk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// The functions of this file are the code of docs/bulk.md. Tests run them.

// person is somebody of another system who becomes a user.
type person struct{ id, email string }

func importPeople(ctx context.Context, client *clerk.Client, people []person, workers int) error {
	var all sync.WaitGroup
	failures := make([]error, len(people))
	work := make(chan int)
	for range workers {
		all.Go(func() {
			for i := range work {
				failures[i] = importPerson(ctx, client, people[i])
			}
		})
	}
	for i := range people {
		work <- i
	}
	close(work)
	all.Wait()
	return errors.Join(failures...) // nil if each is
}

func importPerson(ctx context.Context, client *clerk.Client, p person) error {
	_, err := users.CreateUser(ctx, client, users.CreateUserParams{
		ExternalID:   clerk.Set(p.id),
		EmailAddress: clerk.Set([]string{p.email}),
	}, clerk.WithTimeout(2*time.Minute)) // with the wait for its turn
	if !clerk.HasCode(err, "form_identifier_exists") {
		return err
	}
	// An earlier run has created the user, or somebody else has the address.
	found, err := users.CountUsers(ctx, client, users.CountUsersParams{ExternalID: []string{p.id}})
	if err == nil && found.TotalCount == 0 {
		err = fmt.Errorf("%s: the address is another user's", p.id)
	}
	return err
}

func copyUsers(ctx context.Context, client *clerk.Client, since time.Time, save func(*users.User) error) (time.Time, error) {
	params := users.ListUsersParams{Limit: clerk.Set(500), OrderBy: clerk.Set("created_at")}
	if !since.IsZero() {
		params.CreatedAtAfter = clerk.Set(since.Add(-time.Millisecond)) // others may have the same time
	}
	for user, err := range users.AllUsers(ctx, client, params) {
		if err == nil {
			err = save(user)
		}
		if err != nil {
			return since, err // go on from here
		}
		since = user.CreatedAt.Time()
	}
	return since, nil
}

// inProcess sends requests to a handler without a network, so that a test can run in a
// bubble of its own time.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody // as a server has it
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// newBulkInstance returns an instance with the limit of a development instance, and a client
// for it.
func newBulkInstance(t *testing.T, opts ...clerk.Option) (*clerktest.Instance, *clerk.Client) {
	t.Helper()
	instance, err := clerktest.NewInstance(clerktest.Seed{}, clerktest.WithRateLimit())
	if err != nil {
		t.Fatal(err)
	}
	client, err := clerk.New(instance.SecretKey(), append(opts, clerk.WithTransport(inProcess{instance}))...)
	if err != nil {
		t.Fatal(err)
	}
	return instance, client
}

func crowd(n int) (people []person) {
	for i := range n {
		people = append(people, person{fmt.Sprint("p", i), fmt.Sprintf("p%d@example.com", i)})
	}
	return people
}

// Every person is created, as fast as the limit allows, and a second run changes nothing.
func TestImportOfThePage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		instance, client := newBulkInstance(t)
		const n, windows = 1000, 10
		begin := time.Now()
		if err := importPeople(t.Context(), client, crowd(n), 16); err != nil {
			t.Fatal(err)
		}
		if took, most := time.Since(begin), windows*11*time.Second; took > most {
			t.Errorf("it took %v, want at most %v", took, most)
		}
		if got := len(instance.Seed().Users); got != n {
			t.Errorf("%d users, want %d", got, n)
		}

		again := append(crowd(20), person{"stranger", "p7@example.com"})
		err := importPeople(t.Context(), client, again, 16)
		if err == nil || err.Error() != "stranger: the address is another user's" {
			t.Errorf("the second run: %v", err)
		}
		if got := len(instance.Seed().Users); got != n {
			t.Errorf("%d users after the second run, want %d", got, n)
		}
	})
}

// A copy that ends early goes on where it ended.
func TestCopyOfThePage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := newBulkInstance(t)
		if err := importPeople(t.Context(), client, crowd(50), 4); err != nil {
			t.Fatal(err)
		}
		copied := map[string]int{}
		full := errors.New("the disk is full")
		save := func(limit int) func(*users.User) error {
			return func(u *users.User) error {
				if len(copied) == limit {
					return full
				}
				copied[clerk.Value(u.ExternalID)]++
				return nil
			}
		}
		since, err := copyUsers(t.Context(), client, time.Time{}, save(30))
		if !errors.Is(err, full) || len(copied) != 30 {
			t.Fatalf("%d were copied, %v", len(copied), err)
		}
		if _, err := copyUsers(t.Context(), client, since, save(-1)); err != nil || len(copied) != 50 {
			t.Errorf("%d were copied in the end, %v", len(copied), err)
		}
	})
}

// A call waits for its turn as long as it has time, and is not sent if that is too short.
func TestWaitsOfThePage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		instance, client := newBulkInstance(t, clerk.WithRateLimit(90, 10*time.Second))
		begin := time.Now()
		count := func(opts ...clerk.CallOption) error {
			_, err := users.CountUsers(t.Context(), client, users.CountUsersParams{}, opts...)
			return err
		}
		for range 90 {
			if err := count(); err != nil {
				t.Fatal(err)
			}
		}
		if err := count(clerk.WithTimeout(time.Second)); !errors.Is(err, clerk.ErrRateLimited) || time.Since(begin) != 0 {
			t.Errorf("a call that cannot wait: %v after %v", err, time.Since(begin))
		}
		if err := count(); err != nil || time.Since(begin) != 10*time.Second {
			t.Errorf("a call that can wait: %v after %v", err, time.Since(begin))
		}
		for _, r := range instance.Requests() {
			if r.Status != http.StatusOK {
				t.Errorf("the API responded with %d", r.Status)
			}
		}
		if sent := len(instance.Requests()); sent != 91 {
			t.Errorf("%d were sent, want 91", sent)
		}
	})
}

// AllUsers goes by cursor in its default order, and in another one by offset.
func TestDeletingInTheLoopOfThePage(t *testing.T) {
	t.Parallel()
	for _, order := range []clerk.Optional[string]{{}, clerk.Set("created_at"), clerk.Set("email_address")} {
		synctest.Test(t, func(t *testing.T) {
			instance, client := newBulkInstance(t)
			if err := importPeople(t.Context(), client, crowd(5), 1); err != nil {
				t.Fatal(err)
			}
			var failed error
			for user, err := range users.AllUsers(t.Context(), client, users.ListUsersParams{Limit: clerk.Set(2), OrderBy: order}) {
				if err == nil {
					_, err = users.DeleteUser(t.Context(), client, user.ID)
				}
				failed = errors.Join(failed, err)
			}
			if left := len(instance.Seed().Users); failed != nil || left != 0 {
				t.Errorf("ordered by %v: %v and %d users are left", order, failed, left)
			}
		})
	}
}
