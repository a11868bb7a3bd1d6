package clerktest_test

import (
	"strings"
	"testing"
)

func TestHandshakeOrganization(t *testing.T) {
	t.Parallel()
	instance := startSeeded(t, `{
		"users": [{"id": "user_1"}, {"id": "user_2"}],
		"sessions": [
			{"id": "sess_1", "user_id": "user_1", "organization": {"id": "org_1", "slug": "acme"}},
			{"id": "sess_2", "user_id": "user_2", "organization": {"id": "org_2", "slug": "other"}}
		]}`)
	v := visit(t, instance)
	v.signIn(t, "user_1", "http://a.test/")
	for _, step := range []struct{ requested, want string }{
		{"acme", "org_1"}, {"org_2", "org_1"}, {"", ""}, {"org_1", "org_1"}, {"other", "org_1"},
	} {
		_, nonce := v.handshake(t, "http://a.test/", "organization_id", step.requested)
		_, directives := v.redeem(t, nonce)
		line := directives[len(directives)-1]
		_, claims := parts(t, line[strings.Index(line, "=")+1:strings.Index(line, ";")])
		got := ""
		if o, ok := claims["o"].(map[string]any); ok {
			got, _ = o["id"].(string)
		}
		if got != step.want {
			t.Errorf("with organization_id %q the token has %q, want %q", step.requested, got, step.want)
		}
	}
}
