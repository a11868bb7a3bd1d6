package keyset

import (
	"context"
	"maps"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// replicas are many processes with one key endpoint, each with a key set of its own. Each
// handles a request every second.
type replicas struct {
	sets     []*Set
	keys     map[string]Key
	down     bool
	second   int64       // of the fetches that are being counted
	fetches  int         // in that second
	most     int         // in a second
	all      int         // since the last report
	perSet   map[int]int // since the last report
	refusals int
}

func newReplicas(n int) *replicas {
	r := &replicas{keys: keys("ins_a")}
	random := rand.New(rand.NewPCG(1, 2)) // Fetches are made one after the other.
	for i := range n {
		r.sets = append(r.sets, New(Config{
			Now: time.Now, MaxStale: maxStale,
			Draw: func(upTo time.Duration) time.Duration { return time.Duration(random.Int64N(int64(upTo))) },
			Fetch: func(context.Context) (map[string]Key, error) {
				r.count(i)
				if r.down {
					return nil, errDown
				}
				return maps.Clone(r.keys), nil
			},
		}))
	}
	return r
}

// count is called from one goroutine at a time, because each fetch is waited for.
func (r *replicas) count(set int) {
	if now := time.Now().Unix(); now != r.second {
		r.second, r.fetches = now, 0
	}
	r.fetches++
	r.all++
	r.perSet[set]++
	r.most = max(r.most, r.fetches)
}

// run lets every set that has started handle a request with the key kid in each second.
func (r *replicas) run(d time.Duration, kid string, started func(passed time.Duration) int) (most, all int, perSet map[int]int) {
	r.most, r.all, r.perSet, r.refusals = 0, 0, map[int]int{}, 0
	for passed := time.Duration(0); passed < d; passed += time.Second {
		for _, s := range r.sets[:started(passed)] {
			if _, _, err := s.Key(context.Background(), kid); err != nil {
				r.refusals++
			}
		}
		time.Sleep(time.Second)
	}
	return r.most, r.all, r.perSet
}

// What the key endpoint sees of a thousand processes: those that started together must
// not ask together for ever.
func TestManyReplicasDoNotFetchTogether(t *testing.T) {
	t.Parallel()
	const n = 1000
	everybody := func(time.Duration) int { return n }
	synctest.Test(t, func(t *testing.T) {
		r := newReplicas(n)
		most, _, perSet := r.run(time.Second, "ins_a", everybody)
		t.Logf("start at once: at most %d fetches in a second", most)
		if most > n || len(perSet) != n || r.refusals != 0 {
			t.Errorf("%d fetches by %d sets in the first second, %d refusals", most, len(perSet), r.refusals)
		}
		// After the first two lives the sets have drifted apart.
		first, _, _ := r.run(2*lifetime, "ins_a", everybody)
		steady, all, _ := r.run(time.Hour, "ins_a", everybody)
		t.Logf("the first ten minutes: at most %d in a second; the next hour: at most %d, %.1f on average", first, steady, float64(all)/3600)
		if max(first, steady) > 20 || r.refusals != 0 {
			t.Errorf("at first %d, then %d fetches in a second, %d refusals", first, steady, r.refusals)
		}

		r.keys["ins_b"] = r.keys["ins_a"]
		// A set that was fetched just before knows the new key ten seconds later.
		most, _, perSet = r.run(unknownPause+time.Second, "ins_b", everybody)
		t.Logf("a rotation: at most %d fetches in a second, %d requests refused", most, r.refusals)
		if most > n || len(perSet) != n || r.refusals > n/10*int(unknownPause/time.Second)/2 {
			t.Errorf("a rotation causes %d fetches in a second by %d sets, %d refusals", most, len(perSet), r.refusals)
		}
		for set, fetches := range perSet {
			if fetches != 1 {
				t.Errorf("set %d fetches %d times", set, fetches)
			}
		}

		r.down = true
		most, all, _ = r.run(time.Hour, "ins_b", everybody)
		t.Logf("an hour's outage: at most %d in a second, %.1f on average", most, float64(all)/3600)
		if r.refusals != 0 {
			t.Errorf("%d requests with a known key were refused in an outage", r.refusals)
		}
		r.down = false
		most, _, perSet = r.run(time.Minute, "ins_b", everybody)
		t.Logf("the end of the outage: at most %d in a second", most)
		if most > 100 || len(perSet) != n || r.refusals != 0 {
			t.Errorf("the end of an outage causes %d fetches in a second; %d sets recovered, %d refusals", most, len(perSet), r.refusals)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := newReplicas(n)
		r.down = true
		r.run(5*time.Minute, "ins_a", everybody)
		most, _, _ := r.run(5*time.Minute, "ins_a", everybody)
		r.down = false
		end, _, perSet := r.run(time.Minute, "ins_a", everybody)
		t.Logf("start in an outage: after five minutes at most %d in a second, at its end at most %d", most, end)
		if most > 200 || end > 100 || len(perSet) != n {
			t.Errorf("a start in an outage causes %d, then %d fetches in a second; %d sets recovered", most, end, len(perSet))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := newReplicas(n)
		rolling := func(passed time.Duration) int { return min(n, int(passed/time.Second+1)*10) }
		most, _, _ := r.run(100*time.Second, "ins_a", rolling)
		steady, _, _ := r.run(time.Hour, "ins_a", everybody)
		t.Logf("rolling start of ten a second: at most %d in a second; the next hour: at most %d", most, steady)
		if most > 10 || steady > 20 || r.refusals != 0 {
			t.Errorf("a rolling start causes %d, then %d fetches in a second, %d refusals", most, steady, r.refusals)
		}
	})
}
