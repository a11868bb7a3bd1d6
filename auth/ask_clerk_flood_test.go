package auth

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

const floodConnections = 64

// flood sends bad requests over 64 connections of each kind, each as soon as the one
// before is answered, while good callers send 100 requests of each kind.
type flood struct {
	*testing.T
	clerk *limitedClerk
	a     *Authenticator
}

func newFlood(t *testing.T, latency time.Duration) *flood {
	l := newLimitedClerk(t, latency)
	return &flood{T: t, clerk: l, a: l.authenticator(t)}
}

// run sends bad requests until the good ones are answered, which must all be signed in.
func (f *flood) run(good map[string]func(i int) requestOption, bad []func(i int) requestOption) {
	f.Helper()
	ctx, stop := context.WithCancel(f.Context())
	var floods, callers sync.WaitGroup
	var sent atomic.Int32
	for i := range floodConnections * len(bad) {
		floods.Go(func() {
			time.Sleep(time.Duration(i%len(bad)) * time.Second)
			for ctx.Err() == nil {
				stateOf(f, f.a, newRequest(f, "/", bad[i%len(bad)](int(sent.Add(1)))))
				time.Sleep(time.Millisecond)
			}
		})
	}
	for kind, request := range good {
		callers.Go(func() { f.callers(kind, request) })
	}
	callers.Go(f.getUsers)
	callers.Wait()
	stop()
	floods.Wait()
	f.clerk.report(f.T)
	f.Log("the flood sent", sent.Load(), "requests")
}

// callers sends 100 requests, ten a second, and checks that all are signed in.
func (f *flood) callers(kind string, request func(i int) requestOption) {
	f.Helper()
	var all sync.WaitGroup
	var in atomic.Int32
	var slowest atomic.Int64
	for i := range 100 {
		all.Go(func() {
			begin := time.Now()
			s := stateOf(f, f.a, newRequest(f, "/", request(i)))
			if s.Status != StatusSignedIn {
				f.Logf("%s: after %v the state is %v, err %v", kind, time.Since(begin), s, s.Err())
				return
			}
			in.Add(1)
			for took := int64(time.Since(begin)); ; {
				if most := slowest.Load(); most >= took || slowest.CompareAndSwap(most, took) {
					return
				}
			}
		})
		time.Sleep(100 * time.Millisecond)
	}
	all.Wait()
	f.Logf("%s: %d of 100 signed in, the slowest after %v", kind, in.Load(), time.Duration(slowest.Load()))
	if in.Load() != 100 {
		f.Errorf("%s: %d of 100 good callers are signed in", kind, in.Load())
	}
}

// getUsers calls Clerk for the program itself, through the same client.
func (f *flood) getUsers() {
	for range 50 {
		begin := time.Now()
		var resp clerk.Response
		_, err := users.GetUser(f.Context(), f.a.client, "user_1", clerk.WithResponse(&resp))
		if took := time.Since(begin); err != nil || resp.Attempts != 1 || took != f.clerk.latency {
			f.Errorf("GetUser took %v and %d attempts: %v", took, resp.Attempts, err)
		}
		time.Sleep(150 * time.Millisecond)
	}
}

func goodNonce(i int) requestOption {
	return withCookie("__clerk_handshake_nonce", fmt.Sprint("good", i))
}
func junkNonce(i int) requestOption {
	return withCookie("__clerk_handshake_nonce", fmt.Sprint("junk", i))
}
func goodKey(i int) requestOption { return withBearer(fmt.Sprint("ak_good", i)) }
func junkKey(i int) requestOption { return withBearer(fmt.Sprint("ak_junk", i)) }

// browsers returns the requests of browsers whose session token has expired, each with a
// refresh token of its own.
func browsers(tb testing.TB) func(i int) requestOption {
	token, _ := expiredCookies(tb)
	return func(i int) requestOption {
		return func(r *http.Request) {
			signedInCookie(token)(r)
			withCookie("__refresh_"+cookieSuffix(liveKey), fmt.Sprint("r", i))(r)
		}
	}
}

func TestFloodsLeaveRoomForGoodCallers(t *testing.T) {
	t.Parallel()
	browser := browsers(t)
	oneCookie := func(int) requestOption { return browser(-1) }
	for name, bad := range map[string][]func(int) requestOption{
		"made-up nonces":          {junkNonce},
		"made-up keys":            {junkKey},
		"made-up nonces and keys": {junkNonce, junkKey},
		"one expired cookie":      {oneCookie},
	} {
		for _, latency := range []time.Duration{60 * time.Millisecond, 300 * time.Millisecond} {
			t.Run(fmt.Sprint(name, ", Clerk at ", latency), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					f := newFlood(t, latency)
					f.run(map[string]func(int) requestOption{"nonces": goodNonce, "refreshes": browser, "keys": goodKey}, bad)
					time.Sleep(time.Minute) // until every call has ended
				})
			})
		}
	}
}
