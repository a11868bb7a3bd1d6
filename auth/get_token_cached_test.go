package auth

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/backend-sdk/clerk-go/auth/internal/outbound"
	"github.com/backend-sdk/clerk-go/clerk"
)

// templateBackend makes tokens from templates, each another one, and counts the calls.
type templateBackend struct {
	*backend
	clock *clockAt
	calls atomic.Int64
	life  time.Duration // 0: the tokens are no JWTs
	fail  atomic.Bool
	hold  chan struct{} // if not nil, calls wait for it
}

func newTemplateBackend(t *testing.T) *templateBackend {
	b := &templateBackend{backend: newBackend(t, nil), clock: newClock(), life: 5 * time.Minute}
	b.HandleFunc("POST /trap/v1/sessions/{id}/tokens/{template}", func(w http.ResponseWriter, r *http.Request) {
		n := b.calls.Add(1)
		if b.hold != nil {
			<-b.hold
		}
		if b.fail.Load() {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		token := fmt.Sprint("opaque ", n)
		if b.life != 0 {
			token = mint(t, withHeader("cat", categoryTemplate), withClaims(map[string]any{"n": n, "exp": b.clock.now().Add(b.life).Unix()}))
		}
		writeJSON(w, map[string]any{"object": "token", "jwt": token})
	})
	return b
}

// lasts is a session token that does not expire in a test.
func lasts(t *testing.T, opts ...mintOption) string {
	return mint(t, append([]mintOption{lasting}, opts...)...)
}

func (b *templateBackend) caller(t *testing.T, a *Authenticator, token string) *Auth {
	t.Helper()
	return stateOf(t, a, newRequest(t, "/", withBearer(token))).Auth()
}

func getToken(t *testing.T, a *Auth, opts ...TokenOption) string {
	t.Helper()
	token, err := a.GetToken(t.Context(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestCachedTokensAreMadeOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		life, kept time.Duration
	}{
		"five minutes":       {5 * time.Minute, time.Minute},
		"seventy seconds":    {70 * time.Second, time.Minute},
		"sixty-nine seconds": {69 * time.Second, 59 * time.Second},
		"a minute":           {time.Minute, 50 * time.Second},
		"eleven seconds":     {11 * time.Second, time.Second},
		"ten seconds":        {10 * time.Second, 0},
		"not a JWT":          {0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newTemplateBackend(t)
			b.life = test.life
			a := b.caller(t, b.authenticator(t, WithClock(b.clock.now)), lasts(t))
			first := getToken(t, a, Template("x"), Cached())
			if test.kept > 0 {
				b.clock.pass(test.kept - time.Second)
				for range 204 {
					if got := getToken(t, a, Cached(), Template("x")); got != first {
						t.Fatal("another token")
					}
				}
				b.clock.pass(time.Second)
			}
			if got := getToken(t, a, Template("x"), Cached()); got == first || b.calls.Load() != 2 {
				t.Errorf("after %v the same token: %t, %d calls", test.kept, got == first, b.calls.Load())
			}
		})
	}
}

func TestCachedTokensBelongToWhoeverAsked(t *testing.T) {
	t.Parallel()
	b := newTemplateBackend(t)
	a := b.authenticator(t, WithClock(b.clock.now))
	org := func(id string) mintOption { return withClaim("o", map[string]any{"id": id, "rol": "admin"}) }
	seen := map[string]string{}
	for name, call := range map[string]struct {
		token   string
		options []TokenOption
	}{
		"one":                   {lasts(t), []TokenOption{Template("x")}},
		"another template":      {lasts(t), []TokenOption{Template("y")}},
		"another lifetime":      {lasts(t), []TokenOption{Template("x"), ExpiresIn(time.Minute)}},
		"another session":       {lasts(t, withClaim("sid", "sess_b")), []TokenOption{Template("x")}},
		"another user":          {lasts(t, withClaim("sub", "user_b")), []TokenOption{Template("x")}},
		"an organization":       {lasts(t, org("org_1")), []TokenOption{Template("x")}},
		"another organization":  {lasts(t, org("org_2")), []TokenOption{Template("x")}},
		"names that run on (1)": {lasts(t, withClaim("sid", "ab"), withClaim("sub", "c")), []TokenOption{Template("x")}},
		"names that run on (2)": {lasts(t, withClaim("sid", "a"), withClaim("sub", "bc")), []TokenOption{Template("x")}},
	} {
		for range 2 {
			got := getToken(t, b.caller(t, a, call.token), append(call.options, Cached())...)
			if other, taken := seen[got]; taken && other != name {
				t.Errorf("%s and %s have the same token", name, other)
			}
			seen[got] = name
		}
	}
	if len(seen) != 9 || b.calls.Load() != 9 {
		t.Errorf("%d tokens after %d calls, want 9", len(seen), b.calls.Load())
	}
	// A new token of the same session finds what is kept, and without Cached nothing is.
	again := b.caller(t, a, lasts(t, withClaim("jti", "other")))
	if _, known := seen[getToken(t, again, Template("x"), Cached())]; !known {
		t.Error("the session's new token gets another one")
	}
	if _, known := seen[getToken(t, again, Template("x"))]; known {
		t.Error("a token that is kept was returned without Cached")
	}
}

func TestCachedTokensAreMadeInOneFlight(t *testing.T) {
	t.Parallel()
	b := newTemplateBackend(t)
	b.hold = make(chan struct{})
	a := b.caller(t, b.authenticator(t, WithClock(b.clock.now)), lasts(t))
	var wg sync.WaitGroup
	var tokens sync.Map
	for range 50 {
		wg.Go(func() {
			token, err := a.GetToken(t.Context(), Template("x"), Cached())
			if err != nil {
				t.Error(err)
			}
			tokens.Store(token, true)
		})
	}
	// A caller who stops waiting does not end the call of the others.
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		if _, err := a.GetToken(ctx, Template("x"), Cached()); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	for b.calls.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	close(b.hold)
	wg.Wait()
	n := 0
	tokens.Range(func(any, any) bool { n++; return true })
	if n != 1 || b.calls.Load() != 1 {
		t.Errorf("%d tokens after %d calls", n, b.calls.Load())
	}
}

func TestFailuresAreNotCached(t *testing.T) {
	t.Parallel()
	b := newTemplateBackend(t)
	b.fail.Store(true)
	a := b.caller(t, b.authenticator(t, WithClock(b.clock.now)), lasts(t))
	for range 3 {
		var failure *clerk.Error
		if got, err := a.GetToken(t.Context(), Template("x"), Cached()); got != "" || !errors.As(err, &failure) || failure.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("GetToken = %q, %v", got, err)
		}
	}
	b.fail.Store(false)
	getToken(t, a, Template("x"), Cached())
	if n := b.calls.Load(); n != 4 {
		t.Errorf("%d calls, want 4", n)
	}
}

