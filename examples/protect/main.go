// Command protect is a service with one endpoint for those who are signed in.
package main

import (
	"fmt"
	"log"
	"net/http"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

func main() {
	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.FromEnv(client, // CLERK_PUBLISHABLE_KEY, …
		auth.WithAuthorizedParties("https://app.example.com"), auth.WithCrossOriginProtection(http.NewCrossOriginProtection()))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", routes(authn)))
}

func routes(authn *auth.Authenticator) http.Handler {
	hello := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "hello", auth.FromContext(r.Context()).UserID)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /hello", authn.Require()(http.HandlerFunc(hello)))
	return mux
}
