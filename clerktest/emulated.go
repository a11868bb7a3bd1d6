package clerktest

import (
	"context"
	"encoding/base64"
	"math/big"

	clerk "github.com/backend-sdk/clerk-go"
	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/users"
)

// emulated returns the handlers of every operation that the instance knows.
func (i *Instance) emulated() Handlers {
	return Handlers{
		GetJWKS: i.getJWKS,

		CreateUser:          i.createUser,
		GetUser:             i.getUser,
		ListUsers:           i.listUsers,
		CountUsers:          i.countUsers,
		UpdateUser:          i.updateUser,
		MergeUserMetadata:   i.mergeUserMetadata,
		ReplaceUserMetadata: i.replaceUserMetadata,
		DeleteUser:          i.deleteUser,
		BanUser:             func(_ context.Context, id string) (*api.User, error) { return i.setBan(id, true) },
		UnbanUser:           func(_ context.Context, id string) (*api.User, error) { return i.setBan(id, false) },
		LockUser:            func(_ context.Context, id string) (*api.User, error) { return i.setLock(id, true) },
		UnlockUser:          func(_ context.Context, id string) (*api.User, error) { return i.setLock(id, false) },
		BanUsers: func(_ context.Context, p users.BanUsersParams) (*clerk.List[api.User], error) {
			return i.setBans(p.UserIDs, true)
		},
		UnbanUsers: func(_ context.Context, p users.UnbanUsersParams) (*clerk.List[api.User], error) {
			return i.setBans(p.UserIDs, false)
		},

		CreateSession:                  i.createSession,
		GetSession:                     i.getSession,
		ListSessions:                   i.listSessions,
		RevokeSession:                  i.revokeSession,
		RefreshSession:                 i.refreshSession,
		CreateSessionToken:             i.createSessionToken,
		CreateSessionTokenFromTemplate: i.createSessionTokenFromTemplate,

		ListJWTTemplates:  i.listTemplates,
		CreateJWTTemplate: i.createTemplate,
		GetJWTTemplate:    i.getTemplate,
		UpdateJWTTemplate: i.updateTemplate,
		DeleteJWTTemplate: i.deleteTemplate,

		CreateMachine:          i.createMachine,
		GetMachine:             i.getMachine,
		ListMachines:           i.listMachines,
		UpdateMachine:          i.updateMachine,
		DeleteMachine:          i.deleteMachine,
		CreateMachineScope:     i.createMachineScope,
		DeleteMachineScope:     i.deleteMachineScope,
		GetMachineSecretKey:    i.getMachineSecretKey,
		RotateMachineSecretKey: i.rotateMachineSecretKey,

		CreateAPIKey:    i.createAPIKey,
		GetAPIKey:       i.getAPIKey,
		GetAPIKeySecret: i.getAPIKeySecret,
		ListAPIKeys:     i.listAPIKeys,
		UpdateAPIKey:    i.updateAPIKey,
		RevokeAPIKey:    i.revokeAPIKey,
		DeleteAPIKey:    i.deleteAPIKey,
		VerifyAPIKey:    i.verifyAPIKey,

		CreateM2MToken: i.createM2MToken,
		ListM2MTokens:  i.listM2MTokens,
		RevokeM2MToken: i.revokeM2MToken,
		VerifyM2MToken: i.verifyM2MToken,

		VerifyOAuthAccessToken: i.verifyOAuthAccessToken,
	}
}

func (i *Instance) getJWKS(context.Context) (*api.JWKS, error) {
	encode := base64.RawURLEncoding.EncodeToString
	return &api.JWKS{Keys: []api.JWK{{
		Use: "sig", Kty: api.JWKTypeRSA, Kid: i.id, Alg: "RS256",
		N: pointer(encode(i.key.N.Bytes())),
		E: pointer(encode(big.NewInt(int64(i.key.E)).Bytes())),
	}}}, nil
}
