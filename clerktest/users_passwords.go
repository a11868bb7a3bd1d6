package clerktest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/credential"
	"github.com/backend-sdk/clerk-go/users"
)

const (
	minPassword = 8
	maxPassword = 72 // bytes, the limit of bcrypt
)

func (i *Instance) setPasswordHandlers(h *Handlers) {
	h.VerifyPassword = i.verifyPassword
	h.RemovePassword = i.removePassword
	h.SetPasswordCompromised = func(_ context.Context, id string, params users.SetPasswordCompromisedParams) (*api.User, error) {
		return i.changeUser(id, func(u *api.User, now time.Time) error {
			if !u.PasswordEnabled {
				return noPasswordSet(id)
			}
			i.markPassword(id, true)
			if params.RevokeAllSessions.Or(false) {
				i.endSessions(id, api.SessionStatusRevoked, now)
			}
			return nil
		})
	}
	h.UnsetPasswordCompromised = func(_ context.Context, id string) (*api.User, error) {
		return i.changeUser(id, func(*api.User, time.Time) error {
			i.markPassword(id, false)
			return nil
		})
	}
}

// applyPassword sets the password of u, which is a copy of the stored user, to that of a
// request. strict also applies the rules of the instance.
func (i *Instance) applyPassword(u *api.User, c userChanges, strict bool, now time.Time) error {
	plain, hasPlain := c.Password.Get()
	digest, hasDigest := c.PasswordDigest.Get()
	hasher, hasHasher := c.PasswordHasher.Get()
	switch {
	case hasPlain && hasDigest:
		return invalid("form_conditional_param_disallowed", "password_digest", "cannot be given with a password")
	case hasDigest && !hasHasher:
		return invalid("form_conditional_param_missing", "password_hasher", "is required with a password digest")
	case !hasPlain && c.SignOutOthers.Or(false):
		return invalid("form_conditional_param_missing", "password", "is required to sign out of other sessions")
	case hasPlain && len(plain) > maxPassword:
		return invalid("form_password_size_in_bytes_exceeded", "password", "can have at most %d bytes", maxPassword)
	case hasPlain && !c.SkipChecks.Or(false) && utf8.RuneCountInString(plain) < minPassword:
		return invalid("form_password_length_too_short", "password", "needs at least %d characters", minPassword)
	case hasPlain && !c.SkipChecks.Or(false) && strict && i.settings().CheckLeakedPasswords && isLeaked(plain):
		return invalid("form_password_pwned", "password", "was found in a data breach, a different one is needed")
	case !hasPlain && !hasDigest:
		return nil
	}
	password := credential.NewPassword(plain)
	if hasDigest {
		var err error
		password, err = credential.ImportPassword(hasher, digest)
		switch {
		case errors.Is(err, credential.ErrUnknownHasher):
			return invalid("form_param_value_invalid", "password_hasher", "%s", err)
		case err != nil:
			return invalid("form_password_digest_invalid_code", "password_digest", "%s", err)
		}
	}
	kept := i.credentialsOf(u.ID)
	kept.keepPassword(password)
	i.credentials.Put(kept)
	u.PasswordEnabled = true
	stampPointer(&u.PasswordLastUpdatedAt, now)
	return nil
}

func (i *Instance) verifyPassword(_ context.Context, userID string, params users.VerifyPasswordParams) (*api.PasswordVerification, error) {
	kept, err := read(i, func() (*SeedCredentials, error) {
		u, err := i.users.existing(userID)
		if err != nil {
			return nil, err
		}
		if !u.PasswordEnabled {
			return nil, noPasswordSet(userID)
		}
		return i.credentialsOf(userID), nil
	})
	if err != nil {
		return nil, err
	}
	// Outside of the lock: somebody may have chosen many iterations.
	if !kept.password().Verify(params.Password) {
		return nil, failure(http.StatusUnprocessableEntity, "incorrect_password", "the password is not that of user "+userID, "password")
	}
	return &api.PasswordVerification{Verified: true}, nil
}

func noPasswordSet(userID string) error {
	return failure(http.StatusBadRequest, "no_password_set", "user "+userID+" has no password", "")
}

func (i *Instance) removePassword(_ context.Context, userID string, params users.RemovePasswordParams) (*api.User, error) {
	return write(i, func() (*api.User, error) {
		u, err := i.users.existing(userID)
		if err != nil || !u.PasswordEnabled {
			return u, err
		}
		return i.changeUserLocked(userID, func(u *api.User, now time.Time) error {
			kept := i.credentialsOf(userID)
			kept.PasswordHasher, kept.PasswordDigest, kept.PasswordCompromised = "", "", false
			i.credentials.Put(kept)
			u.PasswordEnabled, u.PasswordLastUpdatedAt = false, nil
			if params.SignOutOfOtherSessions.Or(false) {
				i.endSessions(userID, api.SessionStatusRevoked, now)
			}
			return nil
		})
	})
}

func (i *Instance) markPassword(userID string, compromised bool) {
	kept := i.credentialsOf(userID)
	kept.PasswordCompromised = compromised
	i.credentials.Put(kept)
}

// leaked are passwords of at least minPassword characters that are among the most frequent
// in every data breach, in lower case.
var leaked = strings.Fields(`
	00000000 0123456789 0987654321 11111111 111111111 1111111111 11223344 12121212 12341234
	12344321 123123123 1234567890 123456789a 12345678 123456789 123456abc 123654789 12345679
	123qweasd 147258369 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 22222222 66666666 77777777
	789456123 87654321 88888888 987654321 99999999 a1234567 a12345678 a123456789 aa123456
	abc12345 abcd1234 abcdefgh administrator admin123 admin1234 alexander asdf1234 asdfasdf
	asdfghjk asdfghjkl babygirl baseball basketball blink182 business butterfly changeme
	charlie1 chocolate christian computer corvette danielle dragon123 elizabeth facebook
	football football1 freedom1 garfield hellohello iloveyou iloveyou1 internet jennifer
	jonathan letmein1 letmein123 liverpool lovelove michelle midnight monkey123 mustang1
	nicholas p@ssw0rd p@ssword passw0rd password password! password1 password12 password123
	password1234 password2 pokemon1 princess princess1 q1w2e3r4 q1w2e3r4t5 qazwsxedc qwer1234
	qwerty12 qwerty123 qwerty1234 qwertyui qwertyuiop samantha secret123 spiderman starwars
	sunshine sunshine1 superman superman1 test1234 testtest trustno1 unknown1 victoria
	welcome1 welcome123 whatever zaq12wsx zxcvbnm1 zxcvbnm123`)

func isLeaked(password string) bool { return slices.Contains(leaked, strings.ToLower(password)) }
