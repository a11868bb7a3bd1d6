package emulator

import (
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/machines"
	"github.com/backend-sdk/clerk-go/users"
)

var _ = scenario("machines", func(t *testing.T, w *world) {
	ctx := t.Context()
	create := func(name string) *machines.MachineWithSecretKey {
		return must[*machines.MachineWithSecretKey](t)(machines.CreateMachine(ctx, w.client, machines.CreateMachineParams{Name: name}))
	}
	caller, called := create("caller"), create("called")
	scope := must[*machines.MachineScope](t)(machines.CreateMachineScope(ctx, w.client, caller.ID, machines.CreateMachineScopeParams{ToMachineID: called.ID}))
	fit(t, scope.FromMachineID == caller.ID && scope.ToMachineID == called.ID, "the scope is %+v", scope)
	_, err := machines.CreateMachineScope(ctx, w.client, caller.ID, machines.CreateMachineScopeParams{ToMachineID: "mch_" + strings.Repeat("0", 27)})
	refused(t, err, 404, "resource_not_found")
	got := must[*machines.Machine](t)(machines.GetMachine(ctx, w.client, caller.ID))
	fit(t, len(got.ScopedMachines) == 1 && got.ScopedMachines[0].ID == called.ID, "the machine is %+v", got)
	updated := must[*machines.Machine](t)(machines.UpdateMachine(ctx, w.client, caller.ID, machines.UpdateMachineParams{Name: clerk.Set("client")}))
	fit(t, updated.Name == "client", "the machine is %+v", updated)
	list, err := machines.ListMachines(ctx, w.client, machines.ListMachinesParams{Query: clerk.Set("CLIENT")})
	fit(t, err == nil && len(list.Data) == 1 && list.Data[0].ID == caller.ID, "the list is %v, %v", list, err)
	key := must[*machines.MachineSecretKey](t)(machines.GetMachineSecretKey(ctx, w.client, caller.ID))
	fit(t, key.Secret == caller.SecretKey, "the key is not that of the creation")
	rotated := must[*machines.MachineSecretKey](t)(machines.RotateMachineSecretKey(ctx, w.client, caller.ID, machines.RotateMachineSecretKeyParams{}))
	fit(t, rotated.Secret != key.Secret, "the key is the same")
	must[*machines.DeletedMachineScope](t)(machines.DeleteMachineScope(ctx, w.client, caller.ID, called.ID))
	_, err = machines.DeleteMachineScope(ctx, w.client, caller.ID, called.ID)
	fit(t, err != nil, "a scope was deleted twice")
	must[*machines.DeletedObject](t)(machines.DeleteMachine(ctx, w.client, called.ID))
	_, err = machines.GetMachine(ctx, w.client, called.ID)
	refused(t, err, 404, "resource_not_found")
})

var _ = scenario("M2M tokens", func(t *testing.T, w *world) {
	ctx := t.Context()
	called := must[*machines.MachineWithSecretKey](t)(machines.CreateMachine(ctx, w.client, machines.CreateMachineParams{Name: "called"}))
	caller := must[*machines.MachineWithSecretKey](t)(machines.CreateMachine(ctx, w.client, machines.CreateMachineParams{Name: "caller", ScopedMachines: clerk.Set([]string{called.ID})}))
	asCaller, asCalled := w.clientWith(t, caller.SecretKey), w.clientWith(t, called.SecretKey)
	made := must[*machines.M2MToken](t)(machines.CreateM2MToken(ctx, asCaller, machines.CreateM2MTokenParams{Claims: clerk.Set[any](map[string]any{"tier": 1}), SecondsUntilExpiration: clerk.Set(60)}))
	verified := must[*machines.M2MToken](t)(machines.VerifyM2MToken(ctx, asCalled, machines.VerifyM2MTokenParams{Token: made.Token}))
	fit(t, verified.ID == made.ID && verified.Subject == caller.ID && slices.Contains(verified.Scopes, called.ID), "the token is %+v", verified)
	list, err := machines.ListM2MTokens(ctx, asCaller, machines.ListM2MTokensParams{Subject: caller.ID})
	fit(t, err == nil && len(list.Data) == 1 && list.Data[0].Token == "", "the list is %v, %v", list, err)
	revoked := must[*machines.M2MToken](t)(machines.RevokeM2MToken(ctx, asCaller, made.ID, machines.RevokeM2MTokenParams{RevocationReason: clerk.Set("old")}))
	fit(t, revoked.Revoked && clerk.Value(revoked.RevocationReason) == "old", "the token is %+v", revoked)
	_, err = machines.VerifyM2MToken(ctx, asCalled, machines.VerifyM2MTokenParams{Token: made.Token})
	refused(t, err, 404, "resource_not_found")
})

var _ = scenario("API keys", func(t *testing.T, w *world) {
	ctx := t.Context()
	user := w.CreateUser(users.CreateUserParams{})
	made := must[*machines.APIKey](t)(machines.CreateAPIKey(ctx, w.client, machines.CreateAPIKeyParams{Name: "deploy", Subject: user.ID, Scopes: clerk.Set([]string{"read"})}))
	secret := must[*machines.APIKeySecret](t)(machines.GetAPIKeySecret(ctx, w.client, made.ID))
	fit(t, made.Secret != "" && secret.Secret == made.Secret, "the secret is not that of the creation")
	verify := func() (*machines.APIKey, error) {
		return machines.VerifyAPIKey(ctx, w.client, machines.VerifyAPIKeyParams{Secret: made.Secret})
	}
	verified := must[*machines.APIKey](t)(verify())
	fit(t, verified.ID == made.ID && verified.Subject == user.ID, "the key is %+v", verified)
	updated := must[*machines.APIKey](t)(machines.UpdateAPIKey(ctx, w.client, made.ID, machines.UpdateAPIKeyParams{Scopes: clerk.Set([]string{"read", "write"})}))
	fit(t, len(updated.Scopes) == 2, "the key is %+v", updated)
	got := must[*machines.APIKey](t)(machines.GetAPIKey(ctx, w.client, made.ID))
	fit(t, got.Secret == "" && got.Name == "deploy", "the key is %+v", got)
	list, err := machines.ListAPIKeys(ctx, w.client, machines.ListAPIKeysParams{Subject: user.ID})
	fit(t, err == nil && len(list.Data) == 1, "the list is %v, %v", list, err)
	must[*machines.APIKey](t)(machines.RevokeAPIKey(ctx, w.client, made.ID, machines.RevokeAPIKeyParams{RevocationReason: clerk.Set("lost")}))
	_, err = verify()
	refused(t, err, 404, "resource_not_found")
	list, err = machines.ListAPIKeys(ctx, w.client, machines.ListAPIKeysParams{Subject: user.ID, IncludeInvalid: clerk.Set(true)})
	fit(t, err == nil && len(list.Data) == 1 && list.Data[0].Revoked, "the list is %v, %v", list, err)
	must[*machines.DeletedObject](t)(machines.DeleteAPIKey(ctx, w.client, made.ID))
	_, err = machines.GetAPIKey(ctx, w.client, made.ID)
	refused(t, err, 404, "resource_not_found")
})
