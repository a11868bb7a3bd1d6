package clerktest

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/credential"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// SeedCredentials are what a user of a seed signs in with, besides identifiers. In a seed
// file, the members can also stand in the user.
type SeedCredentials struct {
	UserID string `json:"user_id"`
	// Password is a plain password. [Instance.Seed] returns its digest.
	Password       string             `json:"password,omitempty" clerk:"credential"`
	PasswordDigest string             `json:"password_digest,omitempty" clerk:"credential"`
	PasswordHasher api.PasswordHasher `json:"password_hasher,omitempty"`
	// PasswordCompromised asks for a new password at the next sign-in.
	PasswordCompromised bool `json:"password_compromised,omitempty"`
	// TOTPSecret is the secret of an authenticator app in base32.
	TOTPSecret string `json:"totp_secret,omitempty" clerk:"credential"`
	// TOTPUsedAt is the time of the last code of the app that was used, in Unix
	// milliseconds.
	TOTPUsedAt clerk.Timestamp `json:"totp_used_at,omitempty"`
	// BackupCodes are plain codes. [Instance.Seed] returns digests.
	BackupCodes []string `json:"backup_codes,omitempty" clerk:"credential"`
	// TrustedDevices may also have revoked devices.
	TrustedDevices []api.TrustedDevice `json:"trusted_devices,omitempty"`
	// OAuthAccessTokens are tokens of the user's external accounts.
	OAuthAccessTokens []api.OAuthAccessToken `json:"oauth_access_tokens,omitempty"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (c SeedCredentials) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, c) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (c SeedCredentials) LogValue() slog.Value { return clerk.LogHidden(c) }

type credentialTables struct {
	credentials kind[SeedCredentials]
}

func (t *tables) addCredentials() {
	addSeeded(t, "credentials", &t.credentials, kind[SeedCredentials]{
		noun: "user", prefix: "user", more: append(credentialMembers(), membersOf(seedText, "user_id")...),
		seed: func(s *Seed) *[]SeedCredentials { return &s.Credentials },
		complete: func(i *Instance, c *SeedCredentials) error {
			if err := i.completeCredentials(c); err != nil {
				return fmt.Errorf("%w (user %q)", err, c.UserID)
			}
			return nil
		},
	}, func(c *SeedCredentials) string { return c.UserID })
}

// credentialMembers are the members of a seed file's user that are credentials.
func credentialMembers() []description.Member {
	return slices.Concat(membersOf(seedText, "password", "password_digest", "password_hasher", "totp_secret"),
		membersOf(seedNumber, "totp_used_at"), membersOf(seedTexts, "backup_codes"), []description.Member{
			{Name: "password_compromised", Schema: &description.Schema{Type: description.Boolean}},
			{Name: "trusted_devices", Schema: &description.Schema{Type: description.Array, Items: description.Named("TrustedDevice")}},
			{Name: "oauth_access_tokens", Schema: description.Named("OAuthAccessToken")},
		})
}

// credentialsOf returns a copy of the credentials of a user.
func (i *Instance) credentialsOf(userID string) *SeedCredentials {
	if stored := i.credentials.Get(userID); stored != nil {
		return new(*stored)
	}
	return &SeedCredentials{UserID: userID}
}

// completeCredentials replaces plain credentials of a seed by what is kept of them, and
// enables in the user what the user now has.
func (i *Instance) completeCredentials(c *SeedCredentials) error {
	stored := i.users.Get(c.UserID)
	if stored == nil {
		return errors.New("user_id is not the id of a user")
	}
	u := *stored
	if err := c.completePassword(); err != nil {
		return err
	}
	if c.TOTPSecret != "" {
		if _, err := credential.ParseTOTP(c.TOTPSecret); err != nil {
			return fmt.Errorf("totp_secret %w", err)
		}
	}
	codes, err := credential.ImportBackupCodes(c.BackupCodes)
	if err != nil {
		return fmt.Errorf("backup_codes %w", err)
	}
	c.BackupCodes = codes.Digests()
	if err := c.completeTokens(&u); err != nil {
		return err
	}
	c.TrustedDevices = slices.Clone(c.TrustedDevices)
	for n := range c.TrustedDevices {
		completeDevice(c.UserID, n, &c.TrustedDevices[n])
	}
	u.PasswordEnabled = u.PasswordEnabled || c.PasswordDigest != ""
	u.TOTPEnabled = u.TOTPEnabled || c.TOTPSecret != ""
	u.BackupCodeEnabled = u.BackupCodeEnabled || len(c.BackupCodes) > 0
	settleSecondFactors(&u, seedBegin)
	i.users.Put(&u)
	return nil
}

func (c *SeedCredentials) completePassword() error {
	switch {
	case c.Password != "" && c.PasswordDigest != "":
		return errors.New("password_digest cannot be given with a password")
	case c.Password != "":
		c.keepPassword(credential.NewPassword(c.Password))
	case c.PasswordDigest != "":
		_, err := credential.ImportPassword(string(c.PasswordHasher), c.PasswordDigest)
		if errors.Is(err, credential.ErrUnknownHasher) {
			return fmt.Errorf("password_hasher %w", err)
		}
		if err != nil {
			return fmt.Errorf("password_digest %w", err)
		}
	}
	return nil
}

func (c *SeedCredentials) keepPassword(p credential.Password) {
	hasher, digest := p.Digest()
	c.Password, c.PasswordHasher, c.PasswordDigest, c.PasswordCompromised = "", api.PasswordHasher(hasher), digest, false
}

// password returns the password, the zero one without a valid digest.
func (c *SeedCredentials) password() credential.Password {
	p, err := credential.ImportPassword(string(c.PasswordHasher), c.PasswordDigest)
	if err != nil {
		return credential.Password{}
	}
	return p
}
