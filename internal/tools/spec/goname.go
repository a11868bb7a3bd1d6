package main

import (
	"strings"
	"unicode"
)

// initialisms are the words that Go names write in capitals, by their usual spelling.
var initialisms = map[string]string{}

func init() {
	for _, word := range []string{
		"ACS", "API", "CNAME", "DNS", "HTML", "HTTP", "ID", "IDP", "IP", "JSON", "JWK", "JWKS", "JWT", "M2M", "MFA",
		"OAuth", "OIDC", "OTP", "RSA", "SAML", "SCIM", "SMS", "SSO", "TOTP", "URI", "URL",
	} {
		initialisms[strings.ToLower(word)] = word
	}
}

// goName turns a published name into an exported Go name: "verification_otp" into
// VerificationOTP, "getApiKeys" into GetAPIKeys, "JWKS.rsa.PublicKey" into
// JWKSRSAPublicKey. A name that is exported Go already stays.
func goName(published string) string {
	var out strings.Builder
	for _, word := range splitWords(published) {
		if known, ok := initialisms[strings.ToLower(word)]; ok {
			out.WriteString(known)
			continue
		}
		letters := []rune(word)
		out.WriteString(string(unicode.ToUpper(letters[0])) + string(letters[1:]))
	}
	name := out.String()
	if name == "" || unicode.IsDigit(rune(name[0])) {
		return "X" + name
	}
	return name
}

// splitWords cuts at everything that is no letter or digit, and where a capital follows
// a small letter. OAuth and M2M are kept whole.
func splitWords(s string) []string {
	var words []string
	parts := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, part := range parts {
		letters := []rune(part)
		from := 0
		for i := 1; i < len(letters); i++ {
			if unicode.IsUpper(letters[i]) && unicode.IsLower(letters[i-1]) {
				words = append(words, string(letters[from:i]))
				from = i
			}
		}
		words = append(words, string(letters[from:]))
	}
	return words
}