func TestCachedTokensAreBounded(t *testing.T) {
	t.Parallel()
	const asked = 100_000
	made := newTemplateTokens().made
	key := func(i int) (key outbound.Key) {
		binary.BigEndian.PutUint32(key[:], uint32(i))
		return key
	}
	for i := range asked {
		made.Remember(key(i), "made.by.clerk", testNow, testNow.Add(time.Minute))
	}
	kept := 0
	for i := range asked {
		if _, found := made.Recall(key(i), testNow); found {
			kept++
		}
	}
	if kept != maxTemplates || kept > 10_000 {
		t.Errorf("%d tokens are kept, want %d", kept, maxTemplates)
	}
}

// A call outlives the request that began it, and that request's strings may be in a buffer
// which its server uses again.
func TestCachedTokensShareNoMemoryWithARequest(t *testing.T) {
	t.Parallel()
	key, token := testPEM(t), mint(t)
	synctest.Test(t, func(t *testing.T) {
		var asked sync.Map // the paths
		release := make(chan struct{})
		client := newClient(t, "sk_live_x", clerk.WithTransport(transportFunc(func(r *http.Request) (*http.Response, error) {
			asked.Store(path.Base(r.URL.Path), true)
			<-release
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
				Body: io.NopCloser(strings.NewReader(`{"jwt":"made.by.clerk"}`)), Request: r}, nil
		})))
		authn, err := New(client, WithPublishableKey(liveKey), WithJWTKey(key), WithClock(testClock))
		if err != nil {
			t.Fatal(err)
		}
		a, err := authn.AuthenticateToken(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		get := func(ctx context.Context, template string) {
			wg.Go(func() { a.GetToken(ctx, Template(template), Cached()) })
			synctest.Wait()
		}
		for i := range 32 { // which are all places
			get(t.Context(), fmt.Sprint("holds_a_place_", i))
		}
		buffer := []byte("first")
		began, end := context.WithCancel(t.Context())
		get(began, unsafe.String(&buffer[0], len(buffer)))
		get(t.Context(), "first") // keeps the call going
		end()
		synctest.Wait()
		copy(buffer, "other")
		close(release)
		wg.Wait()
		_, first := asked.Load("first")
		if _, other := asked.Load("other"); other || !first {
			t.Error("the token was made from what another request says")
		}
	})
}

