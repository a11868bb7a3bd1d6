package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// The functions of this file are the code of docs/migration.md. Tests run them.

func migratedRoutes(client *clerk.Client, page, me http.Handler) (*http.ServeMux, error) {
	authn, err := auth.FromEnv(client,
		auth.WithoutCookies(), // as before; leave it out to accept the cookies of browsers
		auth.WithAuthorizedParties("https://app.example.com"))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", authn.Middleware(page)) // was WithHeaderAuthorization
	mux.Handle("GET /me", authn.Require()(me))     // was RequireHeaderAuthorization
	mux.Handle("POST /me", authn.Require(auth.Reverified(auth.Strict))(me))
	return mux, nil
}

func tokenOfHeader(authn *auth.Authenticator, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := authn.AuthenticateToken(r.Context(), r.Header.Get("X-Session-Token"))
		switch {
		case errors.Is(err, auth.ErrUnauthenticated):
			http.Error(w, "sign in first", http.StatusUnauthorized)
		case err != nil: // an outage says nothing about the token
			http.Error(w, "try again", http.StatusServiceUnavailable)
		default:
			next.ServeHTTP(w, r.WithContext(auth.NewContext(r.Context(), a)))
		}
	})
}

func renameUser(ctx context.Context, client *clerk.Client, id string) (*users.User, error) {
	user, err := users.UpdateUser(ctx, client, id, users.UpdateUserParams{
		FirstName: clerk.Set("Ada"),
		LastName:  clerk.Null[string](), // cleared, which was not possible
	})
	if apiError, ok := errors.AsType[*clerk.Error](err); ok && apiError.StatusCode == http.StatusNotFound {
		return nil, fmt.Errorf("no such user: %s, trace %s", apiError.Problems[0].Code, apiError.TraceID)
	}
	return user, err
}
