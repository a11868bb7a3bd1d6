// Package weburl holds http and https URLs in the spelling of browsers.
package weburl

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// URL is an http or https URL in the spelling that browsers give to it. It is
// put together from its parts, so that nothing in a path or a query can become
// its host.
type URL struct {
	Origin   Origin // zero for a path on the host of whatever request is at hand
	Path     string // begins with a slash
	Query    string // with its question mark, or ""
	Fragment string // with its number sign, or ""
}

// What browsers escape in each part, beside control characters and what is not ASCII.
const (
	escapedInPath     = " \"#<>?`{}"
	escapedInQuery    = " \"#<>'"
	escapedInFragment = " \"<>`"
)

// newURL takes what follows the origin: a path, and a query and a fragment if any.
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

// Parse takes an absolute URL without a user.
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

// ParsePage takes an absolute URL or a path that begins with one slash.
func ParsePage(raw string) (URL, error) {
	if strings.HasPrefix(raw, "/") && !strings.HasPrefix(raw, "//") && !strings.Contains(raw, `\`) {
		if _, err := url.Parse(raw); err != nil {
			return URL{}, errors.New("it is not a URL")
		}
		return newURL(Origin{}, raw), nil
	}
	return Parse(raw)
}

func (u URL) String() string {
	return u.Origin.String() + u.Path + u.Query + u.Fragment
}

// On places a path on the host of a request; an absolute URL stays as it is.
func (u URL) On(o Origin) URL {
	if u.Origin == (Origin{}) {
		u.Origin = o
	}
	return u
}

// Below is the page of that name under this one.
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

// WithSet gives the one parameter of that name the value.
func (u URL) WithSet(name, value string) URL {
	return u.withPairs(u.pairs().set(name, value))
}

// WithAdded appends a parameter.
func (u URL) WithAdded(name, value string) URL {
	return u.withPairs(u.pairs().Add(name, value))
}

// Without takes parameters out. What is left is spelt anew, also when there was
// none of them.
func (u URL) Without(names ...string) URL {
	return u.withPairs(u.pairs().without(names...))
}

// RequestTarget is the path and query that the client sent. Handlers before this
// one may have changed the request's URL, to which no browser could be sent back.
func RequestTarget(r *http.Request) string {
	switch {
	case strings.HasPrefix(r.RequestURI, "/"):
		return r.RequestURI
	case r.URL == nil:
		return "/"
	case r.URL.RawQuery == "":
		return r.URL.EscapedPath()
	default:
		return r.URL.EscapedPath() + "?" + r.URL.RawQuery
	}
}

// normalPath resolves dot segments and takes backslashes for slashes, as browsers
// do before they send a path.
func normalPath(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	kept := segments[:0]
	for i, segment := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		case ".":
		default:
			kept = append(kept, escape(segment, escapedInPath))
			continue
		}
		if last {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/")
}

func escape(text, special string) string {
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c > ' ' && c < 0x7f && strings.IndexByte(special, c) < 0 {
			b.WriteByte(c)
		} else {
			writeEscaped(&b, c)
		}
	}
	return b.String()
}
