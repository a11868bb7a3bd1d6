package credential

import (
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"regexp"
	"strconv"
	"strings"
)

// hasher describes the digests of one algorithm.
type hasher struct {
	form    string // as errors show it
	pattern *regexp.Regexp

	// verifier returns the function that verifies passwords for the groups of pattern. It
	// returns nil for a digest that has the pattern and not the form.
	verifier func(groups []string) func(plain string) bool
}

// Parts of patterns and of forms. The bound of iterations keeps a request from computing
// for minutes.
const (
	countPattern  = `([1-9][0-9]{0,6})`
	count         = "<iterations up to 9999999>"
	base64Pattern = `([A-Za-z0-9+/]+={0,2})`
	hexPattern    = `((?:[0-9A-Fa-f]{2})+)`
	textPattern   = `([^$]+)`
	bcryptPattern = `\$2[abxy]?\$(?:0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}`
	bcrypt        = "$2b$<cost>$<salt and hash>"
	phpassPattern = `([5-9A-M])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})`
	argon2Pattern = `\$v=[0-9]+\$m=[0-9]+,t=[0-9]+,p=[0-9]+\$` + base64Pattern + `\$` + base64Pattern
	argon2        = "$v=<version>$m=<memory>,t=<passes>,p=<lanes>$<salt in base64>$<hash in base64>"
)

var hashers = map[string]hasher{
	"argon2i":              {"$argon2i" + argon2, whole(`\$argon2i` + argon2Pattern), never},
	"argon2id":             {"$argon2id" + argon2, whole(`\$argon2id` + argon2Pattern), never},
	"awscognito":           {"awscognito#<user pool>#<client>#<identifier>", whole(`awscognito#[^#]+#[^#]+#[^#]+`), never},
	"bcrypt":               {bcrypt, whole(bcryptPattern), never},
	"bcrypt_peppered":      {bcrypt + "$<pepper>", whole(bcryptPattern + `\$.+`), never},
	"bcrypt_sha256_django": {"bcrypt_sha256$" + bcrypt, whole(`bcrypt_sha256\$` + bcryptPattern), never},
	"ldap_ssha":            {"{SSHA}<hash and salt in base64>", whole(`\{SSHA\}` + base64Pattern), ldapSSHA},
	"md5":                  {"<32 hexadecimal digits>", whole(`([0-9A-Fa-f]{32})`), plainHash(md5.New)},
	"md5_phpass":           {"$P$<rounds><salt><hash>", whole(`\$[PH]\$` + phpassPattern), never},
	"md5_salted":           {"<salt>$<32 hexadecimal digits>", whole(textPattern + `\$[0-9A-Fa-f]{32}`), never},
	"pbkdf2_sha1": {
		"pbkdf2_sha1$" + count + "$<salt>$<hash in hexadecimal digits>, and $<length of the hash in bytes> unless that is 32",
		whole(`pbkdf2_sha1\$` + countPattern + `\$` + textPattern + `\$` + hexPattern + `(?:\$([1-9][0-9]{0,2}))?`), pbkdf2SHA1,
	},
	"pbkdf2_sha256": {
		"pbkdf2_sha256$" + count + "$<salt in base64>$<hash in base64>",
		whole(`pbkdf2_sha256\$` + countPattern + `\$` + base64Pattern + `\$` + base64Pattern), derived(sha256.New, decodeBase64, decodeBase64),
	},
	"pbkdf2_sha256_django": {
		"pbkdf2_sha256$" + count + "$<salt>$<hash in base64>",
		whole(`pbkdf2_sha256\$` + countPattern + `\$` + textPattern + `\$` + base64Pattern), derived(sha256.New, asIs, decodeBase64),
	},
	"pbkdf2_sha512": {
		"pbkdf2_sha512$" + count + "$<salt>$<hash in hexadecimal digits>",
		whole(`pbkdf2_sha512\$` + countPattern + `\$` + textPattern + `\$` + hexPattern), derived(sha512.New, asIs, decodeHex),
	},
	"pbkdf2_sha512_hex": {
		"pbkdf2_sha512_hex$" + count + "$<salt in hexadecimal digits>$<hash in hexadecimal digits>",
		whole(`pbkdf2_sha512_hex\$` + countPattern + `\$` + hexPattern + `\$` + hexPattern), derived(sha512.New, decodeHex, decodeHex),
	},
	"phpass": {"$P$<rounds from 5 to M><8 characters of salt><22 characters of hash>", whole(`\$P\$` + phpassPattern), phpass},
	"scrypt_firebase": {
		"<hash>$<salt>$<signer key>$<salt separator>$<rounds>$<memory cost>",
		whole(`[-\w+/]+={0,2}\$[-\w+/]+={0,2}\$[-\w+/]+={0,2}\$[-\w+/]*={0,2}\$[0-9]+\$[0-9]+`), never,
	},
	"scrypt_werkzeug": {
		"scrypt:<cost>:<block size>:<lanes>$<salt>$<hash>",
		whole(`\$?(?:scrypt:)?[0-9]+:[0-9]+:[0-9]+\$[^$]+\$[A-Za-z0-9+/]+={0,2}`), never,
	},
	"sha256":        {"<64 hexadecimal digits>", whole(`([0-9A-Fa-f]{64})`), plainHash(sha256.New)},
	"sha256_salted": {"<salt>$<64 hexadecimal digits>", whole(textPattern + `\$[0-9A-Fa-f]{64}`), never},
	"sha512_symfony": {
		"sha512_symfony$" + count + "$<salt>$<hash in base64>",
		whole(`sha512_symfony\$` + countPattern + `\$` + textPattern + `\$` + base64Pattern), symfony,
	},
}

