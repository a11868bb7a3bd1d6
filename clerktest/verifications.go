package clerktest

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// SeedVerification is a one-time code in a seed that was sent to an email address or a
// phone number.
type SeedVerification struct {
	ID string `json:"id"`
	// IdentificationID is the email address or the phone number.
	IdentificationID string                 `json:"identification_id"`
	Strategy         string                 `json:"strategy,omitempty"` // email_code or phone_code
	Channel          *string                `json:"channel,omitempty"`
	Code             string                 `json:"code" clerk:"credential"`
	Status           api.VerificationStatus `json:"status,omitempty"`
	Attempts         int                    `json:"attempts,omitempty"`
	ExpireAt         clerk.Timestamp        `json:"expire_at"`
}

// Format implements [fmt.Formatter] and hides the code.
func (v SeedVerification) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, v) }

// LogValue implements [slog.LogValuer] and hides the code.
func (v SeedVerification) LogValue() slog.Value { return clerk.LogHidden(v) }

const (
	verificationLife     = 10 * time.Minute
	verificationAttempts = 5
	// verificationsKept is the number of codes of an address or a number that are good at
	// the same time.
	verificationsKept = 5
	// testCode is the code of test addresses and test numbers, to which nothing is sent.
	testCode = "424242"
)

var testNumber = regexp.MustCompile(`^\+1[0-9]{3}55501[0-9]{2}$`)

type verificationTables struct {
	verifications   kind[SeedVerification]
	verificationsOf *store.Index[SeedVerification] // by identification
}

func (t *tables) addVerifications() {
	addSeeded(t, "verifications", &t.verifications, kind[SeedVerification]{
		noun: "verification", prefix: "ver",
		more: append(membersOf(seedText, "id", "identification_id", "strategy", "channel", "code", "status"), membersOf(seedNumber, "attempts", "expire_at")...),
		seed: func(s *Seed) *[]SeedVerification { return &s.Verifications },
		fill: func(_ *Instance, v *SeedVerification) { v.ExpireAt = cmp.Or(v.ExpireAt, clerk.At(seedEnd)) },
		complete: func(i *Instance, v *SeedVerification) error {
			u := i.usersByIdentification.First(v.IdentificationID)
			switch {
			case u == nil:
				return errors.New("identification_id is not the id of an email address or of a phone number")
			case v.Code == "":
				return errors.New("code is required")
			}
			strategy := "email_code"
			if phones.position(u, v.IdentificationID) >= 0 {
				strategy = "phone_code"
			}
			v.Strategy = cmp.Or(v.Strategy, strategy)
			v.Status = cmp.Or(v.Status, api.VerificationStatusUnverified)
			return nil
		},
	}, func(v *SeedVerification) string { return v.ID })
	t.verificationsOf = t.verifications.By(one(func(v *SeedVerification) string { return v.IdentificationID }))
}

// prepareVerification sends a code to an email address or a phone number.
func prepareVerification[T any](i *Instance, c contacts[T], strategy, channel, id string) (*api.ContactVerification, error) {
	return write(i, func() (*api.ContactVerification, error) {
		u, at, err := c.find(i, id)
		if err != nil {
			return nil, err
		}
		now, text := i.now(), *c.parts(&(*c.of(u))[at]).text
		if old := i.verificationsOf.All(id); len(old) >= verificationsKept {
			i.verifications.Remove(old[0].ID)
		}
		v := &SeedVerification{
			ID: newID("ver", now), IdentificationID: id, Strategy: strategy, Code: i.codeFor(text),
			Status: api.VerificationStatusUnverified, ExpireAt: clerk.At(now.Add(verificationLife)),
		}
		if channel != "" {
			v.Channel = &channel
		}
		i.verifications.Put(v)
		if v.Code != testCode {
			i.outbox("verification_code", text, Message{Code: v.Code})
		}
		return v.show(), nil
	})
}

// codeFor returns the code that is sent to an email address or a phone number.
func (i *Instance) codeFor(text string) string {
	local, _, _ := strings.Cut(text, "@")
	if i.settings().TestMode && (testNumber.MatchString(text) || strings.Contains(local, "+clerk_test")) {
		return testCode
	}
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000))
	return fmt.Sprintf("%06d", n)
}

func (v *SeedVerification) show() *api.ContactVerification {
	return &api.ContactVerification{
		Object: "verification_" + v.Strategy, ID: v.ID, Status: v.Status, Strategy: v.Strategy,
		Attempts: &v.Attempts, ExpireAt: &v.ExpireAt, Channel: v.Channel,
	}
}

// attemptVerification tries a code. Only a code that is right and in time verifies the
// address or the number.
func attemptVerification[T any](i *Instance, c contacts[T], id, verificationID, code string) (*api.ContactVerification, error) {
	return write(i, func() (*api.ContactVerification, error) {
		u, at, err := c.find(i, id)
		if err != nil {
			return nil, err
		}
		stored := i.verifications.Get(verificationID)
		switch {
		case stored == nil || stored.IdentificationID != id:
			return nil, notFound("verification", verificationID)
		case stored.Status == api.VerificationStatusVerified:
			return nil, failure(http.StatusBadRequest, "verification_already_verified", "verification "+verificationID+" was verified before", "")
		}
		v, now := *stored, i.now()
		v.Attempts++
		switch {
		case v.Status == api.VerificationStatusFailed:
		case isOver(&v.ExpireAt, now):
			v.Status = api.VerificationStatusExpired
		case v.Code == code:
			v.Status = api.VerificationStatusVerified
		case v.Attempts >= verificationAttempts:
			v.Status = api.VerificationStatusFailed
		}
		i.verifications.Put(&v)
		if v.Status == api.VerificationStatusVerified {
			_, err = i.changeUserLocked(u.ID, func(u *api.User, now time.Time) error {
				*c.of(u) = slices.Clone(*c.of(u))
				return c.verifyByCode(i, u.ID, &(*c.of(u))[at], v.Strategy, now)
			})
		}
		return v.show(), err
	})
}

// verifyByCode marks a contact as verified by a code, if it is not verified.
func (c contacts[T]) verifyByCode(i *Instance, userID string, v *T, strategy string, now time.Time) error {
	p := c.parts(v)
	if isVerified(*p.verification) {
		return nil
	}
	if err := c.verify(i, userID, v); err != nil {
		return err
	}
	*p.updated = clerk.At(now)
	*p.verification = &api.Verification{Object: "verification_otp", Status: api.VerificationStatusVerified, Strategy: strategy}
	return nil
}

// forgetVerifications removes the codes that were sent to an email address or a phone
// number.
func (i *Instance) forgetVerifications(identificationID string) {
	for _, v := range i.verificationsOf.All(identificationID) {
		i.verifications.Remove(v.ID)
	}
}
