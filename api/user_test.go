package api_test

import (
	"testing"

	"github.com/backend-sdk/clerk-go/api"
)

func TestPrimaryEntriesAreThoseThatTheUserNames(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ data, email, phone string }{
		"the second of two": {`{"primary_email_address_id":"idn_2","email_addresses":[{"id":"idn_1"},{"id":"idn_2"}],
			"primary_phone_number_id":"idn_4","phone_numbers":[{"id":"idn_3"},{"id":"idn_4"}]}`, "idn_2", "idn_4"},
		"none named":       {`{"email_addresses":[{"id":"idn_1"}],"phone_numbers":[{"id":"idn_3"}]}`, "", ""},
		"named by null":    {`{"primary_email_address_id":null,"email_addresses":[{"id":"idn_1"}],"primary_phone_number_id":null}`, "", ""},
		"named by nothing": {`{"primary_email_address_id":"","email_addresses":[{"id":""}],"primary_phone_number_id":"","phone_numbers":[{"id":""}]}`, "", ""},
		"not there":        {`{"primary_email_address_id":"idn_9","email_addresses":[{"id":"idn_1"}],"primary_phone_number_id":"idn_9"}`, "", ""},
		"no user":          {`null`, "", ""},
	} {
		u := decode[*api.User](t, tt.data)
		email, phone := "", ""
		if e := u.PrimaryEmail(); e != nil {
			email = e.ID
			if e != &u.EmailAddresses[1] {
				t.Errorf("%s: the address is a copy", name)
			}
		}
		if p := u.PrimaryPhone(); p != nil {
			phone = p.ID
		}
		if email != tt.email || phone != tt.phone {
			t.Errorf("%s: %q and %q, want %q and %q", name, email, phone, tt.email, tt.phone)
		}
	}
}

func TestFullNameHasNoBlankWithoutBothNames(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		`{"first_name":"Ada","last_name":"Lovelace"}`: "Ada Lovelace",
		`{"first_name":"Ada","last_name":null}`:       "Ada",
		`{"first_name":"","last_name":"Lovelace"}`:    "Lovelace",
		`{"first_name":null}`:                         "",
		`null`:                                        "",
	} {
		if got := decode[*api.User](t, data).FullName(); got != want {
			t.Errorf("%s: FullName() = %q, want %q", data, got, want)
		}
	}
}
