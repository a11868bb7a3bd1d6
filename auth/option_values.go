package auth

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

func checkNames(what string, names []string) error {
	if len(names) == 0 {
		return fmt.Errorf("no %s given", what)
	}
	if slices.Contains(names, "") {
		return fmt.Errorf("%s is empty", what)
	}
	return nil
}

// checkParty refuses what no browser sends as an origin, and so what no token names.
func checkParty(party string) error {
	u, err := url.Parse(party)
	switch {
	case strings.Contains(party, ","):
		return fmt.Errorf("authorized party %q is a list: give each origin as a value of its own", withoutUser(party))
	case strings.Contains(party, "*"):
		return fmt.Errorf("authorized party %q has a wildcard: name each origin", withoutUser(party))
	case err != nil, u.Scheme == "", u.Host == "", u.User != nil, party != u.Scheme+"://"+u.Host:
		return fmt.Errorf("authorized party %q is not a scheme and a host, such as https://app.example.com", withoutUser(party))
	case u.Scheme != "http" && u.Scheme != "https":
		if strings.ToLower(party) != party {
			return fmt.Errorf("authorized party %q is not in lower case", party)
		}
		return nil
	}
	o, err := weburl.NewOrigin(u.Scheme, u.Host)
	if err != nil {
		return fmt.Errorf("authorized party %q: %w", party, err)
	}
	if o.String() != party {
		return fmt.Errorf("authorized party %q is written %q by browsers", party, o)
	}
	return nil
}

// checkIssuer refuses what no token has as its issuer.
func checkIssuer(issuer string) error {
	u, err := weburl.Parse(issuer)
	if err != nil || u.Query != "" || u.Fragment != "" || strings.ContainsAny(issuer, "?#") {
		return fmt.Errorf("issuer %q is not an absolute http or https URL without a query, such as https://clerk.example.com", withoutUser(issuer))
	}
	return nil
}

// maxClockSkew is more than clocks that are set at all differ, and less than what would
// defeat the short lifetime of tokens for good.
const maxClockSkew = 10 * time.Minute

// bracedWord is a whole segment in the form in which routers write a parameter. In the
// language of patterns it is that word itself.
var bracedWord = regexp.MustCompile(`(?:^|/)\{([A-Za-z]+)\}(?:/|$)`)

// checkPatterns refuses patterns that compile and still match nothing that is meant.
func checkPatterns(patterns []string) error {
	for _, pattern := range patterns {
		if found := bracedWord.FindStringSubmatch(pattern); found != nil {
			return fmt.Errorf("path pattern %q: write :%s for a parameter", pattern, found[1])
		}
	}
	return nil
}

// checkOrganizationPatterns also refuses a list that can name no organization. Single
// patterns without a parameter are exceptions from those after them.
func checkOrganizationPatterns(patterns []string) error {
	if slices.ContainsFunc(patterns, namesOrganization.MatchString) {
		return checkPatterns(patterns)
	}
	if err := checkPatterns(patterns); err != nil || len(patterns) == 0 {
		return err
	}
	return errors.New("no organization pattern has a parameter :id or :slug, as in /orgs/:slug")
}

var namesOrganization = regexp.MustCompile(`(?:^|[^\\]):(?:id|slug)(?:[^A-Za-z0-9_]|$)`)

// checkPlainHTTP refuses URLs that would send the session of a production instance over
// plain http.
func (c *config) checkPlainHTTP() error {
	for _, option := range []struct {
		name string
		o    weburl.Origin
	}{
		{"WithProxyURL", c.proxyURL.Origin}, {"WithSignInURL", c.signIn.Origin}, {"WithSignUpURL", c.signUp.Origin},
		{"WithPublicOrigin", c.proxies.Public},
	} {
		if isPlainHTTP(option.o) {
			return fmt.Errorf("%s: %s sends sessions of a production instance over plain http: use https", option.name, option.o)
		}
	}
	return nil
}

// isPlainHTTP reports whether requests to o can be read on their way.
func isPlainHTTP(o weburl.Origin) bool { return o.Scheme == "http" && !o.IsLoopback() }