func TestCachedNeedsATemplate(t *testing.T) {
	t.Parallel()
	b := newTemplateBackend(t)
	a := b.caller(t, b.authenticator(t, WithClock(b.clock.now)), lasts(t))
	for name, options := range map[string][]TokenOption{"alone": {Cached()}, "with a lifetime": {Cached(), ExpiresIn(time.Minute)}} {
		if got, err := a.GetToken(t.Context(), options...); got != "" || err == nil || !strings.Contains(err.Error(), "Template") {
			t.Errorf("%s: GetToken = %q, %v", name, got, err)
		}
	}
	if got, err := b.caller(t, b.authenticator(t, WithClock(b.clock.now)), "x").GetToken(t.Context(), Template("x"), Cached()); got != "" || !errors.Is(err, ErrNotSignedIn) {
		t.Errorf("signed out: GetToken = %q, %v", got, err)
	}
}

func TestUnverifiedAs(t *testing.T) {
	t.Parallel()
	type claims struct {
		Subject string `json:"sub"`
		Expires int64  `json:"exp"`
		Role    string `json:"role"`
	}
	// Neither the signature nor the time counts.
	token := mint(t, signedBy(otherKey()), withHeader("cat", categoryTemplate), withClaims(map[string]any{"role": "authenticated", "exp": 5}))
	got, err := UnverifiedAs[claims](token)
	if want := (claims{testUser, 5, "authenticated"}); err != nil || got != want {
		t.Errorf("UnverifiedAs = %+v, %v, want %+v", got, err, want)
	}
	if all, err := UnverifiedAs[map[string]any](token); err != nil || all["azp"] != testParty {
		t.Errorf("UnverifiedAs = %v, %v", all, err)
	}
	// It does not lead to Claims, which are always verified.
	if empty, err := UnverifiedAs[Claims](token); err != nil || empty.Subject() != "" || empty.Raw() != nil && len(empty.Raw()) != 0 {
		t.Errorf("UnverifiedAs[Claims] = %+v, %v", empty, err)
	}
	for name, odd := range map[string]string{
		"nothing": "", "opaque": "ak_secret_of_somebody", "two parts": "a.b", "members twice": mint(t, withRawPayload(`{"sub":"a","sub":"b"}`)),
		"not an object": mint(t, withRawPayload(`[]`)), "too long": mint(t, withClaim("x", strings.Repeat("x", maxTokenLength))),
	} {
		got, err := UnverifiedAs[claims](odd)
		if reasonOf(t, err) != ReasonTokenInvalid {
			t.Errorf("%s: UnverifiedAs = %+v, %v", name, got, err)
		}
		if err != nil && (got != (claims{}) || odd != "" && strings.Contains(err.Error(), odd)) {
			t.Errorf("%s: UnverifiedAs = %+v, %v", name, got, err)
		}
	}
	var mistyped *json.UnmarshalTypeError
	if got, err := UnverifiedAs[struct{ Sub int }](token); !errors.As(err, &mistyped) || got.Sub != 0 {
		t.Errorf("a wrong type: %+v, %v", got, err)
	}
	if _, err := UnverifiedAs[claims](mint(t, withRawPayload(`{"sub":"a","SUB":"b"}`))); err == nil {
		t.Error("two names that a struct takes for each other are no error")
	}
}
