package description_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

func TestCheckPart(t *testing.T) {
	t.Parallel()
	user := description.Named("User")
	if _, err := description.CheckPart(user, []byte(`{"id":"user_1","email_addresses":[{"email_address":"ada@example.com"}]}`)); err != nil {
		t.Errorf("a part of a user is refused: %v", err)
	}
	for text, want := range map[string]string{
		`{"email_addresses":[{"adress":"ada@example.com"}]}`: "email_addresses[0].adress is unknown",
		`{"locked":"yes"}`: "locked must be of type boolean",
		`[]`:               "not a JSON object", `null`: "not a JSON object",
		"{\n\"id\": \"user_1\",\n}": "line 3: not well-formed JSON in UTF-8: invalid character '}'",
		"{}\n{}":                    "line 2: not well-formed JSON in UTF-8: invalid character '{' after top-level value",
		"":                          "line 1: not well-formed JSON in UTF-8: unexpected end of JSON input",
		"{\"id\": \"\xff\"}":        "not well-formed JSON in UTF-8",
		strings.Repeat("[", 66) + strings.Repeat("]", 66): "nested too deeply",
	} {
		if _, err := description.CheckPart(user, []byte(text)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if got := problemLines(description.Check(user, []byte(`{"id":"user_1"}`))); len(got) < 10 {
		t.Errorf("missing members are accepted: %v", got)
	}
	if description.Named("Nothing") != nil {
		t.Error("Named finds a component that does not exist")
	}
}

func TestZeros(t *testing.T) {
	t.Parallel()
	zeros, err := description.CheckPart(description.Named("User"), []byte(`{
		"id": "user_1", "username": null, "banned": false, "locked": true, "created_at": 0, "updated_at": 1, "image_url": "",
		"phone_numbers": [],
		"email_addresses": [{"email_address": "a@example.com"}, {"verification": null}, {"verification": {"strategy": "admin", "attempts": null}}]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &description.Zeros{
		Names: []string{"username", "banned", "created_at", "image_url"},
		Within: map[string][]*description.Zeros{"email_addresses": {
			nil,
			{Names: []string{"verification"}},
			{Within: map[string][]*description.Zeros{"verification": {{Names: []string{"attempts"}}}}},
		}},
	}
	if diff := cmp.Diff(want, zeros); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.Within["email_addresses"][1], zeros.Of("email_addresses", 1)); diff != "" {
		t.Errorf("of the second address (-want +got):\n%s", diff)
	}
	var none *description.Zeros
	if zeros.Of("email_addresses", 3) != nil || zeros.Of("sessions", 0) != nil || none.Of("users", 0) != nil {
		t.Error("there are zeros where nothing is")
	}
	if zeros, err := description.CheckPart(description.Named("User"), []byte(`{"id": "user_1"}`)); zeros != nil || err != nil {
		t.Errorf("without zeros: %v, %v", zeros, err)
	}
}
