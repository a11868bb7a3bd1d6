package auth_test

import (
	"fmt"
	"log"
	"net/http"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
)

func ExampleAccepts() {
	instance, _ := start()
	defer instance.Close()
	authn, err := auth.New(instance.Client(), auth.WithPublishableKey(instance.PublishableKey()),
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey))
	if err != nil {
		log.Fatal(err)
	}
	report := authn.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := auth.FromContext(r.Context(), auth.Accepts(auth.SessionToken, auth.APIKey))
		switch {
		case caller.Err() != nil:
			http.Error(w, "authentication is not possible at the moment", http.StatusServiceUnavailable)
		case !caller.IsAuthenticated():
			http.Error(w, "Unauthorized", http.StatusUnauthorized)
		case caller.TokenType == auth.APIKey && !caller.Has(auth.Scope("reports:read")):
			http.Error(w, "Forbidden", http.StatusForbidden)
		default:
			fmt.Fprint(w, "report for ", caller.UserID, " by ", caller.TokenType)
		}
	}))
	show(report, signedIn(instance))
	for _, scope := range []string{"reports:read", "reports:write"} {
		r := guest()
		r.Header.Set("Authorization", "Bearer "+instance.Token(clerktest.ForAPIKey("user_1"), clerktest.WithScopes(scope)))
		show(report, r)
	}
	// Output:
	// 200 report for user_1 by session_token
	// 200 report for user_1 by api_key
	// 403 Forbidden
}

func ExampleAuthenticator_Require_machines() {
	instance, _ := start()
	defer instance.Close()
	authn, err := auth.New(instance.Client(), auth.WithAcceptedTokens(auth.M2MToken))
	if err != nil {
		log.Fatal(err)
	}
	protect := authn.Require(auth.Accepts(auth.M2MToken))
	sync := protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello ", auth.FromContext(r.Context(), auth.Accepts(auth.M2MToken)).MachineID)
	}))
	r := guest()
	r.Header.Set("Authorization", "Bearer "+instance.Token(clerktest.ForMachine("mch_1")))
	show(sync, r)
	show(sync, signedIn(instance))
	// Output:
	// 200 hello mch_1
	// 401 {"errors":[{"code":"unauthenticated","message":"the request carries no token that is accepted here"}]}
}
