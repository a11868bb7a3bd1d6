package auth

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// webURL is an http or https URL in the spelling that browsers give to it. It is
// put together from its parts, so that nothing in a path or a query can become
// its host.
type webURL struct {
	origin   origin // zero for a path on the host of whatever request is at hand
	path     string // begins with a slash
	query    string // with its question mark, or ""
	fragment string // with its number sign, or ""
}

// What browsers escape in each part, beside control characters and what is not ASCII.
const (
	escapedInPath     = " \"#<>?`{}"
	escapedInQuery    = " \"#<>'"
	escapedInFragment = " \"<>`"
)

// newWebURL takes what follows the origin: a path, and a query and a fragment if any.
func newWebURL(o origin, target string) webURL {
	target, fragment, found := strings.Cut(target, "#")
	u := webURL{origin: o}
	if found {
		u.fragment = "#" + escape(fragment, escapedInFragment)
	}
	path, query, found := strings.Cut(target, "?")
	if found {
		u.query = "?" + escape(query, escapedInQuery)
	}
	u.path = normalPath(path)
	return u
}

// parseWebURL takes an absolute URL without a user.
func parseWebURL(raw string) (webURL, error) {
	o, err := parseOrigin(raw)
	if err != nil {
		return webURL{}, err
	}
	_, rest, _ := strings.Cut(raw, "://")
	target := ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		target = rest[i:]
	}
	return newWebURL(o, target), nil
}

// parsePage takes an absolute URL or a path that begins with one slash.
func parsePage(raw string) (webURL, error) {
	if strings.HasPrefix(raw, "/") && !strings.HasPrefix(raw, "//") && !strings.Contains(raw, `\`) {
		if _, err := url.Parse(raw); err != nil {
			return webURL{}, errors.New("it is not a URL")
		}
		return newWebURL(origin{}, raw), nil
	}
	return parseWebURL(raw)
}

func (u webURL) String() string {
	return u.origin.String() + u.path + u.query + u.fragment
}

// on places a path on the host of a request; an absolute URL stays as it is.
func (u webURL) on(o origin) webURL {
	if u.origin == (origin{}) {
		u.origin = o
	}
	return u
}

// below is the page of that name under this one.
func (u webURL) below(name string) webURL {
	u.path = strings.TrimSuffix(u.path, "/") + "/" + name
	return u
}

func (u webURL) parameters() queryPairs {
	return parseParameters(strings.TrimPrefix(u.query, "?"))
}

func (u webURL) withParameters(p queryPairs) webURL {
	u.query = ""
	if len(p) > 0 {
		u.query = "?" + p.encode()
	}
	return u
}

// having gives the one parameter of that name the value.
func (u webURL) having(name, value string) webURL {
	return u.withParameters(u.parameters().replacing(name, value))
}

// without takes parameters out. What is left is spelt anew, also when there was
// none of them.
func (u webURL) without(names ...string) webURL {
	return u.withParameters(u.parameters().without(names...))
}

// requestTarget is the path and query that the client sent. Handlers before this
// one may have changed the request's URL, to which no browser could be sent back.
func requestTarget(r *http.Request) string {
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
