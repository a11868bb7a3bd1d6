package clerktest

import (
	"bytes"
	"encoding/json"
	"maps"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerktest/internal/shortcode"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// The values of the cat header parameter, which names the category of a token.
const (
	sessionCategory  = "cl_B7d4PD111AAA"
	templateCategory = "cl_B7d4PD222AAA"
	machineCategory  = "cl_B7d4PD333AAA"
)

const (
	sessionTokenLife = time.Minute
	machineTokenLife = time.Hour
	sessionTokenSkew = 10 * time.Second
)

func (i *Instance) signer() signing.Signer { return signing.RS256(i.key) }

func (i *Instance) header(category, kind string) map[string]any {
	return map[string]any{"cat": category, "kid": i.id, "typ": kind}
}

// standardClaims returns the claims that every category of token has.
func (i *Instance) standardClaims(subject string, now time.Time, lifetime, skew time.Duration) map[string]any {
	return map[string]any{
		"iss": i.Issuer(),
		"sub": subject,
		"iat": now.Unix(),
		"nbf": now.Add(-skew).Unix(),
		"exp": now.Add(lifetime).Unix(),
		"jti": randomHex(10),
	}
}

// sessionClaims returns the claims of a version 2 session token.
func (i *Instance) sessionClaims(s *session, u *api.User, now time.Time, lifetime time.Duration) map[string]any {
	claims := i.standardClaims(u.ID, now, lifetime, sessionTokenSkew)
	claims["sid"] = s.ID
	claims["sts"] = string(s.Status)
	claims["fva"] = []int64{max(0, (now.UnixMilli()-int64(s.CreatedAt))/time.Minute.Milliseconds()), -1}
	claims["v"] = 2
	if s.Organization != nil {
		s.Organization.addVersion2Claims(claims)
	}
	if s.Actor != nil {
		claims["act"] = s.Actor
	}
	return claims
}

// templateClaims returns the claims of a template with its shortcodes replaced.
// The standard claims override those of the template.
func (i *Instance) templateClaims(t *template, s *session, u *api.User, now time.Time, lifetime time.Duration) map[string]any {
	claims, _ := shortcode.Expand(decodedJSON(t.Claims), shortcodeScope(s, u)).(map[string]any)
	if claims == nil {
		claims = map[string]any{}
	}
	skew := time.Duration(t.AllowedClockSkew) * time.Second
	maps.Copy(claims, i.standardClaims(u.ID, now, lifetime, skew))
	return claims
}

// shortcodeScope returns the values that the shortcodes of a template can name.
// It leaves out private metadata, because browsers can read tokens.
func shortcodeScope(s *session, u *api.User) map[string]any {
	user, _ := decodedJSON(u).(map[string]any)
	delete(user, "private_metadata")
	email, phone := u.PrimaryEmail(), u.PrimaryPhone()
	user["email_verified"], user["phone_number_verified"] = false, false
	if email != nil {
		user["primary_email_address"] = email.EmailAddress
		user["email_verified"] = isVerified(email.Verification)
	}
	if phone != nil {
		user["primary_phone_number"] = phone.PhoneNumber
		user["phone_number_verified"] = isVerified(phone.Verification)
	}
	if wallet := primaryWallet(u); wallet != "" {
		user["primary_web3_wallet"] = wallet
	}
	if name := u.FullName(); name != "" {
		user["full_name"] = name
	}
	all := map[string]any{"user": user, "session": map[string]any{"actor": decodedJSON(s.Actor)}}
	if s.Organization != nil {
		all["org"] = decodedJSON(s.Organization)
	}
	return all
}

// decodedJSON encodes a value as JSON and decodes it again into maps and slices,
// with numbers as [json.Number].
func decodedJSON(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var out any
	if dec.Decode(&out) != nil {
		return nil
	}
	return out
}
