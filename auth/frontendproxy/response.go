package frontendproxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

var (
	errOtherHost = errors.New("the request is not for the target")
	errSwitching = errors.New("the target switches protocols, which nobody asked for")
)

// guard is the last thing between a request and the network.
type guard struct{ p *proxy }

// RoundTrip sends a request to the target, and to nothing else.
func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	t := g.p.target
	if r.URL.Scheme != t.Scheme || r.URL.Host != t.Host || r.Host != t.Host || r.URL.User != nil || r.URL.Opaque != "" {
		return nil, errOtherHost
	}
	// The trace is that by which ReverseProxy passes early responses on, and made for this
	// request. Adding another one to its context would cost a tenth of the whole request.
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && trace.Got1xxResponse != nil {
		pass := trace.Got1xxResponse
		trace.Got1xxResponse = func(status int, header textproto.MIMEHeader) error {
			g.p.dropSecretKey(http.Header(header))
			return pass(status, header)
		}
	}
	return g.p.transport.RoundTrip(r)
}

// modifyResponse makes the response of the target one of the proxy.
func (p *proxy) modifyResponse(response *http.Response) error {
	if response.StatusCode == http.StatusSwitchingProtocols {
		return errSwitching
	}
	p.outage.note(response.Request.Context(), failureStatus(response.StatusCode))
	p.dropSecretKey(response.Header)
	for i, location := range response.Header["Location"] {
		response.Header["Location"][i] = p.publicLocation(location, response.Request)
	}
	response.Body = &responseBody{response.Body, func() { p.dropSecretKey(response.Trailer) }}
	return nil
}

// dropSecretKey removes each field that shows the key.
func (p *proxy) dropSecretKey(header http.Header) {
	for name, values := range header {
		if name == secretKeyField || slices.ContainsFunc(values, func(value string) bool { return strings.Contains(value, p.secretKey) }) {
			delete(header, name)
		}
	}
}

// responseBody calls closed when the response has been read, and its trailer is known.
type responseBody struct {
	io.ReadCloser
	closed func()
}

func (b *responseBody) Close() error {
	err := b.ReadCloser.Close()
	b.closed()
	return err
}

// publicLocation returns where a browser finds what the target calls location in its
// response to r: below the proxy URL if that is at the target, and otherwise at location.
func (p *proxy) publicLocation(location string, r *http.Request) string {
	u, err := r.URL.Parse(location)
	if err != nil {
		return location
	}
	if o, err := weburl.NewOrigin(u.Scheme, u.Host); err != nil || o.Host != p.target.Host {
		return location
	}
	path, below := strings.CutPrefix(u.EscapedPath(), p.target.RawPath)
	if !below || path != "" && path[0] != '/' || hasOddSegment(u.Path) { // A browser would leave the proxy's path.
		return location
	}
	rest := url.URL{RawQuery: u.RawQuery, ForceQuery: u.ForceQuery, Fragment: u.Fragment, RawFragment: u.RawFragment}
	return r.Header[proxyURLField][0] + path + rest.String()
}

// fail responds to a request that the target did not.
func (p *proxy) fail(w http.ResponseWriter, r *http.Request, err error) {
	var fromClient *bodyError
	var tooLarge *http.MaxBytesError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &tooLarge):
		respond(w, http.StatusRequestEntityTooLarge)
	case errors.As(err, &fromClient):
		respond(w, http.StatusBadRequest)
	case r.Context().Err() != nil: // The client is gone, or the service does not wait longer.
		respond(w, http.StatusGatewayTimeout)
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		p.outage.note(r.Context(), "timeout")
		respond(w, http.StatusGatewayTimeout)
	default:
		p.outage.note(r.Context(), failureKind(err))
		respond(w, http.StatusBadGateway)
	}
}
