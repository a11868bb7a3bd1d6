package rules

import "testing"

func TestGoName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ published, want string }{
		{"user_id", "UserID"},
		{"user_ids", "UserIDs"},
		{"createApiKey", "CreateAPIKey"},
		{"getM2MTokens", "GetM2MTokens"},
		{"OAuthAccessToken", "OAuthAccessToken"},
		{"oauth_application", "OAuthApplication"},
		{"verification_otp", "VerificationOTP"},
		{"CommercePlan-2", "CommercePlan2"},
		{"JWKS.rsa.PublicKey", "JWKSRSAPublicKey"},
		{"web3_wallet", "Web3Wallet"},
		{"idp_sso_url", "IDPSSOURL"},
		{"SetUserPasswordCompromised", "SetUserPasswordCompromised"},
		{"_VerificationResponse", "VerificationResponse"},
		{"x5c", "X5c"},
		{"2fa", "X2fa"},
		{"größe", "GroE"},
		{"", ""},
	} {
		if got := GoName(c.published); got != c.want {
			t.Errorf("GoName(%q) = %q, want %q", c.published, got, c.want)
		}
	}
}

func TestVariableName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ published, want string }{
		{"user_id", "userID"},
		{"id", "id"},
		{"apiKeyID", "apiKeyID"},
		{"role_set_key_or_id", "roleSetKeyOrID"},
		{"type", "typeValue"},
		{"", ""},
	} {
		if got := variableName(c.published); got != c.want {
			t.Errorf("variableName(%q) = %q, want %q", c.published, got, c.want)
		}
	}
}

func TestSingular(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ plural, want string }{
		{"Users", "User"},
		{"Directories", "Directory"},
		{"Addresses", "Address"},
		{"Mailboxes", "Mailbox"},
		{"Status", "Status"},
		{"Access", "Access"},
		{"Staff", "Staff"},
	} {
		if got := singular(c.plural); got != c.want {
			t.Errorf("singular(%q) = %q, want %q", c.plural, got, c.want)
		}
	}
}

func TestConstantName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, want string }{
		{"past_due", "StatusPastDue"},
		{"payer-credits", "StatusPayerCredits"},
		{"", "StatusEmpty"},
		{"*", "StatusAll"},
		{"-name", "StatusMinusName"},
		{"2fa", "Status2fa"},
		{"-1", "StatusMinus1"},
		{"café", "StatusCafe"},
		{"cafe\u0301", "StatusCafe"},
		{"xml", "StatusXML"},
	} {
		if got := constantName("Status", c.value); got != c.want {
			t.Errorf("constantName(%q) = %q, want %q", c.value, got, c.want)
		}
	}
}

func TestNouns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ function, want string }{
		{"ListUsers", "Users"},
		{"ListAllowlistIdentifiers", "AllowlistIdentifiers"},
		{"GetPlans", "Plans"},
		{"BanUsers", "BanUsers"},
		{"List", "List"},
	} {
		if got := nouns(c.function); got != c.want {
			t.Errorf("nouns(%q) = %q, want %q", c.function, got, c.want)
		}
	}
}
