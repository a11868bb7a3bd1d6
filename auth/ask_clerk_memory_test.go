package auth

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

// Frameworks hand out strings whose memory they use again for the next request, while the
// call for this one goes on.
func TestCallsKeepTheirOwnStrings(t *testing.T) {
	t.Parallel()
	token, _ := expiredCookies(t)
	refresh := func(r *http.Request) {
		signedInCookie(token)(r)
		withCookie("__refresh_"+cookieSuffix(liveKey), "refresh-token-1")(r)
		withField("User-Agent", "agent-1")(r)
		withField("X-Forwarded-For", "203.0.113.9")(r)
	}
	for name, test := range map[string]struct {
		request requestOption
		sent    []string
	}{
		"opaque":  {withBearer("ak_good_1234567890"), []string{"ak_good_1234567890"}},
		"refresh": {refresh, []string{token, "refresh-token-1", "agent-1", "203.0.113.9", "/" + testSession + "/"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newLimitedClerk(t, 0)
				var full atomic.Bool
				var sent string
				a := throughTransport(t, answerFunc(func(r *http.Request) (*http.Response, error) {
					if !full.Load() {
						time.Sleep(time.Second)
						return respondWith(http.StatusNotFound, nil, ""), nil
					}
					body, _ := io.ReadAll(r.Body)
					sent = r.URL.Path + string(body)
					r.Body = io.NopCloser(strings.NewReader(sent))
					return l.RoundTrip(r)
				}))
				kind := askingRequests(t)[name]
				for i := range 32 {
					go a.Authenticate(newRequest(t, "/", kind.request(100+i)))
				}
				synctest.Wait()
				full.Store(true)
				ctx, giveUp := context.WithCancel(t.Context())
				borrowed := newRequest(t, "/", test.request).WithContext(ctx)
				memory := borrowStrings(borrowed.Header)
				var first, second sync.WaitGroup
				first.Go(func() { a.Authenticate(borrowed) })
				synctest.Wait()
				second.Go(func() {
					if s := stateOf(t, a, newRequest(t, "/", test.request)); s.Status != StatusSignedIn {
						t.Errorf("state is %v, err %v", s, s.Err())
					}
				})
				synctest.Wait()
				giveUp()
				first.Wait()
				for _, b := range memory {
					clear(b)
				}
				second.Wait()
				for _, want := range test.sent {
					if !strings.Contains(sent, want) {
						t.Errorf("Clerk receives %q, want %q in it", sent, want)
					}
				}
			})
		})
	}
}

// borrowStrings puts the values of h into memory that is written to later.
func borrowStrings(h http.Header) (memory [][]byte) {
	for _, values := range h {
		for i, value := range values {
			b := []byte(value)
			values[i] = unsafe.String(&b[0], len(b))
			memory = append(memory, b)
		}
	}
	return memory
}

// What a stranger sends takes no memory that grows.
func TestBadTokensTakeNoMemory(t *testing.T) {
	const warmUp, all = 10_000, 100_000
	synctest.Test(t, func(t *testing.T) {
		a := throughTransport(t, answerFunc(func(*http.Request) (*http.Response, error) {
			return respondWith(http.StatusNotFound, nil, ""), nil
		}))
		send := func(from, to int) {
			for i := from; i < to; i++ {
				if _, err := a.AuthenticateToken(t.Context(), fmt.Sprint("ak_", i), anyType); reasonOf(t, err) != ReasonTokenInvalid {
					t.Fatal(err)
				}
			}
		}
		send(0, warmUp)
		before := heap()
		send(warmUp, all)
		after := heap()
		t.Logf("%d bytes after %d tokens, %d after %d", before, warmUp, after, all)
		if grown := after - before; grown > 1<<20 {
			t.Errorf("the heap has grown by %d bytes", grown)
		}
		runtime.KeepAlive(a)
	})
}
