package generator

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
)

// An instance is a Clerk instance whose cookies and tokens requests carry.
type instance struct {
	publishableKey, secretKey, frontend string
}

func newInstance(kind, frontend string, padded bool) instance {
	encoding := base64.RawStdEncoding
	if padded {
		encoding = base64.StdEncoding
	}
	return instance{
		publishableKey: "pk_" + kind + "_" + encoding.EncodeToString([]byte(frontend+"$")),
		secretKey:      "sk_" + kind + "_2abcDEFghiJKL",
		frontend:       frontend,
	}
}

var (
	developments = []instance{
		newInstance("test", "clerk.inspired.puma-74.lcl.dev", false),
		newInstance("test", "enough-alpaca-82.clerk.accounts.dev", true),
		newInstance("test", "sunny-otter-7.clerk.accountsstage.dev", false),
	}
	productions = []instance{
		newInstance("live", "clerk.example.com", false),
		newInstance("live", "clerk.shop.example.co.uk", true),
	}
	stranger = newInstance("test", "other-llama-11.clerk.accounts.dev", false)
)

// suffix returns the end of the cookie names of the instance.
func (i instance) suffix() string { return Suffix(i.publishableKey) }

// Suffix returns the end of the cookie names of the instance with that publishable
// key.
func Suffix(key string) string {
	sum := sha1.Sum([]byte(key))
	return "_" + base64.URLEncoding.EncodeToString(sum[:])[:8]
}

// A draft is a case that is not finished.
type draft struct {
	*rand.Rand
	keys     *Keys
	c        *Case
	instance instance
	path     string
	query    []string // pairs as they are in the URL
	cookies  []string // pairs as they are in the header
}

// epoch is the earliest time of a request, in milliseconds.
const epoch = 1_768_478_400_000

func newDraft(r *rand.Rand, keys *Keys, id int, family string) *draft {
	d := &draft{Rand: r, keys: keys, path: "/dashboard"}
	d.c = &Case{
		ID: id, Family: family, Method: "GET", Scheme: "https", Host: "app.example.com",
		Peer: "127.0.0.1:50000", Clock: epoch + r.Int64N(86_400_000),
	}
	if d.chance(55) {
		d.use(pick(d, developments...))
	} else {
		d.use(pick(d, productions...))
	}
	switch d.IntN(10) {
	case 0:
		d.c.Options.JWTKey = keys.BarePEM()
	case 1:
	case 2:
		d.c.Options.JWTKey = strings.ReplaceAll(keys.PEM(), "\n", pick(d, `\n`, "\r\n", "\n"))
	default:
		d.c.Options.JWTKey = keys.PEM()
	}
	d.path = pick(d, "/dashboard", "/", "/a/b.html", "/orgs/org_acme/settings", "/me", "/a%20b/~x*")
	for d.chance(30) {
		d.query = append(d.query, pick(d, "a=1", "q=%20x", "flag", "x=~*-._", "y=a+b", "z=%C3%A9", "e=", "k=1;2", "__dev_session=abc", "u=it's"))
	}
	return d
}

// use makes the service one of the instance.
func (d *draft) use(i instance) {
	d.instance = i
	d.c.Options.PublishableKey, d.c.Options.SecretKey = i.publishableKey, i.secretKey
}

func (d *draft) development() { d.use(pick(d, developments...)) }

func (d *draft) isDevelopment() bool { return d.c.Options.Development() }

// done finishes the case.
func (d *draft) done() *Case {
	d.c.Target = d.path
	if len(d.query) > 0 {
		d.c.Target += "?" + strings.Join(d.query, "&")
	}
	if len(d.cookies) > 0 {
		d.header("Cookie", strings.Join(d.cookies, "; "))
	}
	for _, reply := range []*Reply{&d.c.API.Refresh, &d.c.API.Nonce, &d.c.API.Verify} {
		if reply.Status != 0 && reply.ContentType == "" && d.chance(8) {
			reply.ContentType = "application/json; charset=utf-8"
		}
	}
	if d.c.Asks == nil {
		d.c.Asks = d.asks(6)
	}
	d.c.Endpoint = pick(d, []string{Session}, []string{Session}, []string{APIKey}, []string{M2M}, []string{OAuth}, []string{Session, APIKey}, []string{M2M, OAuth})
	return d.c
}

func (d *draft) header(name, value string) { d.c.Header = append(d.c.Header, Field{name, value}) }

func (d *draft) dropHeader(name string) { d.c.Del(name) }

func (d *draft) cookie(name, value string) { d.cookies = append(d.cookies, name+"="+value) }

func (d *draft) param(name, value string) {
	d.query = append(d.query, name+"="+url.QueryEscape(value))
}

// now returns the time of the request in seconds.
func (d *draft) now() int64 { return d.c.Clock / 1000 }

// chance returns true with that probability.
func (d *draft) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d *draft, choices ...T) T { return choices[d.IntN(len(choices))] }

func some[T any](d *draft, choices ...T) []T {
	chosen := slices.DeleteFunc(slices.Clone(choices), func(T) bool { return d.chance(50) })
	d.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	return chosen
}

// page makes the request a page load of a browser.
func (d *draft) page() {
	d.c.Method = "GET"
	switch d.IntN(6) {
	case 0:
		d.header("Accept", "text/html,application/xhtml+xml")
	case 1:
		d.header("Sec-Fetch-Dest", "iframe")
	default:
		d.document()
	}
}

func (d *draft) document() {
	d.c.Method = "GET"
	d.header("Sec-Fetch-Dest", "document")
	if d.chance(70) {
		d.header("Accept", "text/html")
	}
}

// call makes the request one that a script or program sends.
func (d *draft) call() {
	d.c.Method = pick(d, "GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
	switch d.IntN(5) {
	case 0:
		d.header("Sec-Fetch-Dest", pick(d, "empty", "script", "image", "Document"))
	case 1:
		d.header("Sec-Fetch-Dest", "empty")
		d.header("Accept", "text/html")
	case 2:
		d.header("Accept", pick(d, "application/json", "*/*", "application/xhtml+xml,text/html", "Text/HTML"))
	case 3:
		if d.c.Method != "GET" {
			d.header("Sec-Fetch-Dest", "document")
		}
	}
}

// anyCaller makes the request a page load or a call.
func (d *draft) anyCaller() {
	if d.chance(60) {
		d.page()
	} else {
		d.call()
	}
}

// redirects sometimes adds the cookie that counts handshakes in a row.
func (d *draft) redirects() {
	if d.chance(25) {
		d.cookie("__clerk_redirect_count", fmt.Sprint(d.IntN(6)))
	}
}
