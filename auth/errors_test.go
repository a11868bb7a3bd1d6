package auth

import (
	"errors"
	"testing"
)

func TestErrorsDoNotRepeatTheToken(t *testing.T) {
	t.Parallel()
	err := error(refuse(ReasonTokenExpired))
	if got, want := err.Error(), "auth: the token has expired (reason=token-expired)"; got != want {
		t.Errorf("error is %q, want %q", got, want)
	}
	carried := refuseFor(ReasonTokenVerificationFailed, "sub is missing")
	if got, want := carried.message(carrierCookie), "a required claim is missing or invalid: sub is missing (reason=token-verification-failed, token-carrier=cookie)"; got != want {
		t.Errorf("message is %q, want %q", got, want)
	}
	if !errors.Is(carried, carried.cause) {
		t.Error("the error does not wrap its cause")
	}
	if got, want := (&TokenError{Reason: "x"}).Error(), "auth: the token was refused (reason=x)"; got != want {
		t.Errorf("error is %q, want %q", got, want)
	}
}
