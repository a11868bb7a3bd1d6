package clerktest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/instance"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/users"
)

// CreateUser adds a user, as [users.CreateUser] does, but without the rules that are
// settings of the instance: which identifiers a user must have, how long a username must
// be, and whether a password may be one that everybody knows. If the parameters are
// refused, it fails the test, or panics outside of a test.
func (i *Instance) CreateUser(params users.CreateUserParams) *api.User {
	i.helper()
	u, err := i.createUser(params, false)
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: create user: %w", err))
	}
	return u
}

// CreateJWTTemplate adds a JWT template. The claims are any value that encodes to
// a JSON object. If the name or the claims are refused, it fails the test, or
// panics outside of a test.
func (i *Instance) CreateJWTTemplate(name string, claims any) *api.JWTTemplate {
	i.helper()
	encoded, err := json.Marshal(clerk.SetMetadata(claims))
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: create JWT template: %w", err))
	}
	params := instance.CreateJWTTemplateParams{Name: name, Claims: metadata(string(encoded))}
	t, err := i.createTemplate(context.Background(), params)
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: create JWT template: %w", err))
	}
	return t
}

// User returns the current state of a user, or nil if the instance does not have
// the user.
func (i *Instance) User(userID string) (u *api.User) {
	i.store.Read(func() { u = i.users.Get(userID) })
	return u
}

// CreateSession signs a user in and returns the session. If the instance does not
// have the user, it fails the test, or panics outside of a test.
func (i *Instance) CreateSession(userID string) *api.Session {
	i.helper()
	s, err := write(i, func() (*session, error) {
		u, err := i.users.existing(userID)
		if err != nil {
			return nil, err
		}
		return i.beginSession(u), nil
	})
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: create session: %w", err))
	}
	return &s.Session
}

// CreateMachine adds a machine, as [machines.CreateMachine] does. If the
// parameters are refused, it fails the test, or panics outside of a test.
func (i *Instance) CreateMachine(params machines.CreateMachineParams) *api.MachineWithSecretKey {
	i.helper()
	m, err := i.createMachine(context.Background(), params)
	if err != nil {
		i.fatal(fmt.Errorf("clerktest: create machine: %w", err))
	}
	return m
}
