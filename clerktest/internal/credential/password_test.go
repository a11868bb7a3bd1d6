package credential_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/credential"
)

// imported has a digest of "correct horse" of each hasher, which other programs made where
// its password can be verified.
var imported = map[string]struct {
	digests  []string
	verified bool
}{
	"argon2i":              {[]string{"$argon2i$v=19$m=4096,t=3,p=1$c2FsdCBvZiAxNiBieXRlcw$+X7VnAQFBoH1lCxkMtRyHH4qxMBiqhoFKBmKMb2FBRE"}, false},
	"argon2id":             {[]string{"$argon2id$v=19$m=65536,t=4,p=8$c2FsdCBvZiAxNiBieXRlcw$+X7VnAQFBoH1lCxkMtRyHH4qxMBiqhoFKBmKMb2FBRE"}, false},
	"awscognito":           {[]string{"awscognito#eu-west-1_abc#client#ada"}, false},
	"bcrypt":               {[]string{"$2b$12$" + bcryptHash, "$2a$04$" + bcryptHash, "$2y$31$" + bcryptHash}, false},
	"bcrypt_peppered":      {[]string{"$2a$11$" + bcryptHash + "$pepper"}, false},
	"bcrypt_sha256_django": {[]string{"bcrypt_sha256$$2b$12$" + bcryptHash}, false},
	"ldap_ssha":            {[]string{"{SSHA}5bYnKJ5mdJocyeUCyUr/SZKhq5gBAnNhbHQ="}, true},
	"md5":                  {[]string{"3cb4e732631f47e6eb961f34554b7cde", "3CB4E732631F47E6EB961F34554B7CDE"}, true},
	"md5_phpass":           {[]string{"$P$BsaltsaltWtkMwa/ZHFz6vQ3k/22vI1", "$H$9saltsaltWtkMwa/ZHFz6vQ3k/22vI1"}, false},
	"md5_salted":           {[]string{"salt$3cb4e732631f47e6eb961f34554b7cde"}, false},
	"pbkdf2_sha1": {[]string{
		"pbkdf2_sha1$1000$not hex$83cf074ebc0c39361a4d5b2892716c4d573d1def06f4a2a9cea45889a9a601b4",
		"pbkdf2_sha1$1000$c0ffee$9ced7ded4ce5c3d8f34751a8202ecb92c2642fc0$20",
	}, true},
	"pbkdf2_sha256":        {[]string{"pbkdf2_sha256$1000$c2FsdCBvZiAxNiBieXRlcw==$gjAg4G0o3A6i2kepk4hz39M5y0pP5Xcc9Mfg/CFmTt8="}, true},
	"pbkdf2_sha256_django": {[]string{"pbkdf2_sha256$1000$c2FsdA$/WytJJjODwOlQ1RVnEQ2Ww07VAuysFr2g9vSSOAeCUU="}, true},
	"pbkdf2_sha512":        {[]string{"pbkdf2_sha512$1000$c0ffee$bd98860a535773828d4df9ae2677dcf9f5b7cd53f672aaee892cafa37f2116518ce07227975810c958c8fb2394bbe53c2c89f0f5082687cc69c9a7d0fbd500e1"}, true},
	"pbkdf2_sha512_hex":    {[]string{"pbkdf2_sha512_hex$1000$c0ffee$425524f5d9291a33e4a868e2a01f395ab941631fcdff406b5aea008f2d01fba28e959a5efecf16465710e17d5f8e6e765edbceb559139424e294917d9cf6b00a"}, true},
	"phpass":               {[]string{"$P$BsaltsaltWtkMwa/ZHFz6vQ3k/22vI1"}, true},
	"scrypt_firebase":      {[]string{"lSrfV15cpx95/sZS2W9c9Q==$42xEC+ixf3L2lw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVM==$Bw==$8$14"}, false},
	"scrypt_werkzeug":      {[]string{"scrypt:32768:8:1$salt$" + strings.Repeat("0a", 64), "$32768:8:1$salt$c2FsdA=="}, false},
	"sha256":               {[]string{"4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631"}, true},
	"sha256_salted":        {[]string{"salt$4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631"}, false},
	"sha512_symfony":       {[]string{"sha512_symfony$5000$pepper$/ZgiblsqN0o1L3iDuN7IB8VoDGcLqX8G7lRwQ5DsIav36Mds6hOZGKOyZRgVtxsgx5i0FNwLi7QL3OalHkT3sQ=="}, true},
}

