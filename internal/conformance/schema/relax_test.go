package schema

import "testing"

// TestRelax checks that a oneOf with a branch that includes another becomes an anyOf,
// and that no other does.
func TestRelax(t *testing.T) {
	t.Parallel()
	d := Own(t)
	keys := d.Operation("GET", "/jwks").Responses.Value("200").Value.Content["application/json"].Schema.Value.Properties["keys"]
	if n := len(keys.Value.Items.Value.AnyOf); n != 7 {
		t.Errorf("a key has %d branches, want 7", n)
	}
	email := d.Operation("GET", "/email_addresses/{email_address_id}").Responses.Value("200").Value.Content["application/json"].Schema
	if n := len(email.Value.Properties["verification"].Value.OneOf); n != 7 {
		t.Errorf("a verification has %d branches, want 7", n)
	}
}
