// Package generator generates requests that exercise the rules of request
// authentication: every kind of token with every fault, cookies, headers and
// settings. Each request has its own clock and its own API.
package generator

import (
	"maps"
	"slices"
	"strings"
)

// A Case is one request and everything that its outcome depends on.
type Case struct {
	ID     int
	Family string // what the request exercises
	Way    string // one of Ways, in the families in which cookies sign in or out beside a valid session
	Method string
	// Scheme and Host are where the request arrived, Target is its path and query as
	// the client sent them.
	Scheme, Host, Target string
	Header               []Field
	Peer                 string // address and port of the client of the connection
	Clock                int64  // milliseconds since 1970
	Options              Options
	API                  API
	Asks                 []Ask
	Endpoint             []string // the accepted token types that the endpoint takes
}

// Ways are how a browser's cookies sign its caller in or out without a valid session
// token: with a refresh, with the session that a nonce or a handshake token brings,
// and with an outcome that has no session.
var Ways = []string{"refresh", "nonce", "handshake-token", "sign-out"}

// A Field is one header line. A name may occur several times.
type Field [2]string

// Options are the settings of both sides. Some exist on one side only.
type Options struct {
	PublishableKey, SecretKey, MachineSecretKey, JWTKey string

	Domain, ProxyURL, SignInURL  string
	Satellite, SatelliteAutoSync bool

	Accepts               []string // nil accepts session tokens only
	Any                   bool     // accepts every token type, whatever Accepts has
	Audience              []string
	Issuer                string
	AuthorizedParties     []string
	ClockSkew             *int64 // milliseconds
	OrganizationPatterns  []string
	PersonalPatterns      []string
	NoClient              bool // the API can only be called for the keys
	TemplateTokens        bool
	TrustedProxies        []string
	PublicOrigin          string
	RedirectOrigins       []string
	HandshakeCookiesOnly  bool
	CrossOriginProtection bool
	SameOriginSessions    bool
	RequiredAudience      bool
	MachineAudience       []string
}

// API holds the replies of the Backend API. A zero Reply for Keys stands for the
// instance's keys, any other zero Reply for status 404.
type API struct {
	Keys, Refresh, Nonce, Verify Reply
}

// A Reply is one response of the API. A broken one closes the connection instead.
type Reply struct {
	Status      int
	ContentType string // application/json unless set
	Body        string
	Broken      bool
}

// An Ask is one argument of has, with the member names of the JavaScript SDK. A nil
// member is not checked.
type Ask struct {
	Role           *string `json:"role,omitempty"`
	Permission     *string `json:"permission,omitempty"`
	Feature        *string `json:"feature,omitempty"`
	Plan           *string `json:"plan,omitempty"`
	Reverification any     `json:"reverification,omitempty"` // a preset's name or a Policy
}

// A Policy is a reverification without a preset name.
type Policy struct {
	Level        string  `json:"level"`
	AfterMinutes float64 `json:"afterMinutes"`
}

// URL returns the URL of the request as the server sees it.
func (c *Case) URL() string { return c.Scheme + "://" + c.Host + c.Target }

// Get returns the first value of a header field, and whether there is one.
func (c *Case) Get(name string) (string, bool) {
	for _, f := range c.Header {
		if strings.EqualFold(f[0], name) {
			return f[1], true
		}
	}
	return "", false
}

// Set replaces all values of a header field by one.
func (c *Case) Set(name, value string) {
	c.Del(name)
	c.Header = append(c.Header, Field{name, value})
}

// Del removes a header field.
func (c *Case) Del(name string) {
	c.Header = slices.DeleteFunc(slices.Clone(c.Header), func(f Field) bool { return strings.EqualFold(f[0], name) })
}

// Clone returns a copy that can be changed without changing c.
func (c *Case) Clone() *Case {
	d := *c
	d.Header = slices.Clone(c.Header)
	return &d
}

// AcceptsKind reports whether the settings accept a token type.
func (o *Options) AcceptsKind(kind string) bool {
	if o.Any {
		return true
	}
	if len(o.Accepts) == 0 {
		return kind == Session
	}
	return slices.Contains(o.Accepts, kind)
}

// Development reports whether the publishable key is that of a development instance.
func (o *Options) Development() bool { return strings.HasPrefix(o.PublishableKey, "pk_test_") }

// The token types by their names on the wire.
const (
	Session = "session_token"
	APIKey  = "api_key"
	M2M     = "m2m_token"
	OAuth   = "oauth_token"
)

// Cookies returns the cookies of the request, the first of each name, undecoded.
func (c *Case) Cookies() map[string]string {
	jar := map[string]string{}
	for _, f := range c.Header {
		if !strings.EqualFold(f[0], "Cookie") {
			continue
		}
		for pair := range strings.SplitSeq(f[1], ";") {
			name, value, found := strings.Cut(pair, "=")
			name = strings.Trim(name, " \t")
			if _, seen := jar[name]; found && !seen {
				jar[name] = strings.Trim(value, " \t")
			}
		}
	}
	return jar
}

// SetCookies replaces the cookies of the request.
func (c *Case) SetCookies(jar map[string]string) {
	pairs := make([]string, 0, len(jar))
	for _, name := range slices.Sorted(maps.Keys(jar)) {
		pairs = append(pairs, name+"="+jar[name])
	}
	c.Del("Cookie")
	if len(pairs) > 0 {
		c.Header = append(c.Header, Field{"Cookie", strings.Join(pairs, "; ")})
	}
}
