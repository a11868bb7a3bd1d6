package enterprise_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/enterprise"
)

// fake starts a server that has one connection, and returns a client for it. A
// service makes its client with [clerk.FromEnv].
func fake() (client *clerk.Client, stop func()) {
	var kept enterprise.EnterpriseConnection
	server := httptest.NewServer(&clerktest.Handlers{
		CreateEnterpriseConnection: func(_ context.Context, params enterprise.CreateEnterpriseConnectionParams) (*enterprise.EnterpriseConnection, error) {
			kept = enterprise.EnterpriseConnection{ID: "entconn_1", Name: params.Name, Domains: params.Domains, Active: params.Active.Or(false)}
			return &kept, nil
		},
		UpdateEnterpriseConnection: func(_ context.Context, _ string, params enterprise.UpdateEnterpriseConnectionParams) (*enterprise.EnterpriseConnection, error) {
			kept.Active = params.Active.Or(kept.Active)
			return &kept, nil
		},
	})
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client, server.Close
}

// A connection is created first, and enabled after the company has tested it.
func ExampleCreateEnterpriseConnection() {
	client, stop := fake()
	defer stop()
	ctx := context.Background()

	connection, err := enterprise.CreateEnterpriseConnection(ctx, client, enterprise.CreateEnterpriseConnectionParams{
		Name:     "Example Inc.",
		Provider: enterprise.ProviderSAMLOkta,
		Domains:  []string{"example.com"},
		SAML:     clerk.Set(enterprise.SAMLParams{IDPMetadataURL: clerk.Set("https://idp.example.com/metadata")}),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(connection.Name, connection.Domains, connection.Active)

	connection, err = enterprise.UpdateEnterpriseConnection(ctx, client, connection.ID, enterprise.UpdateEnterpriseConnectionParams{
		Active: clerk.Set(true),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(connection.Name, connection.Domains, connection.Active)
	// Output:
	// Example Inc. [example.com] false
	// Example Inc. [example.com] true
}
