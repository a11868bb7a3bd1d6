package emulator

import (
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

var _ = scenario("users", func(t *testing.T, w *world) {
	ctx := t.Context()
	_, err := users.CreateUser(ctx, w.client, users.CreateUserParams{})
	refused(t, err, 422, "form_data_missing")
	_, err = users.CreateUser(ctx, w.client, users.CreateUserParams{Username: clerk.Set("ada")})
	refused(t, err, 422, "form_username_invalid_length")
	ada := must[*users.User](t)(users.CreateUser(ctx, w.client, users.CreateUserParams{SkipUserRequirement: clerk.Set(true), ExternalID: clerk.Set("1")}))
	must[*users.User](t)(users.UpdateUser(ctx, w.client, ada.ID, users.UpdateUserParams{Username: clerk.Set("lovelace")}))
	_, err = users.CreateUser(ctx, w.client, users.CreateUserParams{Username: clerk.Set("LoveLace")})
	refused(t, err, 422, "form_identifier_exists")
	must[*users.User](t)(users.MergeUserMetadata(ctx, w.client, ada.ID, users.MergeUserMetadataParams{PublicMetadata: clerk.SetMetadata(map[string]any{"a": 1})}))
	replaced := must[*users.User](t)(users.ReplaceUserMetadata(ctx, w.client, ada.ID, users.ReplaceUserMetadataParams{PublicMetadata: clerk.SetMetadata(map[string]any{"b": 1})}))
	fit(t, replaced.PublicMetadata.String() == `{"b":1}`, "the metadata is %s", replaced.PublicMetadata)
	fit(t, must[*users.User](t)(users.BanUser(ctx, w.client, ada.ID)).Banned, "the user is not banned")
	fit(t, !must[*users.User](t)(users.UnbanUser(ctx, w.client, ada.ID)).Banned, "the user is still banned")
	fit(t, must[*users.User](t)(users.LockUser(ctx, w.client, ada.ID)).Locked, "the user is not locked")
	fit(t, !must[*users.User](t)(users.UnlockUser(ctx, w.client, ada.ID)).Locked, "the user is still locked")
	list := []string{ada.ID}
	must[*clerk.List[users.User]](t)(users.BanUsers(ctx, w.client, users.BanUsersParams{UserIDs: list}))
	must[*clerk.List[users.User]](t)(users.UnbanUsers(ctx, w.client, users.UnbanUsersParams{UserIDs: list}))
	_, err = users.BanUsers(ctx, w.client, users.BanUsersParams{UserIDs: []string{ada.ID, "user_nobody"}})
	refused(t, err, 400, "resource_not_found")
	fit(t, must[*users.Count](t)(users.CountUsers(ctx, w.client, users.CountUsersParams{})).TotalCount == 1, "there is not one user")
	must[*users.DeletedObject](t)(users.DeleteUser(ctx, w.client, ada.ID))
	fit(t, must[*users.Count](t)(users.CountUsers(ctx, w.client, users.CountUsersParams{})).TotalCount == 0, "the deleted user is counted")
	_, err = users.GetUser(ctx, w.client, ada.ID)
	refused(t, err, 404, "resource_not_found")
})
