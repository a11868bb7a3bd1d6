package api_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

func TestFieldsHaveTheTypeOfTheirValues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in    any
		field string
		want  any
	}{
		{api.ContactVerification{}, "Status", api.VerificationStatusVerified},
		{api.OrganizationDomainVerification{}, "Status", api.VerificationStatusVerified},
		{api.Verification{}, "Status", api.VerificationStatusVerified},
		{api.Instance{}, "EnvironmentType", clerk.Production},
		{api.Template{}, "TemplateType", api.TemplateTypeSMS},
		{api.Plan{}, "ForPayerType", api.PayerTypeOrg},
		{api.PlanDetails{}, "ForPayerType", api.PayerTypeOrg},
		{api.PlanDetails{}, "PayerType", []api.PayerType{}},
		{api.EnterpriseConnection{}, "Provider", api.ProviderSAMLOkta},
		{api.SAMLConnection{}, "Provider", api.ProviderSAMLOkta},
		{api.EnterpriseAccount{}, "Provider", api.ProviderSAMLOkta},
		{api.RoleSetMigration{}, "Status", api.RoleSetMigrationStatusInProgress},
		{api.Session{}, "Actor", (*api.Actor)(nil)},
		{api.ActorToken{}, "Actor", api.Actor{}},
		{api.OrganizationInvitation{}, "ExpiresAt", (*clerk.Timestamp)(nil)},
		{api.OrganizationInvitationWithOrganization{}, "ExpiresAt", (*clerk.Timestamp)(nil)},
		{api.TestingToken{}, "ExpiresAt", clerk.Seconds(0)},
		{api.RoleSetItem{}, "MembersCount", (*int)(nil)},
		{api.Organization{}, "MembersCount", (*int)(nil)},
		{api.OrganizationDomain{}, "TotalPendingInvitations", 0},
		{api.DiscountRedemption{}, "CyclesRemaining", (*int)(nil)},
		{api.User{}, "ImageURL", ""},
		{api.PhoneNumber{}, "DefaultSecondFactor", false},
		{api.WaitlistEntry{}, "IsLocked", false},
		{api.EnterpriseSAML{}, "ACSURL", ""},
		{api.EnterpriseOAuth{}, "RequiresPKCE", false},
		{api.Template{}, "Enabled", false},
		{api.InstanceSettings{}, "ProgressiveSignUp", false},
		{api.AffectedUser{}, "UserID", ""},
		{api.AllowlistIdentifier{}, "IdentifierType", api.IdentifierType("")},
		{api.AllowlistIdentifier{}, "CreatedAt", (*clerk.Timestamp)(nil)},
		{api.OrganizationMembership{}, "PublicUserData", (*api.PublicUserData)(nil)},
	} {
		f, ok := reflect.TypeOf(tt.in).FieldByName(tt.field)
		if want := reflect.TypeOf(tt.want); !ok || f.Type != want {
			t.Errorf("%T.%s is a %v, want a %v", tt.in, tt.field, f.Type, want)
		}
	}
	const at = api.PasswordHasherAWSCognito + api.PasswordHasherBcryptPeppered + api.PasswordHasherMD5Salted + api.PasswordHasherSHA256Salted
	if at != "awscognito"+"bcrypt_peppered"+"md5_salted"+"sha256_salted" {
		t.Errorf("the hash algorithms are %q", at)
	}
	if got := clerk.Seconds(1716883200).Time(); !got.Equal(time.Date(2024, 5, 28, 8, 0, 0, 0, time.UTC)) {
		t.Errorf("seconds are read as %v", got)
	}
}

// TestLargerResourceHoldsTheSmallerOne passes a result to functions over what it extends,
// and encodes all of it.
func TestLargerResourceHoldsTheSmallerOne(t *testing.T) {
	t.Parallel()
	const text = `{"object":"machine","id":"mch_1","name":"n","instance_id":"i","created_at":1,"updated_at":2,"scoped_machines":[],"secret_key":"ak_1"}`
	created := decode[api.MachineWithSecretKey](t, text)
	name := func(m api.Machine) string { return m.ID }
	if name(created.Machine) != "mch_1" || created.ID != "mch_1" || created.SecretKey != "ak_1" {
		t.Errorf("decoded to %+v", created)
	}
	var same api.MachineWithSecretKey
	if err := clerk.Decode([]byte(text), &same); err != nil || !cmp.Equal(created, same) {
		t.Errorf("clerk.Decode returns %+v, %v", same, err)
	}
	got, err := json.Marshal(created)
	if err != nil || string(got) != text {
		t.Errorf("encoded as %s, %v", got, err)
	}
	invited := decode[api.OrganizationInvitationWithOrganization](t, `{"id":"orginv_1","public_organization_data":{"id":"org_1"}}`)
	application := decode[api.OAuthApplicationWithSecret](t, `{"id":"oa_1","client_secret":"s"}`)
	if invited.OrganizationInvitation.ID != "orginv_1" || application.OAuthApplication.ID != "oa_1" || application.ClientSecret != "s" {
		t.Errorf("%+v, %+v", invited, application)
	}
}
