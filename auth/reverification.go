package auth

import (
	"encoding/json"
	"fmt"
	"time"
)

// Preset is a reverification policy that Clerk's frontend knows by name.
type Preset string

// The presets, from the strictest: which factor must have been verified how recently.
const (
	StrictMFA Preset = "strict_mfa" // both factors, 10 minutes
	Strict    Preset = "strict"     // the second factor, 10 minutes
	Moderate  Preset = "moderate"   // the second factor, 60 minutes
	Lax       Preset = "lax"        // the second factor, one day
)

// Level says which factors a reverification must have verified.
type Level string

// A user without a second factor satisfies SecondFactor and MultiFactor with the first
// one.
const (
	FirstFactor  Level = "first_factor"
	SecondFactor Level = "second_factor"
	MultiFactor  Level = "multi_factor"
)

// reverification is a policy, and its form for clients.
type reverification struct {
	level   Level
	minutes float64
	payload any
}

var presets = map[Preset]reverification{
	StrictMFA: {level: MultiFactor, minutes: 10},
	Strict:    {level: SecondFactor, minutes: 10},
	Moderate:  {level: SecondFactor, minutes: 60},
	Lax:       {level: SecondFactor, minutes: 24 * 60},
}

// Reverified requires that the user verified their identity as recently as the preset
// demands, by the clock of the Authenticator. A token without that information or
// without its time of issue denies, and so does an unknown preset.
func Reverified(preset Preset) Check {
	policy, known := presets[preset]
	if !known {
		return Check{text: fmt.Sprintf("Reverified(%q)", preset), fault: "the preset does not exist"}
	}
	policy.payload = preset
	return Check{reverification: &policy, text: fmt.Sprintf("Reverified(%q)", preset)}
}

// ReverifiedWithin is [Reverified] with a policy of your own: the factors of level were
// verified less than age ago, in whole minutes. An age that is not positive denies, and so
// does an unknown level.
func ReverifiedWithin(level Level, age time.Duration) Check {
	text := fmt.Sprintf("ReverifiedWithin(%q, %v)", level, age)
	if age <= 0 || level != FirstFactor && level != SecondFactor && level != MultiFactor {
		return Check{text: text, fault: "the level does not exist, or the age is not positive"}
	}
	policy := reverification{level: level, minutes: age.Minutes()}
	policy.payload = struct {
		Level        Level   `json:"level"`
		AfterMinutes float64 `json:"afterMinutes"`
	}{level, policy.minutes}
	return Check{reverification: &policy, text: text}
}

// fresh reports whether the verifications are recent enough now. The token says how old
// they were when it was issued.
func (p reverification) fresh(c *Claims, now time.Time) bool {
	ages, ok := c.FactorVerificationAge()
	if !ok || c.issuedAt.state != dateValid {
		return false
	}
	passed := float64(max(now.Unix()-c.issuedAt.seconds, 0) / 60)
	first, second := p.within(ages[0], passed), p.within(ages[1], passed)
	withoutSecond := ages[1] == -1
	switch {
	case p.level == FirstFactor, withoutSecond:
		return first
	case p.level == SecondFactor:
		return second
	default:
		return first && second
	}
}

func (p reverification) within(age, passed float64) bool { return age != -1 && age+passed < p.minutes }

// payloadJSON returns the policy in the form for clients.
func (p reverification) payloadJSON() json.RawMessage {
	// Strings and finite numbers can always be encoded.
	payload, _ := json.Marshal(p.payload)
	return payload
}

// reverificationBody returns the response with which Clerk's frontend asks the user to
// verify again.
func reverificationBody(payload json.RawMessage) []byte {
	type metadata struct {
		Reverification json.RawMessage `json:"reverification"`
	}
	type clerkError struct {
		Type     string   `json:"type"`
		Reason   string   `json:"reason"`
		Metadata metadata `json:"metadata"`
	}
	// A program that replaced the payload by what is not JSON gets an empty body.
	body, _ := json.Marshal(struct {
		Error clerkError `json:"clerk_error"`
	}{clerkError{"forbidden", "reverification-error", metadata{payload}}})
	return body
}
