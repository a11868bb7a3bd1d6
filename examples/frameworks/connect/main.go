// Command connect is a server for the protocols of connect, gRPC and gRPC-Web whose procedures
// Clerk's tokens protect.
package main

import (
	"log"
	"net/http"

	"connectrpc.com/connect"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts/accountsconnect"
)

func main() {
	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.FromEnv(client, // CLERK_PUBLISHABLE_KEY
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey),
		auth.WithoutCookies()) // no pages of a browser call it
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: "127.0.0.1:8080", Handler: newHandler(authn, rules), Protocols: protocols()}
	log.Fatal(server.ListenAndServe())
}

// protocols are those of gRPC and of everybody else, without TLS, which a proxy adds.
func protocols() *http.Protocols {
	var p http.Protocols
	p.SetHTTP1(true)
	p.SetUnencryptedHTTP2(true)
	return &p
}

func newHandler(authn *auth.Authenticator, guard Guard) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(accountsconnect.NewAccountsHandler(service{}, connect.WithInterceptors(guard)))
	return authn.Middleware(mux)
}

var (
	session       = auth.Accepts(auth.SessionToken)
	sessionOrKey  = auth.Accepts(auth.SessionToken, auth.APIKey)
	reportsReader = auth.AnyOf(session, auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read")))
)

var rules = Guard{
	accountsconnect.AccountsWhoAmIProcedure: {Accepts: session},
	accountsconnect.AccountsRefundProcedure: {Accepts: session, Requires: []auth.Requirement{auth.Role("org:admin"), auth.Reverified(auth.Strict)}},
	accountsconnect.AccountsReportProcedure: {Accepts: sessionOrKey, Requires: []auth.Requirement{reportsReader}},
	accountsconnect.AccountsWatchProcedure:  {Accepts: session},
	accountsconnect.AccountsChatProcedure:   {Accepts: session},
}
