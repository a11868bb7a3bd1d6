package clerktest

import (
	"context"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

// emulatedHandlers returns handlers for the operations that the instance emulates.
func (i *Instance) emulatedHandlers() Handlers {
	h := Handlers{
		GetJWKS: i.getJWKS,

		CreateUser: func(_ context.Context, p users.CreateUserParams) (*api.User, error) {
			return i.createUser(p, true)
		},
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
	}
	i.setPasswordHandlers(&h)
	i.setSecondFactorHandlers(&h)
	i.setEmailHandlers(&h)
	i.setPhoneHandlers(&h)
	i.setAccountHandlers(&h)
	i.setTrustedDeviceHandlers(&h)
	i.setProfileImageHandlers(&h)
	i.setMachineHandlers(&h)
	i.setSettingsHandlers(&h)
	i.setOrganizationHandlers(&h)
	i.setRedirectURLHandlers(&h)
	i.setDomainHandlers(&h)
	i.setSvixHandlers(&h)
	i.setPlanHandlers(&h)
	i.setSubscriptionHandlers(&h)
	i.setSubscriptionItemHandlers(&h)
	i.setCreditHandlers(&h)
	i.setStatementHandlers(&h)
	i.setTicketHandlers(&h)
	i.setClientHandlers(&h)
	i.setSignUpHandlers(&h)
	h.CreateTestingToken = i.createTestingToken
	i.setInvitationHandlers(&h)
	i.setWaitlistHandlers(&h)
	i.setIdentifierListHandlers(&h)
	i.setMessageTemplateHandlers(&h)
	i.setOAuthApplicationHandlers(&h)
	i.setEnterpriseHandlers(&h)
	h.GetPublicInterstitial = i.getPublicInterstitial
	return h
}

// setMachineHandlers sets the handlers for machines, API keys, M2M tokens and OAuth
// access tokens.
func (i *Instance) setMachineHandlers(h *Handlers) {
	h.CreateMachine = i.createMachine
	h.GetMachine = i.getMachine
	h.ListMachines = i.listMachines
	h.UpdateMachine = i.updateMachine
	h.DeleteMachine = i.deleteMachine
	h.CreateMachineScope = i.createMachineScope
	h.DeleteMachineScope = i.deleteMachineScope
	h.GetMachineSecretKey = i.getMachineSecretKey
	h.RotateMachineSecretKey = i.rotateMachineSecretKey

	h.CreateAPIKey = i.createAPIKey
	h.GetAPIKey = i.getAPIKey
	h.GetAPIKeySecret = i.getAPIKeySecret
	h.ListAPIKeys = i.listAPIKeys
	h.UpdateAPIKey = i.updateAPIKey
	h.RevokeAPIKey = i.revokeAPIKey
	h.DeleteAPIKey = i.deleteAPIKey
	h.VerifyAPIKey = i.verifyAPIKey

	h.CreateM2MToken = i.createM2MToken
	h.ListM2MTokens = i.listM2MTokens
	h.RevokeM2MToken = i.revokeM2MToken
	h.VerifyM2MToken = i.verifyM2MToken

	h.VerifyOAuthAccessToken = i.verifyOAuthAccessToken
}
