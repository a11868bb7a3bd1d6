package api

// Valid reports whether the token was valid when the API verified it: it was found, is
// active, and was neither revoked nor expired. It asks no clock, so verify a token again
// instead of keeping it.
func (t *VerifiedOAuthAccessToken) Valid() bool {
	if t == nil || t.ID == "" && (t.Subject == nil || *t.Subject == "") {
		return false
	}
	return (t.Active == nil || *t.Active) && (t.Revoked == nil || !*t.Revoked) && (t.Expired == nil || !*t.Expired)
}
