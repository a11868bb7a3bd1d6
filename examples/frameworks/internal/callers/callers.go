// Package callers has an emulated Clerk, and a table of the callers with whom the examples
// for gRPC and connect are tested.
package callers

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/users"
)

// Clerk is an emulated instance with one user, and an Authenticator that trusts it.
type Clerk struct {
	*clerktest.Instance
	*auth.Authenticator
	UserID   string
	Verified atomic.Int32 // API keys about which the instance was asked
}

// New starts an instance. The Authenticator takes session tokens and API keys.
func New(t testing.TB, opts ...auth.Option) *Clerk {
	t.Helper()
	instance := clerktest.New(t)
	authn, err := auth.New(instance.Client(), append([]auth.Option{
		auth.WithPublishableKey(instance.PublishableKey()),
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey),
	}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	c := &Clerk{Instance: instance, Authenticator: authn, UserID: instance.CreateUser(users.CreateUserParams{}).ID}
	verify := instance.Handlers().VerifyAPIKey
	instance.Handlers().VerifyAPIKey = func(ctx context.Context, params machines.VerifyAPIKeyParams) (*api.APIKey, error) {
		c.Verified.Add(1)
		return verify(ctx, params)
	}
	return c
}

// Offline returns an instance that serves nothing, and an Authenticator that needs nothing of
// it. Both can be in a bubble of package synctest.
func Offline(t testing.TB) (*clerktest.Instance, *auth.Authenticator) {
	t.Helper()
	instance, err := clerktest.NewInstance(clerktest.Seed{Users: []api.User{{ID: "user_1"}}})
	if err != nil {
		t.Fatal(err)
	}
	authn, err := auth.New(nil, auth.WithPublishableKey(instance.PublishableKey()), auth.WithJWTKey(instance.JWTKey()))
	if err != nil {
		t.Fatal(err)
	}
	return instance, authn
}

// Hang lets the verification of each API key take until its request ends. A value is sent
// when it begins.
func (c *Clerk) Hang() (begins <-chan struct{}) {
	asked := make(chan struct{})
	c.Handlers().VerifyAPIKey = func(ctx context.Context, _ machines.VerifyAPIKeyParams) (*api.APIKey, error) {
		asked <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return asked
}

// Session returns a session token of the user.
func (c *Clerk) Session(opts ...clerktest.TokenOption) string {
	return c.Token(append(opts, clerktest.ForUser(c.UserID))...)
}

// APIKey returns an API key of the user.
func (c *Clerk) APIKey(opts ...clerktest.TokenOption) string {
	return c.Token(append(opts, clerktest.ForAPIKey(c.UserID))...)
}

// Case is a caller, the rule of the method that is called, and the outcome.
type Case struct {
	Sends    func(*Clerk) []string // the values of Authorization
	Accepts  auth.AcceptedTypes
	Requires []auth.Requirement
	Fault    clerktest.Fault // at each call to its operation, if it has one
	Code     codes.Code
	Reason   auth.Reason
	// ReasonHTTP is the reason where it is not the same for a request of HTTP as for a
	// token alone.
	ReasonHTTP auth.Reason
	// Verified is how many API keys the instance verified for a rule that is known before
	// the token is looked at.
	Verified int
}

var (
	session = auth.Accepts(auth.SessionToken)
	keys    = auth.Accepts(auth.APIKey)
	either  = auth.Accepts(auth.SessionToken, auth.APIKey)
	admins  = []auth.Requirement{auth.Role("org:admin")}
	readers = []auth.Requirement{auth.Scope("reports:read")}
)

const guest = auth.ReasonSessionTokenAndUATMissing

// Cases are the callers of one method, by their names.
var Cases = map[string]Case{
	"guest":          {Sends: nothing, Accepts: session, Code: codes.Unauthenticated, ReasonHTTP: guest},
	"another scheme": {Sends: values("Basic YWRhOnNlY3JldA=="), Accepts: session, Code: codes.Unauthenticated, ReasonHTTP: guest},
	"two tokens":     {Sends: twice, Accepts: session, Code: codes.Unauthenticated, ReasonHTTP: auth.ReasonTokenInvalid},
	"bad token":      {Sends: values("Bearer garbage"), Accepts: session, Code: codes.Unauthenticated, Reason: auth.ReasonTokenInvalid},
	"forged token":   {Sends: bearer(clerktest.SignedByStranger()), Accepts: session, Code: codes.Unauthenticated, Reason: auth.ReasonTokenInvalidSignature},
	"expired token": {Sends: bearer(clerktest.Expired()), Accepts: session, Code: codes.Unauthenticated, Reason: auth.ReasonTokenExpired,
		ReasonHTTP: "session-token-expired-refresh-non-eligible-non-get"},
	"pending session":          {Sends: bearer(clerktest.Pending()), Accepts: session, Code: codes.Unauthenticated, Reason: auth.ReasonSessionPending},
	"bearer":                   {Sends: bearer(), Accepts: session},
	"bearer, in small letters": {Sends: inSmallLetters, Accepts: session},
	"session, keys only":       {Sends: bearer(), Accepts: keys, Code: codes.Unauthenticated, Reason: auth.ReasonTokenTypeMismatch},
	"session, none accepted":   {Sends: bearer(), Code: codes.Unauthenticated, Reason: auth.ReasonTokenTypeMismatch},
	"key, not accepted":        {Sends: key(), Accepts: session, Code: codes.Unauthenticated, Reason: auth.ReasonTokenTypeMismatch},
	"key":                      {Sends: key(), Accepts: either, Verified: 1},
	"key, with the scope":      {Sends: key(clerktest.WithScopes("reports:read")), Accepts: keys, Requires: readers, Verified: 1},
	"key, without the scope":   {Sends: key(clerktest.WithScopes("other")), Accepts: keys, Requires: readers, Code: codes.PermissionDenied, Verified: 1},
	"key, revoked":             {Sends: key(clerktest.Revoked()), Accepts: keys, Code: codes.Unauthenticated, Reason: auth.ReasonTokenInvalid, Verified: 1},
	"member":                   {Sends: role("org:member"), Accepts: session, Requires: admins, Code: codes.PermissionDenied},
	"admin":                    {Sends: role("org:admin"), Accepts: session, Requires: admins},
	"verified lately":          {Sends: bearer(clerktest.WithFactorAges(1, -1)), Accepts: session, Requires: []auth.Requirement{auth.Reverified(auth.Strict)}},
	"verified long ago": {Sends: bearer(clerktest.WithFactorAges(60, -1)), Accepts: session, Requires: []auth.Requirement{auth.Reverified(auth.Strict)},
		Code: codes.PermissionDenied, Reason: "reverification-error"},
	"signing keys out of reach": {Sends: bearer(), Accepts: session, Fault: clerktest.Fault{Operation: "GetJWKS", Status: http.StatusServiceUnavailable},
		Code: codes.Unavailable},
	"verification out of reach": {Sends: key(), Accepts: keys, Fault: clerktest.Fault{Operation: "VerifyAPIKey", Status: http.StatusServiceUnavailable},
		Code: codes.Unavailable},
}

func nothing(*Clerk) []string { return nil }

func values(values ...string) func(*Clerk) []string {
	return func(*Clerk) []string { return values }
}

func bearer(opts ...clerktest.TokenOption) func(*Clerk) []string {
	return func(c *Clerk) []string { return []string{"Bearer " + c.Session(opts...)} }
}

func inSmallLetters(c *Clerk) []string { return []string{"bearer " + c.Session()} }

func twice(c *Clerk) []string { return []string{"Bearer " + c.Session(), "Bearer " + c.Session()} }

func key(opts ...clerktest.TokenOption) func(*Clerk) []string {
	return func(c *Clerk) []string { return []string{"Bearer " + c.APIKey(opts...)} }
}

func role(name string) func(*Clerk) []string {
	return bearer(clerktest.WithOrganization(clerktest.Organization{ID: "org_1", Role: name}))
}

// HTTPReason returns the reason for a request of HTTP.
func (c Case) HTTPReason() auth.Reason {
	if c.ReasonHTTP != "" {
		return c.ReasonHTTP
	}
	return c.Reason
}
