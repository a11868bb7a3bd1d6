package auth

import (
	"net/http"
	"testing"
)

// discard is a ResponseWriter whose header is emptied for each request, as a
// server hands out.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }
func (d *discard) WriteHeader(int)             {}

func BenchmarkMiddleware(b *testing.B) {
	a := newTestAuthenticator(b)
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

// TestMiddlewareAllocatesLittle bounds what comes on top of the verification.
func TestMiddlewareAllocatesLittle(t *testing.T) {
	a := newTestAuthenticator(t)
	token := sessionToken(t)
	r, w := newRequest(t, "/", withBearer(token)), &discard{header: make(http.Header, 4)}
	h := a.Middleware(inspect(func(r *http.Request) {
		if FromContext(r.Context()).UserID != testUser {
			t.Error("the handler saw another user")
		}
	}))
	verification := testing.AllocsPerRun(100, func() { a.VerifyToken(t.Context(), token) })
	request := testing.AllocsPerRun(100, func() {
		clear(w.header)
		h.ServeHTTP(w, r)
	})
	if request > verification+6 {
		t.Errorf("a request allocates %v times, its verification %v times", request, verification)
	}
}
