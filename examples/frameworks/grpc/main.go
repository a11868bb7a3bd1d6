// Command grpc is a gRPC server whose methods Clerk's tokens protect.
package main

import (
	"log"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts"
)

func main() {
	client, err := clerk.FromEnv() // CLERK_SECRET_KEY
	if err != nil {
		log.Fatal(err)
	}
	authn, err := auth.FromEnv(client, auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey)) // CLERK_PUBLISHABLE_KEY
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(newServer(authn).Serve(listener))
}

func newServer(authn *auth.Authenticator) *grpc.Server {
	guard := Guard{authn, rules}
	server := grpc.NewServer(grpc.ChainUnaryInterceptor(guard.Unary), grpc.ChainStreamInterceptor(guard.Stream))
	accounts.RegisterAccountsServer(server, service{})
	healthpb.RegisterHealthServer(server, health.NewServer())
	return server
}

var (
	session       = auth.Accepts(auth.SessionToken)
	sessionOrKey  = auth.Accepts(auth.SessionToken, auth.APIKey)
	reportsReader = auth.AnyOf(session, auth.AllOf(auth.Accepts(auth.APIKey), auth.Scope("reports:read")))
)

var rules = map[string]Rule{
	accounts.Accounts_WhoAmI_FullMethodName: {Accepts: session},
	accounts.Accounts_Refund_FullMethodName: {Accepts: session, Requires: []auth.Requirement{auth.Role("org:admin"), auth.Reverified(auth.Strict)}},
	accounts.Accounts_Report_FullMethodName: {Accepts: sessionOrKey, Requires: []auth.Requirement{reportsReader}},
	accounts.Accounts_Watch_FullMethodName:  {Accepts: session},
	accounts.Accounts_Chat_FullMethodName:   {Accepts: session},
	healthpb.Health_Check_FullMethodName:    {Public: true},
	healthpb.Health_List_FullMethodName:     {Public: true},
	healthpb.Health_Watch_FullMethodName:    {Public: true},
}
