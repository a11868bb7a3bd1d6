package credential

import "strings"

// pwned holds passwords that everybody tries first. The real list, of hundreds of millions
// of leaked passwords, is not needed to see what a service does about one.
var pwned = func() map[string]bool {
	known := map[string]bool{}
	for word := range strings.FieldsSeq(`
		password password1 password12 password123 password1234 password12345 Password1
		Password123 passw0rd P@ssw0rd P@ssword1 123456 1234567 12345678 123456789 1234567890
		0123456789 11111111 111111111 00000000 88888888 12341234 12344321 87654321 987654321
		abc12345 abcd1234 abcdefgh 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qwertyui qwertyuiop qwerty12
		qwerty123 qwer1234 asdfghjk asdfghjkl asdf1234 zaq12wsx iloveyou iloveyou1 sunshine
		princess football baseball superman starwars trustno1 welcome1 welcome123 letmein1
		admin123 administrator changeme changeme123 computer internet whatever jennifer
		michelle dragon123 monkey123 test1234 testtest`) {
		known[word] = true
	}
	return known
}()

// IsPwned reports whether a password is one that everybody knows.
func IsPwned(plain string) bool { return pwned[plain] }
