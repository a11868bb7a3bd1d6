package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

func TestAccessTokenIsValidOnlyIfNothingSpeaksAgainstIt(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]bool{
		`{"id":"oat_1","subject":"user_1","revoked":false,"expired":false}`:               true,
		`{"id":"oat_1","subject":"user_1","revoked":false,"expired":false,"active":true}`: true,
		`{"id":"oat_1","subject":"user_1"}`:                                               true,
		`{"subject":"user_1"}`:                                                            true,
		`{"id":"oat_1"}`:                                                                  true,
		`{"active":false}`:                                                                false,
		`{"active":true}`:                                                                 false,
		`{}`:                                                                              false,
		`{"id":"","subject":""}`:                                                          false,
		`{"id":"oat_1","subject":"user_1","active":false}`:                                false,
		`{"id":"oat_1","subject":"user_1","revoked":true,"expired":false}`: false,
		`{"id":"oat_1","subject":"user_1","revoked":false,"expired":true}`: false,
	} {
		token := decode[*api.VerifiedOAuthAccessToken](t, data)
		if got := token.Valid(); got != want {
			t.Errorf("%s: Valid() = %t", data, got)
		}
	}
	var none *api.VerifiedOAuthAccessToken
	if none.Valid() {
		t.Error("no token is valid")
	}
}

// TestAccessTokenSaysForWhomAndByWhom decodes it both as results are decoded and with
// encoding/json.
func TestAccessTokenSaysForWhomAndByWhom(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]api.VerifiedOAuthAccessToken{
		`{"type":"oauth_token","aud":["a","b"],"act":{"iss":"i","sub":"user_2","act":{"sub":"user_3"}}}`: {
			Type: "oauth_token", Audience: clerk.StringList{"a", "b"},
			Actor: &api.Actor{Subject: "user_2", Raw: []byte(`{"iss":"i","sub":"user_2","act":{"sub":"user_3"}}`)},
		},
		`{"aud":"a"}`:             {Audience: clerk.StringList{"a"}},
		`{"aud":null,"act":null}`: {},
	} {
		want.Raw = []byte(data)
		if diff := cmp.Diff(want, decode[api.VerifiedOAuthAccessToken](t, data)); diff != "" {
			t.Errorf("%s with encoding/json (-want +got):\n%s", data, diff)
		}
		var got api.VerifiedOAuthAccessToken
		if err := clerk.Decode([]byte(data), &got); err != nil {
			t.Errorf("%s: %v", data, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", data, diff)
		}
	}
}
