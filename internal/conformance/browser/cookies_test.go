package browser

import (
	"crypto/sha1"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func cookieSuffix(publishableKey string) string {
	sum := sha1.Sum([]byte(publishableKey))
	return base64.URLEncoding.EncodeToString(sum[:])[:8]
}

// expectCookies compares the service's cookies. Chromium keeps no cookie longer
// than 400 days, and writes a dot before a domain that includes subdomains.
func (s *site) expectCookies(t *testing.T, b *tab, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, s.kept(t, b)); diff != "" {
		t.Errorf("the cookies (-want +got):\n%s", diff)
	}
	if refused := b.refusals(); refused != nil {
		t.Errorf("the browser did not take %s", strings.Join(refused, "\n"))
	}
}

// value returns that of a cookie of the service, "" when there is none.
func (s *site) value(t *testing.T, b *tab, name string) string {
	t.Helper()
	for _, c := range b.cookies(t, s.domain) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}
