package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	peer "github.com/clerk/clerk-sdk-go/v2"
	peeruser "github.com/clerk/clerk-sdk-go/v2/user"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// inMemory is a transport that answers at once, so that only clients are measured.
type inMemory struct{}

var header = http.Header{"Content-Type": {"application/json"}}

func (inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	body := oneUser
	switch {
	case strings.HasSuffix(r.URL.Path, "/users"):
		body = userList
	case strings.HasSuffix(r.URL.Path, "/users/count"):
		body = []byte(`{"object":"total_count","total_count":500}`)
	}
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Request: r, Header: header,
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}, nil
}

var (
	ours  = must1(clerk.New("sk_test_bench", clerk.WithTransport(inMemory{})))
	peers = peeruser.NewClient(&peer.ClientConfig{BackendConfig: peer.BackendConfig{
		Key: new("sk_test_bench"), URL: new("https://api.example.com/v1"), HTTPClient: &http.Client{Transport: inMemory{}},
	}})
	bare   = &http.Client{Transport: inMemory{}, Timeout: 30 * time.Second}
	pooled bytes.Buffer // of bare
)

func must1[T any](v T, err error) T {
	must(err)
	return v
}

var errWrong = errors.New("the result is wrong")

func listUsers() {
	list, err := users.ListUsers(background, ours, users.ListUsersParams{Limit: clerk.Set(listed)})
	if must(err); len(list.Data) != listed || list.Data[listed-1].ID == "" {
		must(errWrong)
	}
}

func listUsersOfPeer() {
	list, err := peers.List(background, &peeruser.ListParams{ListParams: peer.ListParams{Limit: new(int64(listed))}})
	if must(err); len(list.Users) != listed || list.Users[listed-1].ID == "" {
		must(errWrong)
	}
}

func listUsersBare() {
	var list []*api.User
	getBare("https://api.example.com/v1/users?limit=500", &list)
	if len(list) != listed || list[listed-1].ID == "" {
		must(errWrong)
	}
}

func getUser() {
	u, err := users.GetUser(background, ours, "user_1")
	if must(err); u.ID == "" {
		must(errWrong)
	}
}

func getUserOfPeer() {
	u, err := peers.Get(background, "user_1")
	if must(err); u.ID == "" {
		must(errWrong)
	}
}

func getUserBare() {
	var u api.User
	if getBare("https://api.example.com/v1/users/user_1", &u); u.ID == "" {
		must(errWrong)
	}
}

// getBare makes a call with nothing but net/http and encoding/json.
func getBare(url string, out any) {
	req, err := http.NewRequestWithContext(background, http.MethodGet, url, nil)
	must(err)
	req.Header.Set("Authorization", "Bearer sk_test_bench")
	req.Header.Set("Accept", "application/json")
	resp, err := bare.Do(req)
	must(err)
	pooled.Reset()
	_, err = pooled.ReadFrom(resp.Body)
	must(err)
	must(resp.Body.Close())
	must(json.Unmarshal(pooled.Bytes(), out))
}

func decodeUsers(decode func([]byte, any) error) func() {
	return func() {
		var list []*api.User
		must(decode(userList, &list))
	}
}

// clientPairs are the cases of the API client with their references.
var clientPairs = []pair{
	{candidate: work{"ListUsers of 500", listUsers}, reference: work{"clerk-sdk-go user.List", listUsersOfPeer}, goal: 0.40},
	{candidate: work{"ListUsers of 500", listUsers}, reference: work{"net/http + encoding/json", listUsersBare}, goal: 0.45},
	{candidate: work{"GetUser", getUser}, reference: work{"clerk-sdk-go user.Get", getUserOfPeer}},
	{candidate: work{"GetUser", getUser}, reference: work{"net/http + encoding/json", getUserBare}, goal: 0.85},
	{candidate: work{"clerk.Decode, 500 users", decodeUsers(clerk.Decode)}, reference: work{"encoding/json", decodeUsers(json.Unmarshal)}, goal: 0.30},
	{candidate: work{"clerk.Decode, 500 users", decodeUsers(clerk.Decode)}, reference: work{"json.Valid", func() { json.Valid(userList) }}},
}

// BenchmarkClient reports how the API client compares with others. All of one processor
// is used for it, so the ratio is one of processor time. Run it with -benchtime 1x.
func BenchmarkClient(b *testing.B) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, p := range clientPairs {
		b.Run(strings.ReplaceAll(p.candidate.name+" beside "+p.reference.name, " ", "_"), func(b *testing.B) {
			for range b.N {
				result := measure(p.candidate, p.reference, 1, 60, 6*time.Millisecond)
				b.ReportMetric(result.ratio.median, "ratio")
				b.ReportMetric(result.ratio.low, "q25")
				b.ReportMetric(result.ratio.high, "q75")
				b.ReportMetric(p.goal, "goal")
				b.ReportMetric(p.candidate.allocations(), "allocations")
			}
		})
	}
}

func TestTheClientAllocatesLittle(t *testing.T) {
	for _, test := range []struct {
		work work
		most float64
	}{
		{work{"ListUsers of 500", listUsers}, 22_000},
		{work{"GetUser", getUser}, 115},
	} {
		if n := test.work.allocations(); n > test.most {
			t.Errorf("%s allocates %v times, want at most %v", test.work.name, n, test.most)
		} else {
			t.Logf("%s allocates %v times", test.work.name, n)
		}
	}
}

// TestAKeptUserHoldsLittle keeps one user of a list at a time and measures what that
// holds: itself and little else.
func TestAKeptUserHoldsLittle(t *testing.T) {
	const (
		times = 4
		most  = 6 << 10
	)
	listUsers() // makes what is made once
	worst := int64(0)
	for i := 0; i < listed; i += 7 {
		var kept [times]*api.User
		before := heap()
		for n := range kept {
			list, err := users.ListUsers(background, ours, users.ListUsersParams{})
			if err != nil {
				t.Fatal(err)
			}
			kept[n] = list.Data[i]
		}
		worst = max(worst, (heap()-before)/times)
		runtime.KeepAlive(kept)
	}
	if t.Logf("a kept user holds %d bytes", worst); worst > most {
		t.Errorf("a kept user holds %d bytes, want at most %d", worst, most)
	}
}

// heap returns how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC() // empties the pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
