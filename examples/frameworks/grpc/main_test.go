package main

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/accounts"
	"github.com/backend-sdk/clerk-go/examples/frameworks/internal/callers"
)

func TestEveryMethodHasARule(t *testing.T) {
	t.Parallel()
	var methods []string
	for name, service := range newServer(callers.New(t).Authenticator).GetServiceInfo() {
		for _, method := range service.Methods {
			methods = append(methods, "/"+name+"/"+method.Name)
		}
	}
	slices.Sort(methods)
	if ruled := slices.Sorted(maps.Keys(rules)); !slices.Equal(methods, ruled) {
		t.Errorf("the server has the methods %v, and there are rules for %v", methods, ruled)
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	clerk := callers.New(t)
	conn := serve(t, newServer(clerk.Authenticator))
	client, health := accounts.NewAccountsClient(conn), healthpb.NewHealthClient(conn)
	whoAmI := func(ctx context.Context) error {
		_, err := client.WhoAmI(ctx, &emptypb.Empty{})
		return err
	}
	refund := func(ctx context.Context) error {
		_, err := client.Refund(ctx, &emptypb.Empty{})
		return err
	}
	report := func(ctx context.Context) error {
		_, err := client.Report(ctx, &emptypb.Empty{})
		return err
	}
	admin := clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: "org:admin"})
	for name, test := range map[string]struct {
		token  string
		method func(context.Context) error
		want   codes.Code
	}{
		"session":                        {clerk.Session(), whoAmI, codes.OK},
		"key":                            {clerk.APIKey(), whoAmI, codes.Unauthenticated},
		"refund, admin":                  {clerk.Session(admin, clerktest.WithFactorAges(1, -1)), refund, codes.OK},
		"refund, admin, not verified":    {clerk.Session(admin, clerktest.WithFactorAges(60, -1)), refund, codes.PermissionDenied},
		"refund, somebody":               {clerk.Session(clerktest.WithFactorAges(1, -1)), refund, codes.PermissionDenied},
		"refund, key":                    {clerk.APIKey(), refund, codes.Unauthenticated},
		"report, session":                {clerk.Session(), report, codes.OK},
		"report, key with the scope":     {clerk.APIKey(clerktest.WithScopes("reports:read")), report, codes.OK},
		"report, key with another scope": {clerk.APIKey(clerktest.WithScopes("reports:write")), report, codes.PermissionDenied},
		"report, guest":                  {"", report, codes.Unauthenticated},
	} {
		ctx := t.Context()
		if test.token != "" {
			ctx = with(ctx, "Bearer "+test.token)
		}
		if err := test.method(ctx); status.Code(err) != test.want {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}

	clerk.Inject(clerktest.Fault{Status: http.StatusServiceUnavailable})
	if _, err := health.Check(t.Context(), &healthpb.HealthCheckRequest{}); err != nil {
		t.Errorf("while Clerk is out of reach, the health of the server is %v", err)
	}
}
