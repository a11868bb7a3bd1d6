package clerktest

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// authenticate checks the secret key of a request. A request that asMachine has
// marked carries the key of a machine.
func (i *Instance) authenticate(r *http.Request) *clerk.Error {
	switch key := bearerKey(r); {
	case key == "":
		return failure(http.StatusUnauthorized, "authorization_header_format_invalid", "the Authorization header must be Bearer followed by the secret key", "")
	case key != i.secretKey && callingMachine(r.Context()) == "":
		return failure(http.StatusUnauthorized, "clerk_key_invalid", "the secret key is not that of this instance", "")
	}
	return nil
}

// bearerKey returns the bearer token of a request, or "" if the request does not
// have exactly one Authorization header with a bearer token.
func bearerKey(r *http.Request) string {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || len(r.Header.Values("Authorization")) > 1 {
		return ""
	}
	return key
}

// callerKey is the context key of the ID of the machine that made a request.
type callerKey struct{}

// callingMachine returns the ID of the machine whose key the request carries, or
// "" if it carries the instance's key.
func callingMachine(ctx context.Context) string {
	id, _ := ctx.Value(callerKey{}).(string)
	return id
}

// machineOperations lists the operations that accept the key of a machine.
var machineOperations = []string{"CreateM2MToken", "ListM2MTokens", "RevokeM2MToken", "VerifyM2MToken"}

// asMachine adds the calling machine to the context of a request that carries the
// key of a machine, if the operation accepts such keys.
func (i *Instance) asMachine(r *http.Request, o *description.Operation) *http.Request {
	if o == nil || !slices.Contains(machineOperations, o.Name) {
		return r
	}
	key := bearerKey(r)
	now := i.now()
	var m *machine
	i.store.Read(func() { m = i.machines.Find(func(m *machine) bool { return m.owns(key, now) }) })
	if m == nil {
		return r
	}
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, m.ID))
}
