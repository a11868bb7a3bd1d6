// Package credential holds what emulated users sign in with: passwords, the secrets of
// authenticator apps, and backup codes.
//
// Everything is verified as a service would, and kept in a form that does not show a
// plain password or backup code. The parameters are cheap, because thousands of users are
// seeded at once and an emulator protects nothing: whoever has the stored form can guess
// passwords quickly.
//
// A password can be imported as the digest of another system. Whether the digest has the
// form of its hasher is always checked. Passwords are verified against digests of
//
//	ldap_ssha  md5  pbkdf2_sha1  pbkdf2_sha256  pbkdf2_sha256_django  pbkdf2_sha512
//	pbkdf2_sha512_hex  phpass  sha256  sha512_symfony
//
// No password is right for a digest of the other hashers, which the standard library
// cannot compute, or whose computation is not documented:
//
//	argon2i  argon2id  awscognito  bcrypt  bcrypt_peppered  bcrypt_sha256_django  md5_phpass
//	md5_salted  scrypt_firebase  scrypt_werkzeug  sha256_salted
//
// The values never change, and using up a code returns a new value. No formatting shows
// what is in them, not even in an unexported field of another type.
package credential

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "hidden"

// seal hides v in a function. Where fmt cannot call the methods of concealed, which is so
// in unexported fields, it shows the fields of a struct and, with some verbs, those behind a
// pointer.
func seal[T any](v T) func() T { return func() T { return v } }

// concealed has the methods of values that no formatting shows.
type concealed struct{}

func (concealed) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, hidden) }

func (concealed) LogValue() slog.Value { return slog.StringValue(hidden) }
