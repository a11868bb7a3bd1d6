package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// The functions of this file are the code of docs/from-javascript.md. A test runs them.

func appRoutes(authn *auth.Authenticator, client *clerk.Client) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", authn.Middleware(http.HandlerFunc(start))) // clerkMiddleware()
	mux.Handle("GET /profile", authn.Require()(http.HandlerFunc(profile)))
	mux.Handle("POST /profile", authn.Require()(welcome(client)))
	mux.Handle("GET /rows", authn.Require()(http.HandlerFunc(rows)))
	mux.Handle("GET /admin", authn.Require(auth.Role("org:admin"))(http.HandlerFunc(start)))
	mux.Handle("GET /state", checkState(authn, http.HandlerFunc(start)))
	return mux
}

func start(w http.ResponseWriter, r *http.Request) {
	a := auth.FromContext(r.Context()) // never nil
	switch {
	case !a.IsAuthenticated():
		fmt.Fprintln(w, "hello, guest")
	case a.Has(auth.Role("org:admin")):
		fmt.Fprintln(w, "hello, admin of", a.OrganizationSlug)
	default:
		fmt.Fprintln(w, "hello,", a.UserID)
	}
}

func rows(w http.ResponseWriter, r *http.Request) {
	a := auth.FromContext(r.Context())
	token, err := a.GetToken(r.Context(), auth.Template("supabase"), auth.Cached())
	if err != nil {
		http.Error(w, "no token", http.StatusBadGateway)
		return
	}
	fetchRows(w, r, token)
}

// fetchRows stands where a service would send the token to a database.
func fetchRows(w http.ResponseWriter, _ *http.Request, token string) {
	fmt.Fprintln(w, strings.Count(token, "."))
}

func profile(w http.ResponseWriter, r *http.Request) {
	user, err := auth.CurrentUser(r.Context()) // fetched once per request
	if err != nil {
		http.Error(w, "try again", http.StatusBadGateway)
		return
	}
	fmt.Fprintln(w, user.FullName())
}

func welcome(client *clerk.Client) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := auth.FromContext(r.Context()).UserID
		_, err := users.UpdateUser(r.Context(), client, id, users.UpdateUserParams{
			FirstName: clerk.Set("Ada"),
			LastName:  clerk.Null[string](), // null clears it, and what is not named stays
		})
		if err != nil {
			http.Error(w, "try again", http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func checkState(authn *auth.Authenticator, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		state, err := authn.Authenticate(r)
		if err != nil { // the authenticator is misconfigured
			http.Error(w, "misconfigured", http.StatusInternalServerError)
			return
		}
		for name, values := range state.Header { // cookies, and the Location of a handshake
			w.Header()[name] = append(w.Header()[name], values...)
		}
		switch {
		case state.Status == auth.StatusHandshake:
			w.WriteHeader(http.StatusTemporaryRedirect)
		case state.Err() != nil: // an outage
			http.Error(w, "try again", http.StatusServiceUnavailable)
		case state.Status != auth.StatusSignedIn:
			http.Error(w, "sign in first: "+string(state.Reason), http.StatusUnauthorized)
		default:
			next.ServeHTTP(w, r.WithContext(auth.NewContext(r.Context(), state.Auth())))
		}
	})
}

func userOfToken(ctx context.Context, authn *auth.Authenticator, token string) (string, error) {
	claims, err := authn.VerifyToken(ctx, token)
	if refusal, ok := errors.AsType[*auth.TokenError](err); ok {
		return "", fmt.Errorf("refused: %s", refusal.Reason)
	}
	if err != nil { // pending, or an outage
		return "", err
	}
	return claims.Subject(), nil
}

func deliveries(receiver *webhooks.Receiver, save func(context.Context, *api.User) error) http.Handler {
	return receiver.Handler(webhooks.Handlers{
		UserCreated: func(ctx context.Context, _ *webhooks.Event, user *api.User) error {
			return save(ctx, user) // an error lets Clerk deliver it again
		},
	})
}
