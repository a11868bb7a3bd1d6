package credential_test

import (
	"encoding/base32"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/credential"
)

// published has the codes of RFC 6238, appendix B, for SHA-1, which has 8 digits of which
// an app with 6 shows the last.
var published = map[int64]string{
	59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
	1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
}

func publishedTOTP(t *testing.T) credential.TOTP {
	t.Helper()
	totp, err := credential.ParseTOTP(base32.StdEncoding.EncodeToString([]byte("12345678901234567890")))
	if err != nil {
		t.Fatal(err)
	}
	return totp
}

func TestCodesOfTheRFC(t *testing.T) {
	t.Parallel()
	totp := publishedTOTP(t)
	for seconds, eight := range published {
		now, code := time.Unix(seconds, 0), eight[2:]
		if got := totp.Code(now); got != code {
			t.Errorf("at %d the code is %s, want %s", seconds, got, code)
		}
		if _, err := totp.Use(code, now); err != nil {
			t.Errorf("at %d the code %s %v", seconds, code, err)
		}
	}
}

func TestACodeIsRightOneStepEachWay(t *testing.T) {
	t.Parallel()
	totp := publishedTOTP(t)
	begin := time.Unix(1_800_000_000, 0) // of a step
	code := totp.Code(begin)
	for _, c := range []struct {
		after time.Duration
		right bool
	}{
		{-31 * time.Second, false},
		{-30 * time.Second, true},
		{0, true},
		{29 * time.Second, true},
		{59 * time.Second, true},
		{60 * time.Second, false},
	} {
		if _, err := totp.Use(code, begin.Add(c.after)); (err == nil) != c.right {
			t.Errorf("%v after the step began: %v", c.after, err)
		}
	}
}

func TestACodeIsUsedOnce(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	totp := publishedTOTP(t)
	earlier, code, later := totp.Code(now.Add(-30*time.Second)), totp.Code(now), totp.Code(now.Add(30*time.Second))
	used, err := totp.Use(code, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{code, earlier} {
		if _, err := used.Use(code, now); !errors.Is(err, credential.ErrCode) {
			t.Errorf("the code %s after %s was used: %v", code, used.Code(now), err)
		}
	}
	if _, err := used.Use(later, now); err != nil {
		t.Errorf("the next code %v", err)
	}
	if _, err := totp.Use(code, now); err != nil {
		t.Errorf("using a code changed the value: %v", err)
	}
}

func TestWrongCodes(t *testing.T) {
	t.Parallel()
	now := time.Unix(59, 0)
	totp := publishedTOTP(t)
	for code, want := range map[string]error{
		"": credential.ErrCodeLength, "28708": credential.ErrCodeLength, "94287082": credential.ErrCodeLength, " 287082": credential.ErrCodeLength,
		"287083": credential.ErrCode, "28708x": credential.ErrCode, "000000": credential.ErrCode,
	} {
		if _, err := totp.Use(code, now); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", code, err, want)
		}
	}
	var none credential.TOTP
	if _, err := none.Use("287082", now); !errors.Is(err, credential.ErrCode) || !none.IsZero() || none.Secret()+none.Code(now)+none.URI("a", "b") != "" {
		t.Errorf("no secret has a code: %v", err)
	}
}

func TestSecretsOfApps(t *testing.T) {
	t.Parallel()
	secret := "JBSWY3DPEHPK3PXP"
	for _, text := range []string{secret, strings.ToLower(secret), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGE======"} {
		totp, err := credential.ParseTOTP(text)
		if err != nil || totp.Secret() != strings.TrimRight(strings.ToUpper(text), "=") {
			t.Errorf("%s becomes %s, %v", text, totp.Secret(), err)
		}
	}
	for text, want := range map[string]string{
		"":                       "has 0 bytes, 10 to 128 are needed",
		"JBSWY3DP":               "has 5 bytes, 10 to 128 are needed",
		strings.Repeat("A", 400): "has 250 bytes, 10 to 128 are needed",
		"JBSWY3DPEHPK3PX1":       "is not base32",
		"JBSWY3DP EHPK3PXP":      "is not base32",
	} {
		if _, err := credential.ParseTOTP(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	one, two := credential.NewTOTP(), credential.NewTOTP()
	if len(one.Secret()) != 32 || one.Secret() == two.Secret() || one.IsZero() {
		t.Errorf("new secrets are %s and %s", one.Secret(), two.Secret())
	}
}

func TestTheAddressForApps(t *testing.T) {
	t.Parallel()
	totp := publishedTOTP(t)
	got := totp.URI("My App", "ada+test@example.com")
	want := "otpauth://totp/My%20App:ada%2Btest%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=My%20App&algorithm=SHA1&digits=6&period=30"
	if got != want {
		t.Errorf("the address is\n%s, want\n%s", got, want)
	}
	parsed, err := url.Parse(got)
	if err != nil || parsed.Path != "/My App:ada+test@example.com" || parsed.Query().Get("issuer") != "My App" {
		t.Errorf("the address is read as %+v, %v", parsed, err)
	}
}

func TestABackupCodeIsUsedOnce(t *testing.T) {
	t.Parallel()
	codes, plain := credential.NewBackupCodes()
	if codes.Len() != 10 || len(plain) != 10 || len(slices.Compact(slices.Sorted(slices.Values(plain)))) != 10 {
		t.Fatalf("the codes are %q", plain)
	}
	left := codes
	for n, code := range plain {
		next, ok := left.Use(code)
		if !ok || next.Len() != 9-n || left.Len() != 10-n {
			t.Fatalf("code %d: %t, %d are left of %d", n, ok, next.Len(), left.Len())
		}
		if _, ok := next.Use(code); ok {
			t.Errorf("code %d is right a second time", n)
		}
		left = next
	}
	if left.IsZero() {
		t.Error("codes that are used up are taken for none")
	}
	var none credential.BackupCodes
	for _, b := range []credential.BackupCodes{codes, left, none} {
		if _, ok := b.Use(""); ok {
			t.Error("an empty code is right")
		}
	}
}

func TestImportedBackupCodes(t *testing.T) {
	t.Parallel()
	codes, err := credential.ImportBackupCodes([]string{"first code", "$2b$12$" + bcryptHash, "third", "third"})
	if err != nil || codes.Len() != 4 {
		t.Fatalf("%d codes are imported, %v", codes.Len(), err)
	}
	if _, ok := codes.Use("$2b$12$" + bcryptHash); ok {
		t.Error("a digest is a code")
	}
	left, ok := codes.Use("third")
	if !ok || left.Len() != 3 {
		t.Errorf("%t, %d codes are left", ok, left.Len())
	}
	if none, err := credential.ImportBackupCodes(nil); err != nil || !none.IsZero() {
		t.Errorf("no codes: %v", err)
	}
	for want, codes := range map[string][]string{
		"are 101, at most 100 are possible": slices.Repeat([]string{"code"}, 101),
		"have an empty one at index 1":      {"code", ""},
	} {
		if _, err := credential.ImportBackupCodes(codes); err == nil || err.Error() != want {
			t.Errorf("%d codes: %v, want %s", len(codes), err, want)
		}
	}
}

func BenchmarkNewPassword(b *testing.B) {
	for b.Loop() {
		credential.NewPassword("correct horse")
	}
}
