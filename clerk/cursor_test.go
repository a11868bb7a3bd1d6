package clerk_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

// shelf is a list that the API refuses to continue after an item that is not in it.
type shelf struct {
	numbers  []int
	status   int // of a refusal
	requests int
}

// numbers returns those below n.
func numbers(n int) (list []int) {
	for i := range n {
		list = append(list, i)
	}
	return list
}

func (s *shelf) page(limit clerk.Optional[int], after clerk.Optional[string]) (*clerk.List[mail], error) {
	s.requests++
	from := 0
	if id, given := after.Get(); given {
		n, err := strconv.Atoi(id)
		at := slices.Index(s.numbers, n)
		if err != nil || at < 0 {
			return nil, fmt.Errorf("listing: %w", &clerk.Error{StatusCode: s.status})
		}
		from = at + 1
	}
	l := &clerk.List[mail]{}
	for _, n := range s.numbers[from:min(len(s.numbers), from+limit.Or(0))] {
		l.Data = append(l.Data, &mail{strconv.Itoa(n)})
	}
	return l, nil
}

func (s *shelf) remove(n int) {
	s.numbers = slices.DeleteFunc(s.numbers, func(m int) bool { return m == n })
}

// walk calls each for every item that the iteration yields.
func (s *shelf) walk(t *testing.T, limit int, after clerk.Optional[string], each func(n int)) (got []int, failed error) {
	t.Helper()
	for m, err := range clerk.PagesAfter(clerk.Set(limit), after, s.page, mailID) {
		if err != nil {
			failed = err
			continue
		}
		n, _ := strconv.Atoi(m.ID)
		if got = append(got, n); len(got) > 10_000 {
			t.Fatal("the iteration does not end")
		}
		each(n)
	}
	return got, failed
}

func TestIterationByCursorSurvivesDeletions(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusNotFound, http.StatusUnprocessableEntity} {
		for name, test := range map[string]struct {
			each     func(s *shelf, n int)
			requests int // at most
		}{
			"of nothing":                   {func(*shelf, int) {}, 8},
			"of what the loop sees":        {func(s *shelf, n int) { s.remove(n) }, 40},
			"of every other item":          {func(s *shelf, n int) { s.removeIf(n, n%2 == 1) }, 40},
			"of the last item of a page":   {func(s *shelf, n int) { s.removeIf(n, n%10 == 9) }, 16},
			"of the last page":             {func(s *shelf, n int) { s.removeIf(n, n > 60) }, 20},
			"of a page and the one before": {func(s *shelf, n int) { s.removeIf(n, n%30 < 20) }, 40},
			"of all but the first":         {func(s *shelf, n int) { s.removeIf(n, n > 0) }, 60},
		} {
			s := &shelf{numbers: numbers(75), status: status}
			got, err := s.walk(t, 10, clerk.Optional[string]{}, func(n int) { test.each(s, n) })
			if err != nil || !slices.Equal(got, numbers(75)) || s.requests > test.requests {
				t.Errorf("deletions %s, refused with %d: items %v, error %v, %d requests", name, status, got, err, s.requests)
			}
		}
	}
}

func (s *shelf) removeIf(n int, condition bool) {
	if condition {
		s.remove(n)
	}
}

// Whatever others delete meanwhile, an item that stays is yielded once.
func TestIterationByCursorLeavesNothingOut(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 0))
		total, limit := random.IntN(60), 1+random.IntN(12)
		s := &shelf{numbers: numbers(total), status: http.StatusUnprocessableEntity}
		got, err := s.walk(t, limit, clerk.Optional[string]{}, func(n int) {
			switch random.IntN(4) {
			case 0:
				s.remove(n)
			case 1:
				s.remove(n - random.IntN(20))
			case 2:
				s.remove(random.IntN(total))
			}
		})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Errorf("seed %d: items %v", seed, got)
		}
		for _, n := range s.numbers {
			if !slices.Contains(got, n) {
				t.Errorf("seed %d: %d is left out of %v", seed, n, got)
			}
		}
	}
}

// An iteration does not go back forever, and not for other errors.
func TestIterationByCursorEndsWithTheRefusal(t *testing.T) {
	t.Parallel()
	full := func(first int) *clerk.List[mail] {
		return &clerk.List[mail]{Data: []*mail{{strconv.Itoa(first)}, {strconv.Itoa(first + 1)}}}
	}
	refusal := &clerk.Error{StatusCode: http.StatusUnprocessableEntity}
	for name, test := range map[string]struct {
		after clerk.Optional[string]
		page  func(request int, after clerk.Optional[string]) (*clerk.List[mail], error)
		want  error
		calls int
	}{
		"the item that the caller names": {clerk.Set("7"), func(int, clerk.Optional[string]) (*clerk.List[mail], error) { return nil, refusal }, refusal, 1},
		"every item": {clerk.Optional[string]{}, func(_ int, after clerk.Optional[string]) (*clerk.List[mail], error) {
			if after.IsZero() {
				return full(0), nil
			}
			return nil, refusal
		}, refusal, 5},
		"every request after the first": {clerk.Optional[string]{}, func(request int, _ clerk.Optional[string]) (*clerk.List[mail], error) {
			if request == 1 {
				return full(0), nil
			}
			return nil, refusal
		}, refusal, 4},
		"nothing of the same page again": {clerk.Optional[string]{}, func(request int, _ clerk.Optional[string]) (*clerk.List[mail], error) {
			if request == 2 {
				return nil, refusal
			}
			return full(0), nil
		}, clerk.ErrNotAdvancing, 4},
		"a caller without permission": {clerk.Optional[string]{}, func(request int, _ clerk.Optional[string]) (*clerk.List[mail], error) {
			if request == 1 {
				return full(0), nil
			}
			return nil, &clerk.Error{StatusCode: http.StatusForbidden}
		}, clerk.ErrForbidden, 2},
	} {
		calls := 0
		var failed error
		for m, err := range clerk.PagesAfter(clerk.Set(2), test.after, func(_ clerk.Optional[int], after clerk.Optional[string]) (*clerk.List[mail], error) {
			if calls++; calls > 20 {
				t.Fatalf("%s: the iteration does not end", name)
			}
			return test.page(calls, after)
		}, mailID) {
			if failed = err; err != nil && m != nil {
				t.Errorf("%s: an item was yielded with the error", name)
			}
		}
		if !errors.Is(failed, test.want) || calls != test.calls {
			t.Errorf("refused is %s: error %v after %d requests, want %v after %d", name, failed, calls, test.want, test.calls)
		}
	}
}
