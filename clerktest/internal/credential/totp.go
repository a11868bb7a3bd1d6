package credential

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Parameters of RFC 6238 that authenticator apps assume.
const (
	period     = 30 // seconds
	codeLength = 6
	modulus    = 1_000_000
)

// Bounds of secrets, in bytes. Apps show 10 and more.
const minSecret, maxSecret = 10, 128

// TOTP is the secret of an authenticator app, and the time of the last code that was used.
// The zero TOTP is none, and no code is right for it.
type TOTP struct {
	concealed
	kept func() totp
}

type totp struct {
	secret []byte
	used   int64 // steps up to this one are used
}

// Errors of [TOTP.Use].
var (
	ErrCodeLength = errors.New("does not have 6 digits")
	ErrCode       = errors.New("is not right, or was used before")
)

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTP returns a new secret.
func NewTOTP() TOTP {
	secret := make([]byte, sha1.Size)
	_, _ = rand.Read(secret)
	return TOTP{kept: seal(totp{secret: secret, used: -1})}
}

// ParseTOTP reads a secret in base32. The error completes a sentence about the secret.
func ParseTOTP(text string) (TOTP, error) {
	secret, err := encoding.DecodeString(strings.ToUpper(strings.TrimRight(text, "=")))
	if err != nil {
		return TOTP{}, errors.New("is not base32")
	}
	if len(secret) < minSecret || len(secret) > maxSecret {
		return TOTP{}, fmt.Errorf("has %d bytes, %d to %d are needed", len(secret), minSecret, maxSecret)
	}
	return TOTP{kept: seal(totp{secret: secret, used: -1})}, nil
}

// UsedAt returns the time of the last code that was used, or the zero time.
func (t TOTP) UsedAt() time.Time {
	if t.kept == nil || t.kept().used < 0 {
		return time.Time{}
	}
	return time.Unix(t.kept().used*period, 0)
}

// Since returns the TOTP for which the codes up to that of a time are used up.
func (t TOTP) Since(used time.Time) TOTP {
	if t.kept == nil || used.IsZero() {
		return t
	}
	return TOTP{kept: seal(totp{t.kept().secret, used.Unix() / period})}
}

// IsZero reports whether the secret is missing.
func (t TOTP) IsZero() bool { return t.kept == nil }

// Secret returns the secret in base32.
func (t TOTP) Secret() string {
	if t.kept == nil {
		return ""
	}
	return encoding.EncodeToString(t.kept().secret)
}

// URI returns the address that authenticator apps read from a QR code.
func (t TOTP) URI(issuer, account string) string {
	if t.kept == nil {
		return ""
	}
	// Some apps take a plus sign for itself.
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return fmt.Sprintf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d",
		escape(issuer), escape(account), t.Secret(), escape(issuer), codeLength, period)
}

// Code returns the code that the app shows at this time.
func (t TOTP) Code(now time.Time) string {
	if t.kept == nil {
		return ""
	}
	return t.kept().code(now.Unix() / period)
}

// Use checks a code of this time, of the step before or of the step after it. It returns
// the TOTP for which this code and those of earlier steps are used up. The error is
// [ErrCodeLength] or [ErrCode] and completes a sentence about the code.
func (t TOTP) Use(code string, now time.Time) (TOTP, error) {
	if len(code) != codeLength {
		return t, ErrCodeLength
	}
	if t.kept == nil {
		return t, ErrCode
	}
	kept := t.kept()
	current, found := now.Unix()/period, int64(-1)
	for step := current - 1; step <= current+1; step++ {
		if subtle.ConstantTimeCompare([]byte(kept.code(step)), []byte(code)) == 1 && step > kept.used {
			found = step
		}
	}
	if found < 0 {
		return t, ErrCode
	}
	return TOTP{kept: seal(totp{kept.secret, found})}, nil
}

// code implements RFC 4226 with a step of RFC 6238 as the counter.
func (t totp) code(step int64) string {
	mac := hmac.New(sha1.New, t.secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	bits := binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:]) &^ (1 << 31)
	return fmt.Sprintf("%0*d", codeLength, bits%modulus)
}