const bcryptHash = "N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"

func TestImportedPasswords(t *testing.T) {
	t.Parallel()
	for hasher, c := range imported {
		for _, digest := range c.digests {
			p, err := credential.ImportPassword(hasher, digest)
			if err != nil {
				t.Errorf("%s %s: the digest %v", hasher, digest, err)
				continue
			}
			if p.Verify("correct horse") != c.verified {
				t.Errorf("%s %s: the right password is verified: %t", hasher, digest, !c.verified)
			}
			for _, wrong := range []string{"", "correct horse ", "Correct horse", digest} {
				if p.Verify(wrong) {
					t.Errorf("%s %s: %q is verified", hasher, digest, wrong)
				}
			}
			if gotHasher, got := p.Digest(); gotHasher != hasher || got != digest {
				t.Errorf("%s %s: Digest returns %s %s", hasher, digest, gotHasher, got)
			}
		}
	}
	// The example of the authors of phpass.
	p, err := credential.ImportPassword("phpass", "$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0")
	if err != nil || !p.Verify("test12345") || p.Verify("test12346") {
		t.Errorf("the published example of phpass is not verified, %v", err)
	}
}

// Each change of a digest leaves the form, and the error says which one is needed.
func TestDigestsThatHaveNotTheForm(t *testing.T) {
	t.Parallel()
	changes := map[string]func(digest string) string{
		"nothing":       func(string) string { return "" },
		"nonsense":      func(string) string { return "nonsense" },
		"space before":  func(s string) string { return " " + s },
		"line after":    func(s string) string { return s + "\n" },
		"half":          func(s string) string { return s[:len(s)/2] },
		"a dollar more": func(s string) string { return s + "$" },
	}
	// Where these hashers have text of any kind.
	anything := map[string][]string{
		"awscognito":      {"line after", "a dollar more", "half"},
		"bcrypt_peppered": {"a dollar more"},
		"md5_salted":      {"space before"},
		"scrypt_werkzeug": {"half"},
		"sha256_salted":   {"space before"},
	}
	for hasher, c := range imported {
		for _, digest := range c.digests {
			for name, change := range changes {
				if slices.Contains(anything[hasher], name) {
					continue
				}
				_, err := credential.ImportPassword(hasher, change(digest))
				if err == nil || !strings.HasPrefix(err.Error(), "does not have the form of "+hasher+": ") {
					t.Errorf("%s, %s: the error is %v", hasher, name, err)
				} else if strings.Contains(err.Error(), digest) {
					t.Errorf("%s, %s: the error shows the digest", hasher, name)
				}
			}
		}
	}
	for hasher, digests := range map[string][]string{
		"argon2i":              {"$argon2id$v=19$m=64,t=4,p=8$c2FsdA$c2FsdA", "$argon2i$m=64,t=4,p=8$c2FsdA$c2FsdA"},
		"bcrypt":               {"$2b$03$" + bcryptHash, "$2b$32$" + bcryptHash, "$2c$12$" + bcryptHash, "$2b$12$" + bcryptHash + "a"},
		"bcrypt_sha256_django": {"$2b$12$" + bcryptHash, "bcrypt_sha256$2b$12$" + bcryptHash},
		"ldap_ssha":            {"{SSHA}" + "5bYnKJ5mdJocyeUCyUr/SZKhq5g=", "{SHA}5bYnKJ5mdJocyeUCyUr/SZKhq5gBAnNhbHQ="},
		"md5":                  {strings.Repeat("g", 32), strings.Repeat("a", 64)},
		"pbkdf2_sha1": {
			"pbkdf2_sha1$1000$c0ffee$9ced7ded4ce5c3d8f34751a8202ecb92c2642fc0",
			"pbkdf2_sha1$1000$c0ffee$9ced7ded4ce5c3d8f34751a8202ecb92c2642fc0$32",
		},
		"pbkdf2_sha256": {
			"pbkdf2_sha256$0$c2FsdA==$gjAg4G0o3A6i2kepk4hz39M5y0pP5Xcc9Mfg/CFmTt8=",
			"pbkdf2_sha256$10000000$c2FsdA==$gjAg4G0o3A6i2kepk4hz39M5y0pP5Xcc9Mfg/CFmTt8=",
			"pbkdf2_sha256$1000$c2FsdA==$c2FsdA==",
			"pbkdf2_sha256$1000$not base64$gjAg4G0o3A6i2kepk4hz39M5y0pP5Xcc9Mfg/CFmTt8=",
		},
		"pbkdf2_sha512_hex": {"pbkdf2_sha512_hex$1000$coffee$" + strings.Repeat("0a", 64), "pbkdf2_sha512$1000$c0ffee$" + strings.Repeat("0a", 64)},
		"phpass":            {"$P$NsaltsaltWtkMwa/ZHFz6vQ3k/22vI1", "$P$4saltsaltWtkMwa/ZHFz6vQ3k/22vI1", "$H$BsaltsaltWtkMwa/ZHFz6vQ3k/22vI1"},
		"scrypt_firebase":   {"a$b$c$d$8", "a$b$c$d$eight$14"},
		"sha256":            {"3cb4e732631f47e6eb961f34554b7cde"},
		"sha512_symfony":    {"sha512_symfony$0$salt$" + strings.Repeat("A", 86) + "==", "sha512_symfony$1$salt$c2FsdA=="},
	} {
		for _, digest := range digests {
			if _, err := credential.ImportPassword(hasher, digest); err == nil {
				t.Errorf("%s: %s is accepted", hasher, digest)
			}
		}
	}
	if _, err := credential.ImportPassword("rot13", "uryyb"); !errors.Is(err, credential.ErrUnknownHasher) {
		t.Errorf("an unknown hasher: %v", err)
	}
}

