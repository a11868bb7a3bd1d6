package emulator

import (
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/sessions"
	"github.com/backend-sdk/clerk-go/users"
)

var _ = scenario("sign-in tokens, actor tokens and agent tasks", func(t *testing.T, w *world) {
	ctx := t.Context()
	u := w.CreateUser(users.CreateUserParams{EmailAddress: clerk.Set([]string{"ada@example.com"})})
	signIn := must[*api.SignInToken](t)(sessions.CreateSignInToken(ctx, w.client, sessions.CreateSignInTokenParams{UserID: u.ID}))
	fit(t, signIn.Token != "" && strings.Contains(signIn.URL, signIn.Token), "the sign-in token is %v", signIn.Status)
	revoked := must[*api.SignInToken](t)(sessions.RevokeSignInToken(ctx, w.client, signIn.ID))
	fit(t, revoked.Status == api.SignInTokenStatusRevoked && revoked.Token == "", "the sign-in token is %v", revoked.Status)
	_, err := sessions.RevokeSignInToken(ctx, w.client, signIn.ID)
	refused(t, err, 400, "sign_in_token_cannot_be_revoked_code")
	_, err = sessions.CreateSignInToken(ctx, w.client, sessions.CreateSignInTokenParams{UserID: "user_nobody"})
	refused(t, err, 404, "resource_not_found")

	actor := must[*api.ActorToken](t)(sessions.CreateActorToken(ctx, w.client, sessions.CreateActorTokenParams{UserID: u.ID, Actor: api.Actor{Subject: "user_support"}}))
	fit(t, actor.Actor.Subject == "user_support", "the actor is %+v", actor.Actor)
	must[*api.ActorToken](t)(sessions.RevokeActorToken(ctx, w.client, actor.ID))
	_, err = sessions.RevokeActorToken(ctx, w.client, actor.ID)
	refused(t, err, 400, "actor_token_cannot_be_revoked_code")
	_, err = sessions.RevokeActorToken(ctx, w.client, signIn.ID)
	refused(t, err, 404, "resource_not_found")

	task := sessions.CreateAgentTaskParams{OnBehalfOf: sessions.AgentTaskUser{Identifier: clerk.Set("ADA@example.com")}, Permissions: "*", AgentName: "helper", TaskDescription: "help", RedirectURL: "https://example.com"}
	first, second := must[*api.AgentTask](t)(sessions.CreateAgentTask(ctx, w.client, task)), must[*api.AgentTask](t)(sessions.CreateAgentTask(ctx, w.client, task))
	fit(t, first.AgentID == second.AgentID && first.AgentTaskID != second.AgentTaskID, "the tasks are %v and %v", first.AgentTaskID, second.AgentTaskID)
	must[*api.AgentTask](t)(sessions.RevokeAgentTask(ctx, w.client, first.AgentTaskID))
	task.OnBehalfOf.UserID = clerk.Set(u.ID)
	_, err = sessions.CreateAgentTask(ctx, w.client, task)
	refused(t, err, 422, "form_conditional_param_missing")
	must[*api.TestingToken](t)(sessions.CreateTestingToken(ctx, w.client))
})

var _ = scenario("clients", func(t *testing.T, w *world) {
	ctx := t.Context()
	w = w.another(t, clerktest.WithSeed(clerktest.Seed{Users: []api.User{{ID: "user_1"}}}))
	s := must[*api.Session](t)(sessions.CreateSession(ctx, w.client, sessions.CreateSessionParams{UserID: "user_1"}))
	c := must[*api.Client](t)(sessions.GetClient(ctx, w.client, s.ClientID))
	fit(t, len(c.Sessions) == 1 && c.Sessions[0].ID == s.ID && *c.LastActiveSessionID == s.ID, "the client is %+v", c)
	//lint:ignore SA1019 the operation is there
	list, err := sessions.ListClients(ctx, w.client, sessions.ListClientsParams{})
	fit(t, err == nil && len(list.Data) == 1 && list.Data[0].ID == c.ID, "the clients are %v, %v", list, err)
	_, err = sessions.VerifyClient(ctx, w.client, sessions.VerifyClientParams{Token: "nonsense"})
	refused(t, err, 400, "client_token_invalid")
	must[*api.Session](t)(sessions.RevokeSession(ctx, w.client, s.ID))
	fit(t, len(must[*api.Client](t)(sessions.GetClient(ctx, w.client, s.ClientID)).SessionIDs) == 0, "a revoked session is listed")

	seed, err := clerktest.ParseSeed([]byte(`{"clients": [{"id": "client_1", "token": "secret"}], "sign_ups": [{"id": "sua_1"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	w = w.another(t, clerktest.WithSeed(seed))
	fit(t, must[*api.Client](t)(sessions.VerifyClient(ctx, w.client, sessions.VerifyClientParams{Token: "secret"})).ID == "client_1", "another client is verified")
	changed := must[*api.SignUp](t)(sessions.UpdateSignUp(ctx, w.client, "sua_1", sessions.UpdateSignUpParams{ExternalID: clerk.Set("7")}))
	fit(t, *must[*api.SignUp](t)(sessions.GetSignUp(ctx, w.client, "sua_1")).ExternalID == *changed.ExternalID, "the external ID is not kept")
})
