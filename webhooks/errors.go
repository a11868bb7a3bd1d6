package webhooks

import (
	"errors"
	"fmt"
)

// Reason says in a fixed word why a delivery was refused.
type Reason string

// The reasons of a [VerificationError].
const (
	ReasonMissingHeaders      Reason = "missing-headers"
	ReasonMalformedHeaders    Reason = "malformed-headers"
	ReasonTooOld              Reason = "timestamp-too-old"
	ReasonTooNew              Reason = "timestamp-too-new"
	ReasonNoMatchingSignature Reason = "no-matching-signature"
	// ReasonConfiguration is for a Receiver that [New] did not make.
	ReasonConfiguration Reason = "configuration"
)

// ErrUnverified is found by errors.Is in every [*VerificationError].
var ErrUnverified = errors.New("webhooks: the delivery is not verified")

// VerificationError reports that a delivery is not from Clerk, or not fresh.
type VerificationError struct {
	Reason Reason
	// Message says for people what is wrong, and shows nothing of a secret or a signature.
	Message string
}

// Error returns the reason and the message.
func (e *VerificationError) Error() string {
	return fmt.Sprintf("webhooks: %s: %s", e.Reason, e.Message)
}

// Is reports whether target is [ErrUnverified].
func (e *VerificationError) Is(target error) bool { return target == ErrUnverified }

func refuse(reason Reason, format string, args ...any) error {
	return &VerificationError{Reason: reason, Message: fmt.Sprintf(format, args...)}
}
