package api_test

import (
	"testing"

	"github.com/backend-sdk/clerk-go/api"
)

func TestExpiryOfADomainVerificationIsReadUnderBothNames(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]int64{
		`{"expire_at":1716883200123}`:                   1716883200123,
		`{"expires_at":1716883200123}`:                  1716883200123,
		`{"expire_at":1716883200123,"expires_at":1}`:    1716883200123,
		`{"expire_at":null,"expires_at":1716883200123}`: 1716883200123,
		`{"status":"verified","strategy":"x"}`:          0,
		`null`:                                          0,
	} {
		switch got := decode[*api.OrganizationDomainVerification](t, data).Expiry(); {
		case want == 0 && got != nil, want != 0 && got == nil, got != nil && int64(*got) != want:
			t.Errorf("%s: Expiry() = %v, want %d", data, got, want)
		}
	}
}
