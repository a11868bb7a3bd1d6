package wire

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestBodiesAreReadUpToTheLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		status, size int
		length       int64
		want         int
		over         bool
	}{
		{200, 0, -1, 0, false},
		{200, 99, -1, 99, false},
		{200, 100, -1, 100, false},
		{200, 101, -1, 100, true},
		{200, 100, 100, 100, false},
		{200, 101, 101, 100, true},
		{200, 100_000, 100_000, 100, true},
		{200, 50, 1 << 40, 50, false},
		{404, 20, -1, 20, false},
		{404, 21, -1, 20, true},
		{302, 21, -1, 20, true},
	} {
		limits := usual
		limits.Success, limits.Failure = 100, 20
		body := bytes.Repeat([]byte("x"), test.size)
		rt := transport(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: test.status, Header: http.Header{}, ContentLength: test.length, Body: io.NopCloser(bytes.NewReader(body))}, nil
		})
		resp, err := NewClient(http.Client{Transport: rt}, Settings{}).Send(t.Context(), message("POST", limits))
		if err != nil || len(resp.Body) != test.want || resp.Truncated != test.over {
			t.Errorf("%d with %d bytes: read %d, truncated %v, error %v; want %d, %v", test.status, test.size, len(resp.Body), resp.Truncated, err, test.want, test.over)
		}
		resp.Release()
	}
}

func TestShortErrorBodiesAreDrainedSoThatTheConnectionIsKept(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ size, left int }{"short": {10 << 10, 0}, "at the limit": {64 << 10, 0}, "over the limit": {100 << 10, 36<<10 - 1}} {
		rest := strings.NewReader(strings.Repeat("x", test.size))
		b := attemptBody{io.NopCloser(rest), func() {}, 64 << 10}
		if _, err := io.CopyN(io.Discard, &b, 4<<10); err != nil {
			t.Fatal(err)
		}
		if b.Close(); rest.Len() != test.left {
			t.Errorf("%s: %d bytes are left, want %d", name, rest.Len(), test.left)
		}
	}
}
