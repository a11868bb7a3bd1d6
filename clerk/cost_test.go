package clerk_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

const smallBody = `{"id":"user_2abc","count":7,"tags":["a","b"],"email_addresses":[{"id":"idn_1"}],"created_at":1778547723004}`

// fixed returns a transport that sends the same body in every response and allocates
// only what a transport must.
func fixed(body string) http.RoundTripper {
	header := http.Header{"Content-Type": {"application/json"}}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: 200, Header: header, Request: r, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	})
}

func viaSDK(tb testing.TB, c *clerk.Client) {
	v, err := clerk.Call[thing](tb.Context(), c, clerk.Request{Method: http.MethodGet, Path: "/users/{user_id}", IDs: []string{"user_2abc"}, Operation: "GetUser"})
	if err != nil || v.Count != 7 {
		tb.Fatal(v, err)
	}
}

func viaNetHTTP(tb testing.TB, hc *http.Client, buf *bytes.Buffer) {
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, "https://api.clerk.com/v1/users/user_2abc", nil)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testKey)
	req.Header.Set("Accept", "application/json")
	resp, err := hc.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	buf.Reset()
	_, err = buf.ReadFrom(resp.Body)
	resp.Body.Close()
	var v thing
	if err != nil || json.Unmarshal(buf.Bytes(), &v) != nil || v.Count != 7 {
		tb.Fatal(v, err)
	}
}

func TestASmallGetAllocatesLittleMoreThanNetHTTP(t *testing.T) {
	c, err := clerk.New(testKey, clerk.WithTransport(fixed(smallBody)))
	if err != nil {
		t.Fatal(err)
	}
	hc := &http.Client{Transport: fixed(smallBody)}
	var buf bytes.Buffer
	bare := testing.AllocsPerRun(200, func() { viaNetHTTP(t, hc, &buf) })
	sdk := testing.AllocsPerRun(200, func() { viaSDK(t, c) })
	t.Logf("net/http %v, clerk %v", bare, sdk)
	if sdk > bare+4 {
		t.Errorf("%v allocations, want at most 4 more than the %v of net/http and encoding/json", sdk, bare)
	}
}

func BenchmarkSmallGet(b *testing.B) {
	b.Run("clerk", func(b *testing.B) {
		c, err := clerk.New(testKey, clerk.WithTransport(fixed(smallBody)))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			viaSDK(b, c)
		}
	})
	b.Run("net-http", func(b *testing.B) {
		hc := &http.Client{Transport: fixed(smallBody)}
		var buf bytes.Buffer
		b.ReportAllocs()
		for b.Loop() {
			viaNetHTTP(b, hc, &buf)
		}
	})
}
