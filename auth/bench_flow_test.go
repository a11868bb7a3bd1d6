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
	token := mint(b)
	bearer := newRequest(b, "/", withBearer(token))
	cookie := newRequest(b, "/", signedInCookies(b))
	var user string
	for name, h := range map[string]http.Handler{
		"handler=none": reached(nil),
		"handler=auth": reached(func(r *http.Request) { user = FromContext(r.Context()).UserID }),
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
