package frontendproxy

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/auth/internal/publishable"
	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// Clerk's own instances for tests of Clerk have a frontend API of their own.
const (
	productionTarget = "frontend-api.clerk.dev"
	stagingTarget    = "frontend-api.clerkstage.dev"
	stagingSuffix    = ".accountsstage.dev"
)

// developmentSuffixes end the hosts of frontend APIs that belong to development, even if a
// key says otherwise.
var developmentSuffixes = []string{".lcl.dev", ".lclstage.dev", ".lclclerk.com"}

func isDevelopmentHost(host string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(developmentSuffixes, func(suffix string) bool { return strings.HasSuffix(host, suffix) })
}

// targetOf returns the frontend API that serves the instance of the key for proxies.
func targetOf(key publishable.Key) *url.URL {
	host := productionTarget
	if strings.HasSuffix(strings.ToLower(key.FrontendAPI), stagingSuffix) {
		host = stagingTarget
	}
	return &url.URL{Scheme: "https", Host: host}
}

// parseTarget parses the URL of a frontend API. Its errors do not repeat it, since it may
// name a user with a password.
func parseTarget(raw string) (*url.URL, error) {
	u, err := weburl.Parse(raw)
	switch {
	case err != nil:
		return nil, errors.New("WithTarget: not an absolute http or https URL without a user")
	case strings.ContainsAny(raw, "?#"):
		return nil, errors.New("WithTarget: the URL has a query or a fragment")
	case isPlainHTTP(u.Origin):
		return nil, errors.New("WithTarget: an http URL sends the secret key in plain text: use https")
	}
	path := strings.TrimRight(u.Path, "/")
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return nil, errors.New("WithTarget: the path of the URL has a malformed escape")
	}
	return &url.URL{Scheme: u.Origin.Scheme, Host: u.Origin.Host, Path: decoded, RawPath: path}, nil
}

// headerTimeout limits how long a request waits for a connection, and then for the header of
// the response once its body is sent.
const headerTimeout = 10 * time.Second

// newTransport returns a transport with connections of its own to the target. The
// environment's proxy is used for https alone, where it cannot read the secret key.
func newTransport(target *url.URL) *http.Transport {
	const idle = 100
	t := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: headerTimeout}).DialContext,
		TLSHandshakeTimeout:   headerTimeout,
		ResponseHeaderTimeout: headerTimeout,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConns:          idle,
		MaxIdleConnsPerHost:   idle,
		ForceAttemptHTTP2:     true,
		DisableCompression:    true,
	}
	if target.Scheme == "https" {
		t.Proxy = http.ProxyFromEnvironment
	}
	return t
}
