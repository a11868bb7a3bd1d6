package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

// resource is the OAuth resource that a service is.
type resource struct {
	url           string // as given
	document      string // the URL of its metadata
	documentPath  string // escaped
	scopes        []string
	name          string
	documentation string
	unbound       bool // whether OAuth tokens without an audience pass
}

// ResourceOption sets one property of the resource that [WithResource] names.
type ResourceOption func(*resource) error

// WithResource says that the service is an OAuth 2.0 resource server, such as an MCP
// server, and that clients call it at that URL: https, or http on this machine, without a
// query. OAuth tokens, JWTs and opaque ones, must then name the URL exactly, or one of
// [WithMachineAudience], in their audience; M2M tokens and sessions are not affected.
//
// Clients find out where to get tokens from the document that
// [Authenticator.ResourceMetadata] serves. Where [OAuthToken] is accepted, the refusals of
// [Authenticator.Require] name that document and the scopes of the endpoint in their
// WWW-Authenticate field. The publishable key says who issues tokens. A service with several
// resources has an Authenticator for each.
func WithResource(url string, opts ...ResourceOption) Option {
	return func(c *config) error {
		r, err := parseResource(url)
		if err != nil {
			return err
		}
		for _, opt := range opts {
			if opt == nil {
				return errors.New("an option of the resource is nil")
			}
			if err := opt(r); err != nil {
				return err
			}
		}
		c.resource = r
		return nil
	}
}

// AdvertisedScopes lists the scopes that a client may ask for. They are not required;
// [Scope] does that.
func AdvertisedScopes(scopes ...string) ResourceOption {
	return func(r *resource) error {
		if i := slices.IndexFunc(scopes, func(scope string) bool { return !isScopeToken(scope) }); i >= 0 {
			return fmt.Errorf("scope %q is empty, or has a blank, a quote or another character that no scope has", scopes[i])
		}
		r.scopes = slices.Clone(scopes)
		return nil
	}
}

// ResourceName sets the name that clients show to users.
func ResourceName(name string) ResourceOption {
	return func(r *resource) error {
		r.name = name
		return nil
	}
}

// ResourceDocumentation sets the https URL of a page for developers of clients.
func ResourceDocumentation(url string) ResourceOption {
	return func(r *resource) error {
		if u, err := weburl.Parse(url); err != nil || u.Origin.Scheme != "https" {
			return fmt.Errorf("the documentation of the resource is at %q, which is not an https URL", withoutUser(url))
		}
		r.documentation = url
		return nil
	}
}

// UnboundTokens accepts OAuth tokens that name no audience, for clients that do not say
// which resource they want a token for. Every client of the instance, and whoever gets hold
// of a token that one of them uses elsewhere, then has a token for this service. A token
// that names another audience stays refused.
func UnboundTokens() ResourceOption {
	return func(r *resource) error {
		r.unbound = true
		return nil
	}
}

const wellKnownResource = "/.well-known/oauth-protected-resource"

// parseResource keeps the URL as it is, because clients compare it byte by byte, and so
// refuses one that they would send in another form.
func parseResource(raw string) (*resource, error) {
	u, err := weburl.Parse(raw)
	if err != nil || strings.ContainsAny(raw, "?#") {
		return nil, fmt.Errorf("resource %q is not an absolute https URL without a user, a query and a fragment", withoutUser(raw))
	}
	path, hasOrigin := strings.CutPrefix(raw, u.Origin.String())
	hasOrigin = hasOrigin && (path == "" || path[0] == '/') // and not a port that clients leave out
	decoded, unescapeErr := url.PathUnescape(path)
	switch {
	case isPlainHTTP(u.Origin):
		return nil, fmt.Errorf("resource %q would get tokens over plain http: use https", raw)
	case !hasOrigin:
		return nil, fmt.Errorf("resource %q begins with %q where clients write it", raw, u.Origin)
	case path != "" && path != u.Path, unescapeErr != nil, hasControl(decoded):
		return nil, fmt.Errorf("the path of resource %q has dot segments, or characters that clients escape or no path has", raw)
	}
	tail := path
	if path == "/" {
		tail = ""
	}
	return &resource{url: raw, documentPath: wellKnownResource + tail, document: u.Origin.String() + wellKnownResource + tail}, nil
}

func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// isScopeToken reports whether text is a scope-token of RFC 6749.
func isScopeToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' })
}

// withEnvScopes adds the scopes of a variable of their own to the resource of another.
func withEnvScopes(option func(string, ...ResourceOption) Option) func(string) (Option, error) {
	return func(url string) (Option, error) {
		const name = "CLERK_RESOURCE_SCOPES"
		scopes := strings.FieldsFunc(os.Getenv(name), func(r rune) bool { return r == ',' || r == ' ' })
		return option(url, func(r *resource) error {
			if err := AdvertisedScopes(scopes...)(r); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		}), nil
	}
}

// checkResource refuses a resource that no token can be for, or that cannot say who issues
// them.
func (c *config) checkResource() error {
	switch {
	case c.resource == nil:
		return nil
	case !c.accepted.has(OAuthToken):
		return errors.New("WithResource is for OAuth tokens: name oauth_token in WithAcceptedTokens or CLERK_ACCEPTED_TOKENS")
	case c.publishable.raw == "":
		return errors.New("WithResource needs a publishable key, which says who issues tokens: set CLERK_PUBLISHABLE_KEY or WithPublishableKey")
	}
	return nil
}

// oauthAudience returns the audiences that OAuth tokens may name.
func (c *config) oauthAudience() []string {
	if c.resource == nil {
		return c.machineAudience
	}
	return append([]string{c.resource.url}, c.machineAudience...)
}

// ResourceMetadata serves the document that tells OAuth clients about the resource of
// [WithResource] (RFC 9728), for example to MCP clients: the URL of the resource, who issues
// tokens for it, and its scopes. It responds at the path that the standard derives from the
// URL, /.well-known/oauth-protected-resource in front of the resource's path, and with 404
// elsewhere, so it may be mounted at /.well-known/ or in front of everything. It asks nobody
// who is calling: mount it beside Require. Without WithResource it panics.
func (a *Authenticator) ResourceMetadata() http.Handler {
	if !a.ready() {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.refuse(w, r, a.misconfigured(r, ErrConfiguration)) })
	}
	if a.resource == nil {
		panic("auth: ResourceMetadata: set WithResource or CLERK_RESOURCE")
	}
	path, document := a.resource.documentPath, a.resource.metadata("https://"+a.issuerHost)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.EscapedPath() != path {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			h.Set("Content-Type", "application/json")
			h.Set("Content-Length", strconv.Itoa(len(document)))
			h.Set("Cache-Control", "public, max-age=3600")
			if r.Method == http.MethodGet {
				w.Write(document)
			}
		case http.MethodOptions:
			h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
			h.Set("Access-Control-Allow-Headers", "*")
			w.WriteHeader(http.StatusNoContent)
		default:
			h.Set("Allow", "GET, HEAD, OPTIONS")
			http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		}
	})
}

// metadata returns the document, in which issuer is the authorization server.
func (r *resource) metadata(issuer string) []byte {
	// Strings can always be encoded.
	document, _ := json.Marshal(struct {
		Resource      string   `json:"resource"`
		Issuers       []string `json:"authorization_servers"`
		Methods       []string `json:"bearer_methods_supported"`
		Scopes        []string `json:"scopes_supported,omitempty"`
		Name          string   `json:"resource_name,omitempty"`
		Documentation string   `json:"resource_documentation,omitempty"`
	}{r.url, []string{issuer}, []string{"header"}, r.scopes, r.name, r.documentation})
	return document
}
