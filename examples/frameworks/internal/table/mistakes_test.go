package table_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync/atomic"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/table"
)

type middleware = func(http.Handler) http.Handler

// A mistake has what a service does in another way, and the requests that find it.
type mistake struct {
	guard   func(*auth.Authenticator, ...auth.Requirement) middleware
	front   middleware
	handler func(table.App) http.Handler
	found   []string
}

var mistakes = map[string]mistake{
	"everybody passes": {
		guard: func(authn *auth.Authenticator, _ ...auth.Requirement) middleware { return authn.Middleware },
		found: []string{"guest", "bad token", "forged token", "expired token", "pending session", "API key, not accepted", "role, guest", "without the role", "keys out of reach"},
	},
	"requirements are left out": {
		guard: func(authn *auth.Authenticator, _ ...auth.Requirement) middleware { return authn.Require() },
		found: []string{"without the role", "API key", "API key, another scope"},
	},
	"everybody is refused": {
		guard: func(authn *auth.Authenticator, _ ...auth.Requirement) middleware {
			return authn.Require(auth.Role("org:none"))
		},
		found: []string{"bearer", "cookies", "with the role", "API key", "session or API key", "page load"},
	},
	"an outage is a refusal": {
		guard: func(authn *auth.Authenticator, _ ...auth.Requirement) middleware {
			return func(next http.Handler) http.Handler {
				return authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if !auth.FromContext(r.Context()).IsAuthenticated() {
						http.Error(w, "unauthenticated", http.StatusUnauthorized)
						return
					}
					next.ServeHTTP(w, r)
				}))
			}
		},
		found: []string{"keys out of reach"},
	},
	"the chain goes on after a refusal": {
		guard: around(func(required, next http.Handler, w http.ResponseWriter, r *http.Request) {
			required.ServeHTTP(w, r)
			next.ServeHTTP(httptest.NewRecorder(), r)
		}),
		found: []string{"guest", "without the role", "API key, another scope", "bearer"},
	},
	"the caller is lost": {
		guard: func(authn *auth.Authenticator, requirements ...auth.Requirement) middleware {
			return func(next http.Handler) http.Handler {
				return authn.Require(requirements...)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					next.ServeHTTP(w, r.WithContext(context.Background()))
				}))
			}
		},
		found: []string{"bearer", "cookies", "with the role", "session or API key"},
	},
	"cookies are not read": {
		front: request(func(r *http.Request) { r.Header.Del("Cookie") }),
		found: []string{"cookies", "page load"},
	},
	"cookies replace each other": {
		front: response(func(h http.Header) {
			if cookies := h["Set-Cookie"]; len(cookies) > 1 {
				h["Set-Cookie"] = cookies[len(cookies)-1:]
			}
		}),
		found: []string{"page load"},
	},
	"page loads are taken for scripts": {
		front: request(func(r *http.Request) { r.Header.Set("Sec-Fetch-Dest", "empty") }),
		found: []string{"page load"},
	},
	"the last caller counts": {
		handler: func(app table.App) http.Handler {
			var last atomic.Pointer[http.Request]
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				last.Store(r)
				io.WriteString(w, app(lately{r.Context(), &last}))
			})
		},
		found: []string{"parallel callers"},
	},
	"nobody recovers": {
		front: allowFrontend,
		found: []string{"panic"},
	},
	"a canceled request goes on": {
		guard: func(authn *auth.Authenticator, requirements ...auth.Requirement) middleware {
			return func(next http.Handler) http.Handler {
				return authn.Require(requirements...)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					next.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
				}))
			}
		},
		found: []string{"canceled"},
	},
	"CORS is behind": {
		guard: func(authn *auth.Authenticator, requirements ...auth.Requirement) middleware {
			return func(next http.Handler) http.Handler { return authn.Require(requirements...)(allowFrontend(next)) }
		},
		front: recovered,
		found: []string{"preflight", "refusal, CORS"},
	},
	"Vary is replaced": {
		front: response(func(h http.Header) { h.Set("Vary", "Origin") }),
		found: []string{"guest", "bearer", "refusal, CORS"},
	},
	"the reason does not arrive": {
		front: response(func(h http.Header) { h.Del("X-Clerk-Auth-Reason") }),
		found: []string{"guest", "bad token", "keys out of reach", "refusal, CORS"},
	},
}

func whoami(ctx context.Context) string { return auth.FromContext(ctx).UserID }

func handler(app table.App) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, app(r.Context())) })
}

// around is a guard that has Require and what is behind it.
func around(serve func(required, next http.Handler, w http.ResponseWriter, r *http.Request)) func(*auth.Authenticator, ...auth.Requirement) middleware {
	return func(authn *auth.Authenticator, requirements ...auth.Requirement) middleware {
		return func(next http.Handler) http.Handler {
			required := authn.Require(requirements...)(next)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(required, next, w, r) })
		}
	}
}

// recovered turns a panic into a response.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func allowFrontend(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		if r.Header.Get("Origin") == table.Frontend {
			h.Set("Access-Control-Allow-Origin", table.Frontend)
			h.Set("Access-Control-Allow-Headers", "Authorization")
			h.Set("Access-Control-Expose-Headers", "X-Clerk-Auth-Reason, Retry-After")
		}
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// request is a front that changes requests.
func request(change func(*http.Request)) middleware {
	return func(next http.Handler) http.Handler {
		next = recovered(allowFrontend(next))
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			change(r)
			next.ServeHTTP(w, r)
		})
	}
}

// response is a front that changes responses.
func response(change func(http.Header)) middleware {
	return func(next http.Handler) http.Handler {
		next = recovered(allowFrontend(next))
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			recorder := httptest.NewRecorder()
			next.ServeHTTP(recorder, r)
			change(recorder.Header())
			maps.Copy(w.Header(), recorder.Header())
			w.WriteHeader(recorder.Code)
			w.Write(recorder.Body.Bytes())
		})
	}
}

// lately has the values of the request that came last.
type lately struct {
	context.Context
	last *atomic.Pointer[http.Request]
}

func (l lately) Value(key any) any { return l.last.Load().Context().Value(key) }
