package users_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// directory serves the users that are asked for, and keeps the ids of each request.
type directory struct {
	missing  []string // have no user
	extra    []string // are sent though nobody asked for them
	broken   int      // the number of the request that fails
	requests [][]string
}

func (d *directory) start(t *testing.T) *clerk.Client {
	t.Helper()
	server := httptest.NewServer(&clerktest.Handlers{ListUsers: func(_ context.Context, p users.ListUsersParams) (*clerk.List[users.User], error) {
		d.requests = append(d.requests, p.UserID)
		if len(d.requests) == d.broken {
			return nil, &clerk.Error{StatusCode: 403}
		}
		if limit := p.Limit.Or(10); limit < len(p.UserID) {
			t.Errorf("%d users asked for in pages of %d", len(p.UserID), limit)
		}
		page := &clerk.List[users.User]{}
		for _, id := range slices.Backward(append(p.UserID, d.extra...)) {
			if !slices.Contains(d.missing, id) {
				page.Data = append(page.Data, &users.User{ID: id})
			}
		}
		return page, nil
	}})
	t.Cleanup(server.Close)
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// collect returns the ids of the users that ByIDs yields, up to stop of them.
func (d *directory) collect(t *testing.T, ids []string, stop int) (got []string, failed error) {
	t.Helper()
	for user, err := range users.ByIDs(t.Context(), d.start(t), ids) {
		if failed = err; err != nil {
			continue
		}
		if got = append(got, user.ID); len(got) == stop {
			break
		}
	}
	return got, failed
}

func numbered(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("user_%03d", i))
	}
	return ids
}

func TestUsersAreFoundByIDsInBatches(t *testing.T) {
	t.Parallel()
	all := numbered(250)
	for _, test := range []struct {
		name     string
		ids      []string
		server   directory
		stop     int
		want     []string
		err      error
		requests [][]string
	}{
		{"none", []string{}, directory{extra: all}, 0, nil, nil, nil},
		{"nil", nil, directory{extra: all}, 0, nil, nil, nil},
		{"one", all[:1], directory{}, 0, all[:1], nil, [][]string{all[:1]}},
		{"a full batch", all[:100], directory{}, 0, all[:100], nil, [][]string{all[:100]}},
		{"several batches", all, directory{}, 0, all, nil, [][]string{all[:100], all[100:200], all[200:]}},
		{"given twice", append(all[:3:3], all[:2]...), directory{}, 0, all[:3], nil, [][]string{all[:3]}},
		{"unknown", all[:3], directory{missing: all[1:2]}, 0, []string{all[0], all[2]}, nil, [][]string{all[:3]}},
		{"a server that sends others", all[:2], directory{extra: all}, 0, all[:2], nil, [][]string{all[:2]}},
		{"a loop that breaks", all, directory{}, 100, all[:100], nil, [][]string{all[:100]}},
		{"a request that fails", all, directory{broken: 2}, 0, all[:100], clerk.ErrForbidden, [][]string{all[:100], all[100:200]}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := test.server.collect(t, test.ids, test.stop)
			if slices.Sort(got); !errors.Is(err, test.err) {
				t.Errorf("error %v, want %v", err, test.err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("users (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.requests, test.server.requests); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// An empty id would be no filter, and a sign turns a filter round.
func TestIDsThatWouldSelectOthersAreRefused(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "-user_1", "+user_1", "..", "user/1"} {
		d := &directory{}
		got, err := d.collect(t, append(numbered(101), id), 0)
		refused, is := errors.AsType[*clerk.RequestError](err)
		if !is || refused.Field != "ids" || refused.Operation == "" || got != nil || d.requests != nil {
			t.Errorf("%q: error %v, users %q, requests %q", id, err, got, d.requests)
		}
	}
}
