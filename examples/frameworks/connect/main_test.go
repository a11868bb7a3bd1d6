package main

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts/accountsconnect"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
)

func TestEveryProcedureHasARule(t *testing.T) {
	t.Parallel()
	var procedures []string
	methods := accounts.File_accounts_proto.Services().ByName("Accounts").Methods()
	for n := range methods.Len() {
		procedures = append(procedures, "/"+accountsconnect.AccountsName+"/"+string(methods.Get(n).Name()))
	}
	slices.Sort(procedures)
	if ruled := slices.Sorted(maps.Keys(rules)); !slices.Equal(procedures, ruled) {
		t.Errorf("the service has the procedures %v, and there are rules for %v", procedures, ruled)
	}
}

func whoAmI(ctx context.Context, client accountsconnect.AccountsClient) error {
	_, err := client.WhoAmI(ctx, &emptypb.Empty{})
	return err
}

func refund(ctx context.Context, client accountsconnect.AccountsClient) error {
	_, err := client.Refund(ctx, &emptypb.Empty{})
	return err
}

func report(ctx context.Context, client accountsconnect.AccountsClient) error {
	_, err := client.Report(ctx, &emptypb.Empty{})
	return err
}

func TestServer(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t, auth.WithoutCookies())
	origin := serve(t, newHandler(clerk.Authenticator, rules))
	admin := clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: "org:admin"})
	for name, test := range map[string]struct {
		token string
		call  func(context.Context, accountsconnect.AccountsClient) error
		want  connect.Code
	}{
		"session":                        {clerk.Session(), whoAmI, 0},
		"key":                            {clerk.APIKey(), whoAmI, connect.CodeUnauthenticated},
		"refund, admin":                  {clerk.Session(admin, clerktest.WithFactorAges(1, -1)), refund, 0},
		"refund, admin, not verified":    {clerk.Session(admin, clerktest.WithFactorAges(60, -1)), refund, connect.CodePermissionDenied},
		"refund, somebody":               {clerk.Session(clerktest.WithFactorAges(1, -1)), refund, connect.CodePermissionDenied},
		"refund, key":                    {clerk.APIKey(), refund, connect.CodeUnauthenticated},
		"report, session":                {clerk.Session(), report, 0},
		"report, key with the scope":     {clerk.APIKey(clerktest.WithScopes("reports:read")), report, 0},
		"report, key with another scope": {clerk.APIKey(clerktest.WithScopes("reports:write")), report, connect.CodePermissionDenied},
	} {
		for protocol, option := range protocolsOfClients {
			if err := test.call(t.Context(), client(t, origin, option, "Bearer "+test.token)); codeOf(err) != test.want {
				t.Errorf("%s in %s: %v, want %v", name, protocol, err, test.want)
			}
		}
	}
}

// The refusals of Require are those of a Guard for every protocol, apart from the message.
func TestRequireAlone(t *testing.T) {
	t.Parallel()
	up, down := callers.New(t, auth.WithoutCookies()), callers.New(t, auth.WithoutCookies())
	down.Inject(clerktest.Fault{Operation: "GetJWKS", Status: http.StatusServiceUnavailable})
	for name, test := range map[string]struct {
		clerk *callers.Clerk
		role  string
		want  connect.Code
	}{
		"guest":        {up, "", connect.CodeUnauthenticated},
		"member":       {up, "org:member", connect.CodePermissionDenied},
		"admin":        {up, "org:admin", 0},
		"out of reach": {down, "org:admin", connect.CodeUnavailable},
	} {
		mux := http.NewServeMux()
		mux.Handle(accountsconnect.NewAccountsHandler(service{}))
		origin := serve(t, test.clerk.Require(auth.Role("org:admin"))(mux))
		var authorization []string
		if test.role != "" {
			authorization = []string{"Bearer " + test.clerk.Session(clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: test.role}))}
		}
		eachForm(func(protocol connect.ClientOption, form string, call func(context.Context, accountsconnect.AccountsClient) (string, error)) {
			if _, err := call(t.Context(), client(t, origin, protocol, authorization...)); codeOf(err) != test.want {
				t.Errorf("%s in %s: %v, want %v", name, form, err, test.want)
			}
		})
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	script := callers.Script{Path: accountsconnect.AccountsWhoAmIProcedure, Body: "{}"}
	routes := func(authn *auth.Authenticator) http.Handler { return newHandler(authn, rules) }
	callers.CheckCookies(t, script, routes)
	callers.CheckCORS(t, script, routes)
}