func TestEveryHasherOfTheDescriptionIsKnown(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../openapi/components.yaml")
	if err != nil {
		t.Fatal(err)
	}
	values := regexp.MustCompile(`\n    PasswordHasher:\n      x-go-values:\n((?:        - \w+\n)+)`).FindSubmatch(text)
	if values == nil {
		t.Fatal("the description has no values of PasswordHasher")
	}
	for hasher := range strings.FieldsSeq(strings.ReplaceAll(string(values[1]), "-", "")) {
		if _, known := imported[hasher]; !known {
			t.Errorf("%s is not known", hasher)
		}
	}
}

func TestTheDocumentationListsWhatIsVerified(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("credential.go")
	if err != nil {
		t.Fatal(err)
	}
	var lists []string // of the blocks that are indented
	for block := range strings.SplitSeq(string(text), "\n//\n") {
		if strings.HasPrefix(block, "//\t") {
			lists = append(lists, strings.ReplaceAll(block, "//\t", ""))
		}
	}
	if len(lists) != 2 {
		t.Fatalf("the documentation has %d lists", len(lists))
	}
	for n, verified := range []bool{true, false} {
		var want []string
		for hasher, c := range imported {
			if c.verified == verified {
				want = append(want, hasher)
			}
		}
		slices.Sort(want)
		if got := strings.Fields(lists[n]); !slices.Equal(got, want) {
			t.Errorf("the documentation lists %q, want %q", got, want)
		}
	}
}

