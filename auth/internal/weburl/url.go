// Package weburl parses and builds http and https URLs as browsers do, and finds out under
// which URL a browser sent a request.
//
// A URL is put together from a checked scheme and host, a path, a query and a fragment, so
// that no path, query or header field can change its host.
package weburl

import (
	"errors"
	"net/url"
	"strings"
)

// URL is an http or https URL, escaped and with its dot segments resolved as browsers do. A
// URL other than the zero one comes from [Parse], [ParsePage] or [Proxies.RequestURL].
type URL struct {
	Origin   Origin // zero for a path on the host of any request
	Path     string // with the slash at its beginning
	Query    string // with the question mark at its beginning, or ""
	Fragment string // with the number sign at its beginning, or ""
}

// newURL returns the URL of target, a path that a query and a fragment may follow, on o.
func newURL(o Origin, target string) URL {
	target, fragment, found := strings.Cut(target, "#")
	u := URL{Origin: o}
	if found {
		u.Fragment = "#" + escape(fragment, escapedInFragment)
	}
	path, query, found := strings.Cut(target, "?")
	if found {
		u.Query = "?" + escape(query, escapedInQuery)
	}
	u.Path = normalPath(path)
	return u
}

// Parse parses an absolute http or https URL. A URL that names a user is refused.
func Parse(raw string) (URL, error) {
	o, err := originOf(raw)
	if err != nil {
		return URL{}, err
	}
	_, rest, _ := strings.Cut(raw, "://")
	target := ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		target = rest[i:]
	}
	return newURL(o, target), nil
}

// ParsePage parses what [Parse] does, or a path that begins with a single slash. The URL of a
// path has no origin.
func ParsePage(raw string) (URL, error) {
	if strings.HasPrefix(raw, "/") && !strings.HasPrefix(raw, "//") && !strings.Contains(raw, `\`) {
		if _, err := url.Parse(raw); err != nil {
			return URL{}, errors.New("not a URL")
		}
		return newURL(Origin{}, raw), nil
	}
	return Parse(raw)
}

// String returns the URL as it stands in a Location header. u must have an origin.
func (u URL) String() string {
	return u.Origin.String() + u.Path + u.Query + u.Fragment
}

// On returns u with the origin o if u has no origin, and otherwise u itself.
func (u URL) On(o Origin) URL {
	if u.Origin == (Origin{}) {
		u.Origin = o
	}
	return u
}

// Below returns u with one more segment, name, at the end of its path.
func (u URL) Below(name string) URL {
	u.Path = strings.TrimSuffix(u.Path, "/") + "/" + name
	return u
}

func (u URL) pairs() Pairs {
	return parsePairs(strings.TrimPrefix(u.Query, "?"))
}

func (u URL) withPairs(p Pairs) URL {
	u.Query = ""
	if len(p) > 0 {
		u.Query = "?" + p.Encode()
	}
	return u
}

// WithSet returns u with a single parameter of that name, which has the value and stands
// where the first one was, or else at the end.
func (u URL) WithSet(name, value string) URL {
	return u.withPairs(u.pairs().set(name, value))
}

// WithAdded returns u with one more parameter at the end of its query.
func (u URL) WithAdded(name, value string) URL {
	return u.withPairs(u.pairs().Add(name, value))
}

// Without returns u without the parameters of these names. The others are encoded again,
// even if there was nothing to remove.
func (u URL) Without(names ...string) URL {
	return u.withPairs(u.pairs().without(names...))
}
