package generator

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
)

// Object is a JSON object.
type Object map[string]any

// Categories of tokens, as their headers state them.
const (
	CategorySession  = "cl_B7d4PD111AAA"
	CategoryTemplate = "cl_B7d4PD222AAA"
	CategoryM2M      = "cl_B7d4PD333AAA"
	CategoryIgnore   = "cl_I7d4PD111III"
)

// Token is a JWT to be made.
type Token struct {
	Header, Payload Object
	Key             string // which one signs
}

var base = base64.RawURLEncoding.Strict()

// Mint signs the token by what its header states, or by RS256.
func (k *Keys) Mint(t Token) string {
	return k.mintText(encode(t.Header), encode(t.Payload), t.Key, stringOf(t.Header["alg"]))
}

func (k *Keys) mintText(header, payload, key, alg string) string {
	input := base.EncodeToString([]byte(header)) + "." + base.EncodeToString([]byte(payload))
	return input + "." + base.EncodeToString(k.Sign(key, alg, input))
}

// Read decodes a token as far as both sides agree that it is one.
func Read(token string) (t Token, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return t, false
	}
	for i, into := range []*Object{&t.Header, &t.Payload} {
		text, err := base.DecodeString(strings.TrimRight(parts[i], "="))
		if err != nil {
			return t, false
		}
		decoder := json.NewDecoder(strings.NewReader(string(text)))
		decoder.UseNumber()
		if decoder.Decode(into) != nil || *into == nil {
			return t, false
		}
		if _, err := decoder.Token(); err != io.EOF {
			return t, false
		}
	}
	return t, true
}

// Texts gives the JSON of header and payload as the token holds them.
func Texts(token string) (header, payload string, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", "", false
	}
	h, err := base.DecodeString(strings.TrimRight(parts[0], "="))
	if err != nil {
		return "", "", false
	}
	p, err := base.DecodeString(strings.TrimRight(parts[1], "="))
	return string(h), string(p), err == nil
}

// Change gives a token that differs by change, and is signed by the same key. One
// whose signature no known key made keeps that.
func (k *Keys) Change(token string, change func(*Token)) string {
	t, ok := Read(token)
	if !ok {
		return token
	}
	last := strings.LastIndexByte(token, '.')
	plain := strings.TrimRight(token, "=")
	signature, _ := base.DecodeString(plain[last+1:])
	t.Key = k.signer(stringOf(t.Header["alg"]), token[:last], signature)
	change(&t)
	if t.Key == "" {
		input := base.EncodeToString([]byte(encode(t.Header))) + "." + base.EncodeToString([]byte(encode(t.Payload)))
		return input + token[last:]
	}
	return k.Mint(t) + token[len(plain):]
}

// Is reports whether the token states its class by that category.
func (t *Token) Is(category string) bool { return stringOf(t.Header["cat"]) == category }

// Machine gives the kind of a machine's JWT, or "".
func (t *Token) Machine() string {
	switch typ := stringOf(t.Header["typ"]); {
	case strings.HasPrefix(stringOf(t.Payload["sub"]), "mch_"):
		return M2M
	case typ == "at+jwt", typ == "application/at+jwt":
		return OAuth
	default:
		return ""
	}
}

// MachineKind gives the kind of a machine's token, opaque or JWT, or "".
func MachineKind(token string) string {
	t, jwt := Read(token)
	switch kind := t.Machine(); {
	case strings.HasPrefix(token, "mt_"):
		return M2M
	case jwt && kind == M2M:
		return M2M
	case strings.HasPrefix(token, "oat_"):
		return OAuth
	case jwt && kind != "":
		return kind
	case strings.HasPrefix(token, "ak_"):
		return APIKey
	default:
		return ""
	}
}

func stringOf(v any) string {
	s, _ := v.(string)
	return s
}