func TestNewPasswords(t *testing.T) {
	t.Parallel()
	one, two := credential.NewPassword("correct horse"), credential.NewPassword("correct horse")
	if !one.Verify("correct horse") || one.Verify("correct hors") || one.Verify("") {
		t.Error("another password is verified")
	}
	_, first := one.Digest()
	if hasher, second := two.Digest(); hasher != "pbkdf2_sha256" || first == second {
		t.Errorf("two passwords that are equal have the digests %s and %s of %s", first, second, hasher)
	}
	if empty := credential.NewPassword(""); empty.IsZero() || !empty.Verify("") {
		t.Error("an empty password is taken for none")
	}
	var none credential.Password
	if !none.IsZero() || none.Verify("") || one.IsZero() {
		t.Error("no password is taken for one")
	}
}

func TestKnownPasswordsArePwned(t *testing.T) {
	t.Parallel()
	for plain, want := range map[string]bool{
		"password123": true, "12345678": true, "qwertyuiop": true, "testtest": true,
		"": false, "Password1234!": false, "correct horse battery": false, "password123 ": false,
	} {
		if got := credential.IsPwned(plain); got != want {
			t.Errorf("%q is pwned: %t", plain, got)
		}
	}
}

func TestWhatIsKeptIsAllAndNothingPlain(t *testing.T) {
	t.Parallel()
	codes, plain := credential.NewBackupCodes()
	codes, _ = codes.Use(plain[0])
	hasher, digest := credential.NewPassword("correct horse").Digest()
	for _, secret := range append(plain, "correct horse") {
		if strings.Contains(strings.Join(append(codes.Digests(), digest), " "), secret) {
			t.Errorf("what is kept shows %q", secret)
		}
	}
	password, err := credential.ImportPassword(hasher, digest)
	if err != nil || !password.Verify("correct horse") || password.Verify("incorrect horse") {
		t.Errorf("the password has changed: %v", err)
	}
	again, err := credential.ImportBackupCodes(codes.Digests())
	if err != nil || again.Len() != 9 {
		t.Errorf("%d codes are left: %v", again.Len(), err)
	}
	if _, ok := again.Use(plain[0]); ok {
		t.Error("a backup code that was used is accepted")
	}
	if _, ok := again.Use(plain[9]); !ok {
		t.Error("a backup code is not accepted")
	}
}

func TestNoFormattingShowsACredential(t *testing.T) {
	t.Parallel()
	codes, _ := credential.NewBackupCodes()
	password, totp := credential.NewPassword("correct horse"), credential.NewTOTP()
	_, digest := password.Digest()
	secrets := append(codes.Digests(), digest, totp.Secret(), "pbkdf2")
	hiding := struct {
		password credential.Password
		totp     credential.TOTP
		codes    credential.BackupCodes
	}{password, totp, codes}
	shown := &struct {
		Password credential.Password
		TOTP     credential.TOTP
		Codes    credential.BackupCodes
	}{password, totp, codes}
	var log bytes.Buffer
	for _, value := range []any{password, &password, totp, &totp, codes, &codes, hiding, &hiding, *shown, shown, []credential.Password{password}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
			text := fmt.Sprintf(verb, value)
			for _, secret := range secrets {
				for _, form := range []string{secret, fmt.Sprintf("%x", secret)} {
					if strings.Contains(text, form) {
						t.Errorf("%s of %T shows %q: %s", verb, value, secret, text)
					}
				}
			}
		}
	}
	slog.New(slog.NewTextHandler(&log, nil)).Info("text", "password", password, "totp", totp, "codes", codes, "hiding", hiding)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("JSON", "password", password, "totp", totp, "codes", codes, "hiding", hiding)
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("a log shows %q: %s", secret, log.String())
		}
	}
	if got := fmt.Sprint(password, totp, codes); got != "hidden hidden hidden" {
		t.Errorf("the values print as %q", got)
	}
}
