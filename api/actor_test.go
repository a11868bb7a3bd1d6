package api_test

import (
	"encoding/json"
	"testing"

	"github.com/backend-sdk/clerk-go/api"
)

func TestActorIsEncodedWithItsSubjectAndFurtherMembers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		actor api.Actor
		want  string // empty for an error
	}{
		"a subject":               {api.Actor{Subject: "user_1"}, `{"sub":"user_1"}`},
		"further members":         {api.Actor{Subject: "user_1", Raw: json.RawMessage(`{"n":9007199254740993}`)}, `{"n":9007199254740993,"sub":"user_1"}`},
		"another subject":         {api.Actor{Subject: "user_1", Raw: json.RawMessage(`{"sub":"user_2"}`)}, `{"sub":"user_1"}`},
		"as it was decoded":       {api.Actor{Raw: json.RawMessage(`{"iss":"i"}`)}, `{"iss":"i"}`},
		"nothing":                 {api.Actor{}, `{}`},
		"a list of actors":        {api.Actor{Subject: "user_1", Raw: json.RawMessage(`[]`)}, ""},
		"null as further members": {api.Actor{Subject: "user_1", Raw: json.RawMessage(`null`)}, ""},
	} {
		got, err := json.Marshal(tt.actor)
		if (err == nil) != (tt.want != "") || err == nil && string(got) != tt.want {
			t.Errorf("%s: %s, %v, want %s", name, got, err, tt.want)
		}
	}
}
