package auth

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// floor returns the least that the verification of an RSA signature has to do.
func floor(tb testing.TB, token string) func() error {
	cut := strings.LastIndexByte(token, '.')
	signed := []byte(token[:cut])
	signature, err := base64.RawURLEncoding.DecodeString(token[cut+1:])
	if err != nil {
		tb.Fatal(err)
	}
	key := &testKey().PublicKey
	return func() error {
		sum := sha256.Sum256(signed)
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
	}
}

// verification returns a whole verification, with every check that can be configured.
func verification(tb testing.TB, token string) func() error {
	v := newVerifier(fetchedOnce(tb), testClock)
	v.parties, v.audience, v.issuer, v.skew = []string{testParty}, []string{"a"}, testIssuer, 5*time.Second
	ctx := tb.Context()
	return func() error {
		_, err := v.session(ctx, token)
		return err
	}
}

func BenchmarkFloor(b *testing.B)  { benchmark(b, floor(b, sessionToken(b))) }
func BenchmarkVerify(b *testing.B) { benchmark(b, verification(b, sessionToken(b))) }

// BenchmarkVerifyKnown verifies a token of the cache.
func BenchmarkVerifyKnown(b *testing.B) {
	v, token := caching(), sessionToken(b)
	benchmark(b, func() error {
		_, err := v.session(b.Context(), token)
		return err
	})
}

func benchmark(b *testing.B, f func() error) {
	b.ReportAllocs()
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerifyOverFloor reports the ratio of the two, which can be compared even
// where the speed of the machine varies: each chunk of verifications is timed between
// two chunks of the floor, and the result is the median of all ratios.
func BenchmarkVerifyOverFloor(b *testing.B) {
	token := sessionToken(b)
	low, whole := floor(b, token), verification(b, token)
	var ratios []float64
	before := chunk(b, low)
	for b.Loop() {
		middle := chunk(b, whole)
		after := chunk(b, low)
		ratios = append(ratios, 2*middle/(before+after))
		before = after
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
	b.ReportMetric(0, "ns/op")
}

func chunk(b *testing.B, f func() error) float64 {
	began := time.Now()
	for range 100 {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
	return float64(time.Since(began))
}

// TestVerificationAllocatesLittle limits what a verification allocates beyond its cryptography.
func TestVerificationAllocatesLittle(t *testing.T) {
	token := sessionToken(t)
	allocs := func(f func() error) int {
		return int(testing.AllocsPerRun(100, func() {
			if err := f(); err != nil {
				t.Fatal(err)
			}
		}))
	}
	low, whole := allocs(floor(t, token)), allocs(verification(t, token))
	if whole > low+4 {
		t.Errorf("a verification allocates %d times, the cryptography alone %d times", whole, low)
	}
}

// discard is a ResponseWriter that drops the body. Its header is cleared before
// each request, as a server starts each one with an empty header.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

// BenchmarkMiddleware sends one token again and again, which is verified each time
// without the cache, and once with it.
func BenchmarkMiddleware(b *testing.B) {
	b.Run("cache=off", func(b *testing.B) { benchmarkMiddleware(b, WithTokenCache(0)) })
	b.Run("cache=on", func(b *testing.B) { benchmarkMiddleware(b) })
}

func benchmarkMiddleware(b *testing.B, opts ...Option) {
	a := newTestAuthenticator(b, opts...)
	token := sessionToken(b)
	bearer := newRequest(b, "/", withBearer(token))
	cookie := newRequest(b, "/", signedInCookies(b))
	var user string
	for name, h := range map[string]http.Handler{
		"handler=none": inspect(nil),
		"handler=auth": inspect(func(r *http.Request) { user = FromContext(r.Context()).UserID }),
	} {
		for carrier, r := range map[string]*http.Request{"bearer": bearer, "cookie": cookie} {
			b.Run(name+"/"+carrier, func(b *testing.B) {
				protected := a.Middleware(h)
				w := &discard{header: make(http.Header, 4)}
				b.ReportAllocs()
				for b.Loop() {
					clear(w.header)
					protected.ServeHTTP(w, r)
				}
			})
		}
	}
	b.Run("verification", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := a.VerifyToken(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
	if user != testUser {
		b.Errorf("the handler saw user %q", user)
	}
}

// A request with a good bearer token costs its verification, which costs nothing where
// the token is known, and besides that the request, its context and the record of both.
func TestMiddlewareAllocatesLittle(t *testing.T) {
	token := sessionToken(t)
	cached, a := newTestAuthenticator(t), newTestAuthenticator(t, WithTokenCache(0))
	verification := testing.AllocsPerRun(100, func() { a.VerifyToken(t.Context(), token) })
	for name, test := range map[string]struct {
		protect func(http.Handler) http.Handler
		more    float64
	}{
		"Middleware":                       {a.Middleware, 3},
		"known token, Middleware":          {cached.Middleware, 3 - verification},
		"known token, Require":             {cached.Require(), 3 - verification},
		"Middleware twice":                 {func(h http.Handler) http.Handler { return a.Middleware(a.Middleware(h)) }, 3},
		"Require":                          {a.Require(), 3},
		"Require in Middleware":            {func(h http.Handler) http.Handler { return a.Middleware(a.Require()(h)) }, 3},
		"Require of a type":                {a.Require(Accepts(SessionToken)), 4},
		"Require of a type, in Middleware": {func(h http.Handler) http.Handler { return a.Middleware(a.Require(Accepts(SessionToken))(h)) }, 6},
	} {
		r, w := newRequest(t, "/", withBearer(token)), &discard{header: make(http.Header, 4)}
		in := false
		h := test.protect(inspect(func(r *http.Request) { in = viewFrom(r.Context()).record.claims != nil }))
		request := testing.AllocsPerRun(100, func() {
			clear(w.header)
			h.ServeHTTP(w, r)
		})
		if request > verification+test.more || !in {
			t.Errorf("%s: a request allocates %v times, its verification %v times; signed in: %t", name, request, verification, in)
		}
	}
}

// TestAcceptingMachinesCostsSessionsNothing checks that looking at the form of a
// token adds no allocation to the verification of a session token.
func TestAcceptingMachinesCostsSessionsNothing(t *testing.T) {
	token := sessionToken(t)
	allocations := func(opts ...Option) float64 {
		a := newTestAuthenticator(t, append(opts, WithTokenCache(0))...)
		r, rec := newRequest(t, "/", withBearer(token)), newRecord(a)
		return testing.AllocsPerRun(100, func() {
			if err := a.authenticate(r, rec); err != nil || rec.claims == nil {
				t.Fatal(err, rec.reason)
			}
		})
	}
	alone, among := allocations(), allocations(WithAcceptedTokens(SessionToken, M2MToken, OAuthToken))
	if among > alone {
		t.Errorf("verifying a session token allocates %v times where machines are accepted too, %v times alone", among, alone)
	}
}
