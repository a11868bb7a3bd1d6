package frontendproxy

import (
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"slices"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// Handler is the proxy. It is safe for concurrent use, and wraps no ResponseWriter. Its zero
// value answers every request with 500.
type Handler struct {
	p *proxy // A pointer, behind which package fmt does not look for fields to print.
}

// New returns the proxy of the instance that the two keys belong to, a production instance.
// proxyURL is the one that the instance's domain is set to: an absolute URL, or a path on
// the host that requests are sent to, such as /__clerk.
//
// The handler is mounted at that path and below, or in front of everything; it cuts the
// path off itself, so [http.StripPrefix] must not be around it. No environment variable
// counts. Errors name what is wrong, and never contain a key.
func New(secretKey, publishableKey, proxyURL string, opts ...Option) (*Handler, error) {
	return newHandler(secretKey, publishableKey, proxyURL, names{"secret key", "publishable key", "proxy URL"}, opts)
}

func newHandler(secretKey, publishableKey, proxyURL string, as names, opts []Option) (*Handler, error) {
	c, err := newConfig(secretKey, publishableKey, proxyURL, as, opts)
	if err != nil {
		return nil, fmt.Errorf("frontendproxy: %w", err)
	}
	p := &proxy{config: c, outage: outage{log: c.logger}, transport: newTransport(c.target)}
	p.reverse = &httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      guard{p},
		ModifyResponse: p.modifyResponse,
		ErrorHandler:   p.fail,
		// Its records would show addresses and texts of the target.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	return &Handler{p}, nil
}

// proxy is what is behind a Handler.
type proxy struct {
	*config
	outage    outage
	transport *http.Transport
	reverse   *httputil.ReverseProxy
}

// ServeHTTP sends a request for the proxy's path on to the frontend API.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h == nil || h.p == nil {
		respond(w, http.StatusInternalServerError)
		return
	}
	p := h.p
	_, err := p.targetPath(r.URL)
	switch {
	case err == errOtherPath:
		respond(w, http.StatusNotFound)
	case !slices.Contains(methods, r.Method):
		w.Header().Set("Allow", allow)
		respond(w, http.StatusMethodNotAllowed)
	case err != nil, !p.hasPublicOrigin(r):
		respond(w, http.StatusBadRequest)
	case r.ContentLength > p.bodyLimit:
		respond(w, http.StatusRequestEntityTooLarge)
	default:
		p.reverse.ServeHTTP(w, p.withLimitedBody(w, r))
	}
}

// hasPublicOrigin reports whether the URL under which the client reached the proxy may be
// told to the target.
func (p *proxy) hasPublicOrigin(r *http.Request) bool {
	o := p.proxies.RequestOrigin(r)
	return o.Host != "" && !isPlainHTTP(o)
}

// publicURL returns the proxy URL under which the client sent r.
func (p *proxy) publicURL(r *http.Request) weburl.URL {
	u := p.proxyURL
	u.Origin = p.proxies.RequestOrigin(r)
	return u
}

// String names the proxy URL and the target, and nothing secret.
func (h *Handler) String() string {
	if h == nil || h.p == nil {
		return "frontendproxy.Handler(unconfigured)"
	}
	own := h.p.proxyURL.Path
	if h.p.proxies.Public != (weburl.Origin{}) {
		own = h.p.proxies.Public.String() + own
	}
	return fmt.Sprintf("frontendproxy.Handler(url=%q, target=%q)", own, h.p.target)
}

// Format writes the result of String, whatever the verb, for values and pointers.
func (h Handler) Format(f fmt.State, _ rune) { io.WriteString(f, h.String()) }

// LogValue returns the result of String.
func (h *Handler) LogValue() slog.Value { return slog.StringValue(h.String()) }
