package auth

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func TestCurrentUserIsFetchedOncePerRequest(t *testing.T) {
	t.Parallel()
	b, fetches := newUserBackend(t, 0)
	h := b.authenticator(t).Middleware(inspect(func(r *http.Request) {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				user, err := CurrentUser(r.Context())
				if err != nil || user == nil || user.ID != testUser {
					t.Errorf("CurrentUser = %v, %v", user, err)
				}
			})
		}
		wg.Wait()
	}))
	r := newRequest(t, "/", withBearer(mint(t)))
	serve(t, h, r)
	if got := fetches.Load(); got != 1 {
		t.Errorf("%d fetches in one request, want 1", got)
	}
	serve(t, h, r)
	if got := fetches.Load(); got != 2 {
		t.Errorf("%d fetches in two requests, want 2", got)
	}
}

func TestCurrentUserDoesNotCacheErrors(t *testing.T) {
	t.Parallel()
	b, fetches := newUserBackend(t, 1)
	serve(t, b.authenticator(t).Middleware(inspect(func(r *http.Request) {
		if user, err := CurrentUser(r.Context()); user != nil || !errors.Is(err, clerk.ErrServer) {
			t.Errorf("while Clerk is down: %v, %v", user, err)
		}
		if user, err := CurrentUser(r.Context()); err != nil || user.ID != testUser {
			t.Errorf("afterwards: %v, %v", user, err)
		}
	})), newRequest(t, "/", withBearer(mint(t))))
	if got := fetches.Load(); got != 2 {
		t.Errorf("%d fetches, want 2", got)
	}
}

func TestCurrentUserIsNilWhenSignedOut(t *testing.T) {
	t.Parallel()
	b, fetches := newUserBackend(t, 0)
	for name, request := range map[string]requestOption{
		"signed out": withField("X", ""), "pending": withBearer(mint(t, withClaim("sts", "pending"))),
	} {
		serve(t, b.authenticator(t).Middleware(inspect(func(r *http.Request) {
			if user, err := CurrentUser(r.Context()); user != nil || err != nil {
				t.Errorf("%s: CurrentUser = %v, %v, want nil, nil", name, user, err)
			}
		})), newRequest(t, "/", request))
	}
	if got := fetches.Load(); got != 0 {
		t.Errorf("%d fetches", got)
	}
	serve(t, newTestAuthenticator(t).Middleware(inspect(func(r *http.Request) {
		if user, err := CurrentUser(r.Context()); user != nil || !errors.Is(err, ErrNoClient) {
			t.Errorf("without a client: %v, %v", user, err)
		}
	})), newRequest(t, "/", withBearer(mint(t))))
}

// When a caller leaves, the others still get the user, and not the error of that caller.
func TestAbandonedFetchIsTakenOverByAWaiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f fetched[users.User]
		leader, giveUp := context.WithCancel(t.Context())
		fetch := func() (*users.User, error) {
			<-leader.Done()
			return nil, leader.Err()
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := f.get(leader, fetch); !errors.Is(err, context.Canceled) {
				t.Errorf("the leader gets %v", err)
			}
		})
		synctest.Wait()
		impatient, cancel := context.WithCancel(t.Context())
		wg.Go(func() {
			if _, err := f.get(impatient, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("the impatient caller gets %v", err)
			}
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		for range 3 {
			wg.Go(func() {
				user, err := f.get(t.Context(), func() (*users.User, error) { return &users.User{ID: "user_1"}, nil })
				if err != nil || user.ID != "user_1" {
					t.Errorf("a waiter gets %v, %v", user, err)
				}
			})
		}
		synctest.Wait()
		giveUp()
		wg.Wait()
	})
}

func TestFailedFetchFailsForAllWaiters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f fetched[users.User]
		failure, release := errors.New("down"), make(chan struct{})
		var fetches atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := f.get(t.Context(), func() (*users.User, error) {
					fetches.Add(1)
					<-release
					return nil, failure
				})
				if !errors.Is(err, failure) {
					t.Errorf("a waiter gets %v", err)
				}
			})
		}
		synctest.Wait()
		close(release)
		wg.Wait()
		if got := fetches.Load(); got != 1 {
			t.Errorf("%d fetches, want 1", got)
		}
	})
}

func TestPanickingFetchReleasesTheWaiters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var f fetched[users.User]
		release := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			defer func() { recover() }()
			f.get(t.Context(), func() (*users.User, error) { <-release; panic("x") })
		})
		synctest.Wait()
		wg.Go(func() {
			user, err := f.get(t.Context(), func() (*users.User, error) { return &users.User{ID: "user_1"}, nil })
			if err != nil || user == nil || user.ID != "user_1" {
				t.Errorf("a waiter gets %v, %v", user, err)
			}
		})
		synctest.Wait()
		close(release)
		wg.Wait()
	})
}

// An empty response says nothing about a user, and is not kept.
func TestUserWithoutAnIDIsNone(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	b.HandleFunc("GET /trap/v1/users/{id}", func(http.ResponseWriter, *http.Request) {})
	serve(t, b.authenticator(t).Middleware(inspect(func(r *http.Request) {
		for range 2 {
			if user, err := CurrentUser(r.Context()); user != nil || err == nil {
				t.Errorf("CurrentUser = %v, %v", user, err)
			}
		}
	})), newRequest(t, "/", withBearer(mint(t))))
}
