package rules

import (
	"cmp"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
)

// initialisms are the words with a spelling of their own in Go, by their lower-case form.
var initialisms = map[string]string{
	"acs": "ACS", "api": "API", "awscognito": "AWSCognito", "cname": "CNAME", "css": "CSS", "dns": "DNS", "github": "GitHub", "gitlab": "GitLab", "hibp": "HIBP",
	"html": "HTML", "http": "HTTP", "https": "HTTPS", "id": "ID", "ids": "IDs", "idp": "IDP",
	"ios": "IOS", "ip": "IP", "ldap": "LDAP", "js": "JS", "json": "JSON", "jwk": "JWK", "jwks": "JWKS", "jwt": "JWT",
	"jwts": "JWTs", "m2m": "M2M", "md5": "MD5", "mfa": "MFA", "oauth": "OAuth", "oidc": "OIDC", "otp": "OTP",
	"pbkdf2": "PBKDF2", "pkce": "PKCE", "rsa": "RSA", "saml": "SAML", "scim": "SCIM", "sdk": "SDK",
	"sha1": "SHA1", "sha256": "SHA256", "sha512": "SHA512", "ssha": "SSHA", "sms": "SMS", "sso": "SSO",
	"totp": "TOTP", "ttl": "TTL", "ui": "UI", "uri": "URI", "uris": "URIs", "url": "URL",
	"urls": "URLs", "uuid": "UUID", "xml": "XML",
}

// GoName is the exported Go form of a published name: user_id is UserID,
// createApiKey is CreateAPIKey, verification_otp is VerificationOTP.
func GoName(published string) string {
	var b strings.Builder
	for _, w := range split(published) {
		b.WriteString(exported(w))
	}
	name := b.String()
	if name != "" && !unicode.IsLetter(rune(name[0])) {
		return "X" + name
	}
	return name
}

// FunctionName is the Go name of an operation: the decided one, else derived from its id.
func FunctionName(operation *yaml.Node) string {
	return cmp.Or(description.Text(operation, "x-go-name"), GoName(description.Text(operation, "operationId")))
}

// ModelName is the Go name of a component schema: the decided one, else derived from
// its name.
func ModelName(published string, schema *yaml.Node) string {
	return cmp.Or(description.Text(schema, "x-go-name"), GoName(published))
}

// variableName is the Go form of a published name for an argument: userID.
func variableName(published string) string {
	words := split(published)
	if len(words) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(strings.ToLower(words[0]))
	for _, w := range words[1:] {
		b.WriteString(exported(w))
	}
	name := b.String()
	if goKeywords[name] {
		return name + "Value"
	}
	return name
}

// goKeywords are the keywords that are plausible names of path parameters.
var goKeywords = map[string]bool{
	"case": true, "default": true, "func": true, "import": true, "interface": true, "map": true,
	"package": true, "range": true, "select": true, "type": true, "var": true,
}

func exported(word string) string {
	if known, ok := initialisms[strings.ToLower(word)]; ok {
		return known
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// split divides a name into words: at anything that is not an ASCII letter or digit, with
// or without a mark,
// before a capital after a small letter, and before the last capital of a run that a
// small letter follows.
func split(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, string(word))
		}
		word = nil
	}
	runes := []rune(norm.NFD.String(name)) // é is an e with a mark
	for i, r := range runes {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			end()
			continue
		}
		if unicode.IsUpper(r) && len(word) > 0 {
			before := word[len(word)-1]
			followed := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if unicode.IsLower(before) || followed {
				end()
			}
		}
		word = append(word, r)
	}
	end()
	return words
}

// singular is the English singular of a Go name; a name that is not a plural does not
// change.
func singular(name string) string {
	switch {
	case strings.HasSuffix(name, "ies"):
		return strings.TrimSuffix(name, "ies") + "y"
	case strings.HasSuffix(name, "sses"), strings.HasSuffix(name, "xes"):
		return strings.TrimSuffix(name, "es")
	case strings.HasSuffix(name, "ss"), strings.HasSuffix(name, "us"), strings.HasSuffix(name, "is"):
		return name
	}
	return strings.TrimSuffix(name, "s")
}

// constantName names a value of an enum after its type.
func constantName(typ, value string) string {
	switch rest, minus := strings.CutPrefix(value, "-"); {
	case value == "":
		return typ + "Empty"
	case value == "*":
		return typ + "All"
	case minus:
		return typ + "Minus" + inner(rest)
	default:
		return typ + inner(value)
	}
}

// inner is the Go form of a value after other words, where it may begin with a digit.
func inner(value string) string {
	word := GoName(value)
	if strings.HasPrefix(word, "X") && !strings.HasPrefix(strings.ToUpper(value), "X") {
		return word[1:]
	}
	return word
}
