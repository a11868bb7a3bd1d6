package auth

import (
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// from sets the address of the peer.
func from(peer string) requestOption { return func(r *http.Request) { r.RemoteAddr = peer } }

// at sets the host to which the request was sent.
func at(host string) requestOption { return func(r *http.Request) { r.Host = host } }

// megabyte repeats text to the length of the longest header that net/http reads.
func megabyte(text string) string { return strings.Repeat(text, 1<<20/len(text)) }

// longRequests are page loads by strangers in which one part is as long as net/http
// lets through.
func longRequests(tb testing.TB) map[string]*http.Request {
	tb.Helper()
	load := func(opts ...requestOption) *http.Request {
		return newRequest(tb, "/", append([]requestOption{asPageLoad, withCookie("__client_uat", "1"), from("127.0.0.1:1")}, opts...)...)
	}
	target := func(target string) requestOption { return func(r *http.Request) { r.RequestURI = target } }
	absolute := func(r *http.Request) {
		r.RequestURI, r.URL.RawQuery, r.URL.Path = "http://app.example.com/", megabyte("%41=&"), megabyte("/%")
	}
	cookie := func(line string) requestOption { return func(r *http.Request) { r.Header["Cookie"] = []string{line} } }
	return map[string]*http.Request{
		"escaped names":         load(target("/?" + megabyte("%41=&"))),
		"names like ours":       load(target("/?" + megabyte("__clerk_%68andshake_nonc=&"))),
		"our names":             load(target("/?" + megabyte("__clerk_db_jw%74=%41&"))),
		"slashes":               load(target(megabyte("/%2e%2e"))),
		"fragment":              load(target("/" + megabyte("#"))),
		"absolute target":       load(absolute),
		"cookies":               load(cookie(megabyte("a=1;"))),
		"cookies like ours":     load(cookie(megabyte("__clerk_db_jw=1; "))),
		"short cookies":         load(cookie(megabyte("__=;"))),
		"our cookies":           load(cookie(megabyte("__session=%41; "))),
		"escaped cookie":        load(cookie("__session=" + megabyte("%41"))),
		"broken cookie":         load(cookie("__clerk_db_jwt=" + megabyte("%zz"))),
		"digits":                load(cookie("__client_uat=" + megabyte("9"))),
		"session token":         load(cookie("__session=" + megabyte("a.b.c"))),
		"bearer token":          load(withBearer(megabyte("a.b.c"))),
		"many bearer words":     load(withBearer(megabyte("a "))),
		"accept":                load(withField("Accept", megabyte("text/html,"))),
		"host":                  load(at(megabyte("A:"))),
		"forwarded host":        load(withField("X-Forwarded-Host", megabyte("A.")+","), withField("X-Forwarded-Proto", "https")),
		"forwarded hosts":       load(withField("X-Forwarded-Host", megabyte("a.example,"))),
		"forwarded port":        load(withField("X-Forwarded-Host", "a:"+megabyte("9"))),
		"forwarded scheme":      load(withField("X-Forwarded-Proto", megabyte("HTTPS"))),
		"forwarded":             load(withField("Forwarded", megabyte("host=a;proto=b,"))),
		"referrer":              load(withField("Referer", "https://a.example/"+megabyte("%41"))),
		"referrer's host":       load(withField("Referer", "https://"+megabyte("A."))),
		"origin":                load(withField("Origin", megabyte("https://a.example,"))),
		"upgrades":              load(withField("Upgrade", megabyte("a,"))),
		"destination":           load(withField("Sec-Fetch-Dest", megabyte("document"))),
		"satellite that asks":   load(target("/?__clerk_redirect_url=http://localhost/" + megabyte("%2541&"))),
		"signed in, cookies":    load(signedInCookies(tb), withCookie("a", megabyte("b=1;"))),
		"signed in, referrer":   load(signedInCookies(tb), withField("Referer", "https://a.example/"+megabyte("%41"))),
		"signed in, our names":  load(signedInCookies(tb), target("/?"+megabyte("__clerk_synced=%41&"))),
		"signed in, the target": load(signedInCookies(tb), target("/"+megabyte("%2F../"))),
	}
}

func strangersAuthenticators(tb testing.TB) map[string]*Authenticator {
	tb.Helper()
	protection := WithCrossOriginProtection(http.NewCrossOriginProtection())
	patterns := WithOrganizationPatterns("/orgs/:slug/(.*)", "/:id")
	return map[string]*Authenticator{
		"production":  newTestAuthenticator(tb, protection, patterns),
		"development": newTestAuthenticator(tb, protection, patterns, WithPublishableKey(devKey)),
	}
}

// What a stranger sends is read once and, where it is longer than anything that is
// valid, not at all.
func TestLongInputOfStrangersCostsFewAllocations(t *testing.T) {
	const runs, maxAllocs, maxBytes = 5, 50, 32 << 10
	requests := longRequests(t)
	for instance, a := range strangersAuthenticators(t) {
		for name, r := range requests {
			stateOf(t, a, r)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for range runs {
				stateOf(t, a, r)
			}
			runtime.ReadMemStats(&after)
			allocs, bytes := (after.Mallocs-before.Mallocs)/runs, (after.TotalAlloc-before.TotalAlloc)/runs
			if allocs > maxAllocs || bytes > maxBytes {
				t.Errorf("%s, %s: %d allocations of %d bytes", instance, name, allocs, bytes)
			}
		}
	}
}

func BenchmarkLongInputOfStrangers(b *testing.B) {
	requests := longRequests(b)
	for instance, a := range strangersAuthenticators(b) {
		for name, r := range requests {
			b.Run(instance+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					stateOf(b, a, r)
				}
			})
		}
	}
}
