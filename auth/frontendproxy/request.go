package frontendproxy

import (
	"errors"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// Header fields that the proxy sets itself.
const (
	proxyURLField       = "Clerk-Proxy-Url"
	secretKeyField      = "Clerk-Secret-Key"
	forwardedForField   = "X-Forwarded-For"
	forwardedHostField  = "X-Forwarded-Host"
	forwardedProtoField = "X-Forwarded-Proto"
)

// methods are those of requests that the target gets: CONNECT and TRACE are not for it.
var methods = strings.Split(allow, ", ")

const allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

var (
	errOtherPath = errors.New("not the path of the proxy")
	errOddPath   = errors.New("dot segments, backslashes or control characters in the path")
)

// targetPath returns the escaped path below that of the proxy, with the slash in front.
func (p *proxy) targetPath(u *url.URL) (string, error) {
	rest, ok := strings.CutPrefix(u.EscapedPath(), p.proxyURL.Path)
	if !ok || rest != "" && rest[0] != '/' {
		return "", errOtherPath
	}
	if hasOddSegment(u.Path) {
		return "", errOddPath
	}
	if rest == "" {
		rest = "/"
	}
	return rest, nil
}

// hasOddSegment reports whether a decoded path may be read as another one: with segments
// that lead elsewhere, or with characters that servers take for a slash or an end.
func hasOddSegment(path string) bool {
	start := 0
	for i := 0; i <= len(path); i++ {
		switch {
		case i == len(path) || path[i] == '/':
			if segment := path[start:i]; segment == "." || segment == ".." {
				return true
			}
			start = i + 1
		case path[i] < ' ', path[i] == 0x7f, path[i] == '\\':
			return true
		}
	}
	return false
}

// rewrite makes the request to the target. Only the scheme and the host of the checked
// target enter it, and what a client says about itself in the fields of the proxy does not.
func (p *proxy) rewrite(r *httputil.ProxyRequest) {
	out := r.Out
	escaped, err := p.targetPath(r.In.URL)
	path, unescapeErr := url.PathUnescape(escaped)
	if err != nil || unescapeErr != nil {
		out.URL = &url.URL{} // which guard refuses
		return
	}
	out.URL = &url.URL{
		Scheme: p.target.Scheme, Host: p.target.Host,
		Path: p.target.Path + path, RawPath: p.target.RawPath + escaped,
		// As it was sent: a proxy that drops what it cannot parse may hide a parameter.
		RawQuery: r.In.URL.RawQuery, ForceQuery: r.In.URL.ForceQuery,
	}
	out.Host = p.target.Host
	out.Trailer = nil
	for name := range out.Header {
		if p.isOwnField(name) {
			delete(out.Header, name)
		}
	}
	public := p.publicURL(r.In)
	out.Header[proxyURLField] = []string{public.String()}
	out.Header[secretKeyField] = []string{p.secretKey}
	out.Header[forwardedHostField] = []string{public.Origin.Host}
	out.Header[forwardedProtoField] = []string{public.Origin.Scheme}
	if client := p.proxies.ClientAddress(r.In, p.clientIP); client.IsValid() {
		out.Header[forwardedForField] = []string{client.String()}
	}
}

// isOwnField reports whether a field that a client sent must not reach the target: because
// the proxy sets it, because it is about the client's address, or because it is about the
// connection. Servers may take an underscore for a dash.
func (p *proxy) isOwnField(name string) bool {
	switch name = withDashes(name); name {
	case proxyURLField, secretKeyField, "Forwarded", "X-Real-Ip", "True-Client-Ip", "Cf-Connecting-Ip",
		"Connection", "Upgrade", "Te":
		return true
	}
	return strings.HasPrefix(name, "X-Forwarded-") || name == withDashes(p.clientIP)
}

// withDashes returns a canonical name with dashes for its underscores.
func withDashes(name string) string {
	if !strings.Contains(name, "_") {
		return name
	}
	return http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))
}

// withLimitedBody returns r with a body that fails beyond the limit.
func (p *proxy) withLimitedBody(w http.ResponseWriter, r *http.Request) *http.Request {
	if r.Body == nil || r.Body == http.NoBody {
		return r
	}
	limited := *r
	limited.Body = requestBody{http.MaxBytesReader(w, r.Body, p.bodyLimit)}
	return &limited
}

// requestBody marks the errors of a body, for which the target cannot be blamed.
type requestBody struct{ io.ReadCloser }

func (b requestBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = &bodyError{err}
	}
	return n, err
}

// bodyError is an error that the client caused.
type bodyError struct{ cause error }

func (e *bodyError) Error() string { return e.cause.Error() }
func (e *bodyError) Unwrap() error { return e.cause }
