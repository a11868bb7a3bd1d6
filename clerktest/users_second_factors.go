package clerktest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/credential"
	"github.com/backend-sdk/clerk-go/users"
)

func (i *Instance) setSecondFactorHandlers(h *Handlers) {
	h.VerifyTOTP = i.verifyTOTP
	h.DeleteTOTP = i.secondFactorRemoval((*Instance).removeTOTP)
	h.DeleteBackupCodes = i.secondFactorRemoval((*Instance).removeBackupCodes)
	h.DisableMFA = i.secondFactorRemoval((*Instance).removeTOTP, (*Instance).removeBackupCodes, (*Instance).removePhoneFactors)
}

func (i *Instance) applySecondFactors(u *api.User, c userChanges, now time.Time) error {
	kept := i.credentialsOf(u.ID)
	secret, hasSecret := c.TOTPSecret.Get()
	if hasSecret {
		totp, err := credential.ParseTOTP(secret)
		if err != nil {
			return invalid("invalid_totp_secret_code", "totp_secret", "%s", err)
		}
		kept.TOTPSecret, kept.TOTPUsedAt = totp.Secret(), 0
		u.TOTPEnabled = true
	}
	if len(c.BackupCodes) > 0 {
		codes, err := credential.ImportBackupCodes(c.BackupCodes)
		if err != nil {
			return invalid("form_param_value_invalid", "backup_codes", "%s", err)
		}
		kept.BackupCodes = codes.Digests()
		u.BackupCodeEnabled = true
	}
	if hasSecret || len(c.BackupCodes) > 0 {
		i.credentials.Put(kept)
		settleSecondFactors(u, now)
	}
	return nil
}

// settleSecondFactors enables or disables two-factor authentication by what the user has.
func settleSecondFactors(u *api.User, now time.Time) {
	enabled := u.TOTPEnabled || u.BackupCodeEnabled ||
		slices.ContainsFunc(u.PhoneNumbers, func(p api.PhoneNumber) bool { return p.ReservedForSecondFactor })
	switch {
	case enabled && !u.TwoFactorEnabled:
		stampPointer(&u.MFAEnabledAt, now)
		u.MFADisabledAt = nil
	case !enabled && u.TwoFactorEnabled:
		stampPointer(&u.MFADisabledAt, now)
		u.MFAEnabledAt = nil
	}
	u.TwoFactorEnabled = enabled
}

// secondFactorRemoval returns the handler of an operation that takes second factors from
// a user.
func (i *Instance) secondFactorRemoval(removals ...func(i *Instance, u *api.User)) func(context.Context, string) (*api.AffectedUser, error) {
	return func(_ context.Context, userID string) (*api.AffectedUser, error) {
		_, err := i.changeUser(userID, func(u *api.User, now time.Time) error {
			for _, remove := range removals {
				remove(i, u)
			}
			settleSecondFactors(u, now)
			return nil
		})
		if err != nil {
			return nil, err
		}
		return &api.AffectedUser{UserID: userID}, nil
	}
}

func (i *Instance) removeTOTP(u *api.User) {
	kept := i.credentialsOf(u.ID)
	kept.TOTPSecret, kept.TOTPUsedAt = "", 0
	i.credentials.Put(kept)
	u.TOTPEnabled = false
}

func (i *Instance) removeBackupCodes(u *api.User) {
	kept := i.credentialsOf(u.ID)
	kept.BackupCodes = nil
	i.credentials.Put(kept)
	u.BackupCodeEnabled = false
}

func (i *Instance) removePhoneFactors(u *api.User) {
	u.PhoneNumbers = slices.Clone(u.PhoneNumbers)
	for n := range u.PhoneNumbers {
		u.PhoneNumbers[n].ReservedForSecondFactor, u.PhoneNumbers[n].DefaultSecondFactor = false, false
	}
}

func (i *Instance) verifyTOTP(_ context.Context, userID string, params users.VerifyTOTPParams) (*api.TOTPVerification, error) {
	return write(i, func() (*api.TOTPVerification, error) {
		u, err := i.users.existing(userID)
		if err != nil {
			return nil, err
		}
		if !u.TOTPEnabled {
			return nil, failure(http.StatusBadRequest, "totp_disabled", "user "+userID+" has no authenticator app", "")
		}
		codeType, err := i.useCode(userID, params.Code)
		if err != nil {
			return nil, err
		}
		return &api.TOTPVerification{Verified: true, CodeType: codeType}, nil
	})
}

// useCode uses up a code of the user's authenticator app or a backup code.
func (i *Instance) useCode(userID, code string) (api.TOTPVerificationCodeType, error) {
	kept := i.credentialsOf(userID)
	if left, ok := kept.backupCodes().Use(code); ok {
		kept.BackupCodes = left.Digests()
		i.credentials.Put(kept)
		return api.TOTPVerificationCodeTypeBackupCode, nil
	}
	used, err := kept.totp().Use(code, i.now())
	if errors.Is(err, credential.ErrCodeLength) {
		return "", invalid("totp_invalid_length", "code", "must have 6 characters")
	}
	if err != nil {
		return "", invalid("totp_incorrect_code", "code", "of user %s %s", userID, err)
	}
	kept.TOTPUsedAt = clerk.At(used.UsedAt())
	i.credentials.Put(kept)
	return api.TOTPVerificationCodeTypeTOTP, nil
}

// totp returns the authenticator app, the zero one without a valid secret.
func (c *SeedCredentials) totp() credential.TOTP {
	totp, err := credential.ParseTOTP(c.TOTPSecret)
	if err != nil || c.TOTPUsedAt == 0 {
		return totp
	}
	return totp.Since(c.TOTPUsedAt.Time())
}

// backupCodes returns the codes that are left, which are none if they are not valid.
func (c *SeedCredentials) backupCodes() credential.BackupCodes {
	codes, err := credential.ImportBackupCodes(c.BackupCodes)
	if err != nil {
		return credential.BackupCodes{}
	}
	return codes
}
