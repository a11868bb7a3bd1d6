// Command service is a service as a user of the SDK writes it: an endpoint that the
// middleware protects and that calls the API. It is built, but never runs.
package main

import (
	"log"
	"net/http"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func main() {
	client, err := clerk.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.FromEnv(client)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := auth.FromContext(r.Context())
		if !a.IsAuthenticated() {
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
			return
		}
		if _, err := users.UpdateUser(r.Context(), client, a.UserID, users.UpdateUserParams{FirstName: clerk.Set("Ada")}); err != nil {
			http.Error(w, "Bad Gateway", http.StatusBadGateway)
		}
	}))))
}
