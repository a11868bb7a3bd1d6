package generator

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
)

// An Object is a JSON object.
type Object map[string]any

// The token categories, as token headers state them.
const (
	CategorySession  = "cl_B7d4PD111AAA"
	CategoryTemplate = "cl_B7d4PD222AAA"
	CategoryM2M      = "cl_B7d4PD333AAA"
	CategoryIgnore   = "cl_I7d4PD111III"
)

// A Token is a decoded JWT, or one to be signed.
type Token struct {
	Header, Payload Object
	Key             string // id of the key that signs it
}

var base = base64.RawURLEncoding.Strict()

// Mint signs the token with the algorithm of its header, or with RS256.
func (k *Keys) Mint(t Token) string {
	return k.mintText(encode(t.Header), encode(t.Payload), t.Key, stringOf(t.Header["alg"]))
}

func (k *Keys) mintText(header, payload, key, alg string) string {
	input := base.EncodeToString([]byte(header)) + "." + base.EncodeToString([]byte(payload))
	return input + "." + base.EncodeToString(k.Sign(key, alg, input))
}

// Read decodes a token that both sides accept as a JWT.
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

// Texts returns the JSON of header and payload as the token has it.
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

// Change returns the token after change, signed with the same key. If no known key made
// the signature, it stays as it is.
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

// Is reports whether the token states that category.
func (t *Token) Is(category string) bool { return stringOf(t.Header["cat"]) == category }

// Machine returns the token type of a machine JWT, or "".
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

// MachineKind returns the token type of a machine token, opaque or JWT, or "".
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
