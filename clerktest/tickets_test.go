package clerktest_test

var _ = populate(map[string]string{
	"tickets":  `[{"id": "sit_1", "user_id": "user_1"}, {"id": "act_1", "user_id": "user_1", "actor": {"sub": "user_2"}}, {"id": "agt_1", "user_id": "user_1", "agent_id": "agent_1"}]`,
	"sign_ups": `[{"id": "sua_1", "email_address": "new@example.com"}]`,
	"clients":  `[{"id": "client_1", "token": "seeded"}]`,
})

var _ = rightly(map[string]rightRequest{
	"CreateSignInToken": {body: map[string]any{"user_id": "user_1"}},
	"RevokeSignInToken": {ids: []string{"sit_1"}},
	"CreateActorToken":  {body: map[string]any{"user_id": "user_1", "actor": map[string]any{"sub": "user_2"}}},
	"RevokeActorToken":  {ids: []string{"act_1"}},
	"CreateAgentTask": {body: map[string]any{"on_behalf_of": map[string]any{"user_id": "user_1"}, "permissions": "*", "agent_name": "helper",
		"task_description": "help", "redirect_url": "https://example.com"}},
	"RevokeAgentTask": {ids: []string{"agt_1"}},
	"GetSignUp":       {ids: []string{"sua_1"}},
	"UpdateSignUp":    {ids: []string{"sua_1"}, body: map[string]any{"external_id": "1"}},
	"GetClient":       {ids: []string{"client_1"}},
	"VerifyClient":    {body: map[string]any{"token": "seeded"}},
})
