// Package generator makes requests that exercise the rules of request
// authentication: every kind of token with every fault, cookies, headers and
// settings, each request with a clock and an API of its own.
package generator

import (
	"maps"
	"slices"
	"strings"
)

// Case is one request and everything that decides about it.
type Case struct {
	ID     int
	Family string // what the request was made to exercise
	Method string
	// Target is path and query as the client sent them, and Scheme and Host where
	// they arrived.
	Scheme, Host, Target string
	Header               []Field
	Peer                 string // address and port of whoever opened the connection
	Clock                int64  // milliseconds since 1970
	Options              Options
	API                  API
	Asks                 []Ask
	Endpoint             []string // kinds of tokens that the endpoint takes, of those accepted
}

// Field is one line of a header. A name may occur several times.
type Field [2]string

// Options are the settings of both sides, as far as either has them.
type Options struct {
	PublishableKey, SecretKey, MachineSecretKey, JWTKey string

	Domain, ProxyURL, SignInURL  string
	Satellite, SatelliteAutoSync bool

	Accepts               []string // nil accepts sessions alone
	Any                   bool     // Accepts names every kind there is
	Audience              []string
	AuthorizedParties     []string
	ClockSkew             *int64 // milliseconds
	OrganizationPatterns  []string
	PersonalPatterns      []string
	NoClient              bool // nothing can be asked of the API but the keys
	TemplateTokens        bool
	TrustedProxies        []string
	PublicOrigin          string
	RedirectOrigins       []string
	HandshakeCookiesOnly  bool
	CrossOriginProtection bool
	RequiredAudience      bool
	MachineAudience       []string
}

// API is what the Backend API answers. A zero Reply to a request for keys gives
// the instance's keys, any other zero Reply is 404.
type API struct {
	Keys, Refresh, Nonce, Verify Reply
}

// Reply is one answer of the API. A broken one closes the connection instead.
type Reply struct {
	Status      int
	ContentType string // application/json unless set
	Body        string
	Broken      bool
}

// Ask is one question to has, with the names that the JavaScript SDK gives its
// members. A nil member is not asked for.
type Ask struct {
	Role           *string `json:"role,omitempty"`
	Permission     *string `json:"permission,omitempty"`
	Feature        *string `json:"feature,omitempty"`
	Plan           *string `json:"plan,omitempty"`
	Reverification any     `json:"reverification,omitempty"` // a preset's name or a Policy
}

// Policy is a reverification that has no name.
type Policy struct {
	Level        string  `json:"level"`
	AfterMinutes float64 `json:"afterMinutes"`
}

// URL is the address of the request as the server saw it.
func (c *Case) URL() string { return c.Scheme + "://" + c.Host + c.Target }

// Get gives the first value of a header field, and whether there is one.
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

// Clone copies what a change of the copy could reach.
func (c *Case) Clone() *Case {
	d := *c
	d.Header = slices.Clone(c.Header)
	return &d
}

// AcceptsKind reports whether the settings accept a kind of token.
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

// The kinds of tokens by their names on the wire.
const (
	Session = "session_token"
	APIKey  = "api_key"
	M2M     = "m2m_token"
	OAuth   = "oauth_token"
)

// Cookies gives the cookies of the request, the first of each name, undecoded.
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