func whole(pattern string) *regexp.Regexp { return regexp.MustCompile(`^` + pattern + `$`) }

// never verifies nothing.
func never([]string) func(string) bool { return func(string) bool { return false } }

func equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

func plainHash(newHash func() hash.Hash) func([]string) func(string) bool {
	return func(groups []string) func(string) bool {
		want, _ := hex.DecodeString(groups[1])
		return func(plain string) bool {
			h := newHash()
			h.Write([]byte(plain))
			return equal(h.Sum(nil), want)
		}
	}
}

// ldapSSHA verifies SHA-1 of the password and the salt, which follows the hash.
func ldapSSHA(groups []string) func(string) bool {
	raw, ok := decodeBase64(groups[1])
	if !ok || len(raw) <= sha1.Size {
		return nil
	}
	want, salt := raw[:sha1.Size], raw[sha1.Size:]
	return func(plain string) bool {
		sum := sha1.Sum(append([]byte(plain), salt...))
		return equal(sum[:], want)
	}
}

// decoder reads a salt or a hash from the text of a digest.
type decoder func(text string) (raw []byte, ok bool)

func asIs(text string) ([]byte, bool) { return []byte(text), true }

func decodeBase64(text string) ([]byte, bool) {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	return raw, err == nil
}

func decodeHex(text string) ([]byte, bool) {
	raw, err := hex.DecodeString(text)
	return raw, err == nil
}

// A shorter hash would fit many passwords, and a longer one is none of these algorithms.
const minHash, maxHash = 16, 64

// derived verifies PBKDF2 of groups that are iterations, salt and hash.
func derived(newHash func() hash.Hash, decodeSalt, decodeHash decoder) func([]string) func(string) bool {
	return func(groups []string) func(string) bool {
		rounds, _ := strconv.Atoi(groups[1])
		salt, saltOK := decodeSalt(groups[2])
		want, hashOK := decodeHash(groups[3])
		if !saltOK || !hashOK || len(want) < minHash || len(want) > maxHash {
			return nil
		}
		return func(plain string) bool {
			got, err := pbkdf2.Key(newHash, plain, salt, rounds, len(want))
			return err == nil && equal(got, want)
		}
	}
}

// pbkdf2SHA1 differs from the others: a salt that can be hexadecimal is, and the length of
// the key is 32 bytes unless the digest says otherwise.
func pbkdf2SHA1(groups []string) func(string) bool {
	length := 32
	if groups[4] != "" {
		length, _ = strconv.Atoi(groups[4])
	}
	if length != len(groups[3])/2 {
		return nil
	}
	salt := func(text string) ([]byte, bool) {
		if raw, ok := decodeHex(text); ok {
			return raw, true
		}
		return []byte(text), true
	}
	return derived(sha1.New, salt, decodeHex)(groups)
}

// symfony verifies the rounds of SHA-512 of Symfony's MessageDigestPasswordEncoder.
func symfony(groups []string) func(string) bool {
	rounds, _ := strconv.Atoi(groups[1])
	want, ok := decodeBase64(groups[3])
	if !ok || len(want) != sha512.Size {
		return nil
	}
	return func(plain string) bool {
		salted := []byte(plain + "{" + groups[2] + "}")
		sum := sha512.Sum512(salted)
		for range rounds - 1 {
			sum = sha512.Sum512(append(sum[:], salted...))
		}
		return equal(sum[:], want)
	}
}

const phpassDigits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// phpass verifies the portable hashes of phpass: rounds of MD5, and a base64 of its own
// that begins with the low bits.
func phpass(groups []string) func(string) bool {
	rounds := 1 << strings.Index(phpassDigits, groups[1])
	salt, want := groups[2], []byte(groups[3])
	return func(plain string) bool {
		sum := md5.Sum([]byte(salt + plain))
		for range rounds {
			sum = md5.Sum(append(sum[:], plain...))
		}
		var text []byte
		for n := 0; n < len(sum); n += 3 {
			group := sum[n:min(n+3, len(sum))]
			bits := 0
			for i, b := range group {
				bits |= int(b) << (8 * i)
			}
			for range len(group) + 1 {
				text = append(text, phpassDigits[bits&63])
				bits >>= 6
			}
		}
		return equal(text, want)
	}
}
