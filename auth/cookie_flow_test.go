package auth

import (
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
)

func TestCookieFlowOfASatellite(t *testing.T) {
	t.Parallel()
	live := satelliteOptions()
	dev := append(satelliteOptions(), WithPublishableKey(devKey))
	sync := append(satelliteOptions(), WithSatelliteAutoSync(true))
	devSync := append(dev[:len(dev):len(dev)], WithSatelliteAutoSync(true))
	token := mint(t, withClaim("iss", "https://clerk.satellite.example"))
	session := signedInCookie(token)
	const own = "https://clerk.satellite.example"
	runFlow(t, map[string]flowCase{
		"production, no cookies": {
			options: live, request: []requestOption{asPageLoad},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"production, no cookies, auto sync": {
			options: sync, request: []requestOption{asPageLoad},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
			location: frontendURL(own, page, "false", ReasonSatelliteNeedsSyncing, ""),
		},
		"production, asked to sync": {
			options: live, target: "/?__clerk_synced=false", request: []requestOption{asPageLoad, session},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
			location: frontendURL(own, page+"?__clerk_synced=false", "false", ReasonSatelliteNeedsSyncing, "&__session="+token),
		},
		"production, synced already": {
			options: sync, target: "/?__clerk_synced=true", request: []requestOption{asPageLoad},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"production, with a session": {
			options: live, request: []requestOption{asPageLoad, session}, status: StatusSignedIn,
		},
		"production, no page load": {
			options: sync, status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"production, in a frame": {
			options: sync, request: []requestOption{withField("Sec-Fetch-Dest", "iframe")},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"development, no cookies": {
			options: dev, request: []requestOption{asPageLoad},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"development, no cookies, auto sync": {
			options: devSync, target: "/a?x=%20'&y#f", request: []requestOption{asPageLoad},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
			location: "https://app.example.com/sign-in?__clerk_redirect_url=http%3A%2F%2Fapp.example.com%2Fa%3Fx%3D%2520%2527%26y%23f",
		},
		"development, asked to sync": {
			options: dev, target: "/?__clerk_synced=false", request: []requestOption{asPageLoad, session},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
			location: "https://app.example.com/sign-in?__clerk_redirect_url=http%3A%2F%2Fapp.example.com%2F%3F__clerk_synced%3Dfalse",
		},
		"development, sign-in URL with a query": {
			options: append(devSync[:len(devSync):len(devSync)], WithSignInURL("https://app.example.com/in?a=~")), request: []requestOption{asPageLoad},
			status: StatusHandshake, reason: ReasonSatelliteNeedsSyncing,
			location: "https://app.example.com/in?a=%7E&__clerk_redirect_url=http%3A%2F%2Fapp.example.com%2F",
		},
		"development, synced already": {
			options: devSync, target: "/?__clerk_synced=true", request: []requestOption{asPageLoad},
			status: StatusHandshake, reason: ReasonDevBrowserMissing,
			location: frontendURL(fapi, page+"?__clerk_synced=true", "false", ReasonDevBrowserMissing, ""),
		},
		"development, a satellite does not respond to syncing": {
			options: dev, target: "/?__clerk_redirect_url=http://localhost:3000", request: []requestOption{devBrowser},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
	})
}

// The primary application of a development instance responds to a satellite.
func TestCookieFlowOfThePrimary(t *testing.T) {
	t.Parallel()
	dev := []Option{WithPublishableKey(devKey)}
	signedIn := signedInCookies(t)
	const satellite = "/?__clerk_redirect_url=http%3A%2F%2Flocalhost%3A3001%2Fx%3F__clerk_synced%3Dfalse%26a%3D1%23f"
	responds := func(c flowCase) flowCase {
		c.request = append(c.request, asPageLoad)
		c.status, c.reason = StatusHandshake, ReasonPrimaryRespondsToSyncing
		return c
	}
	ignored := func(target string) flowCase {
		return flowCase{options: dev, target: "/?__clerk_redirect_url=" + target, request: []requestOption{devBrowser, signedIn, asPageLoad}, status: StatusSignedIn}
	}
	runFlow(t, map[string]flowCase{
		"a satellite on this machine": responds(flowCase{
			options: dev, target: satellite, request: []requestOption{devBrowser, signedIn},
			location: "http://localhost:3001/x?__clerk_synced=true&a=1&__clerk_db_jwt=dvb_2fZ#f",
		}),
		"no dev browser": responds(flowCase{
			options: dev, target: "/?__clerk_redirect_url=http://127.0.0.1", location: "http://127.0.0.1/?__clerk_synced=true",
		}),
		"before a dev browser in the query": responds(flowCase{
			options: dev, target: "/?__clerk_redirect_url=http://127.0.0.1&__clerk_db_jwt=d",
			location: "http://127.0.0.1/?__clerk_db_jwt=d&__clerk_synced=true",
		}),
		"an origin that was allowed": responds(flowCase{
			options: append(dev[:1:1], WithRedirectOrigins("https://shop.example")), target: "/?__clerk_redirect_url=https://SHOP.example:443/../y",
			request: []requestOption{devBrowser}, location: "https://shop.example/y?__clerk_db_jwt=dvb_2fZ&__clerk_synced=true",
		}),
		"a backslash is a slash of the path": responds(flowCase{
			options: dev, target: `/?__clerk_redirect_url=http://localhost/\\evil.example`, location: "http://localhost///evil.example?__clerk_synced=true",
		}),
		"no page load": {
			options: dev, target: satellite, request: []requestOption{devBrowser, signedIn},
			status: StatusSignedOut, reason: ReasonPrimaryRespondsToSyncing,
		},
		"in production":              {target: satellite, request: []requestOption{signedIn, asPageLoad}, status: StatusSignedIn},
		"another host":               ignored("https%3A%2F%2Fevil.example"),
		"two slashes before a host":  ignored("%2F%2Fevil.example"),
		"a path":                     ignored("%2Fx"),
		"a user before another host": ignored("http%3A%2F%2Flocalhost%40evil.example"),
		"a user before this machine": ignored("http%3A%2F%2Fevil%40localhost"),
		"a script":                   ignored("javascript%3A%2F%2Flocalhost%2F%0aalert(1)"),
		"a script without a host":    ignored("javascript%3Aalert(1)"),
	})
}

func TestCookieFlowOfADevBrowser(t *testing.T) {
	t.Parallel()
	dev := []Option{WithPublishableKey(devKey)}
	token := mint(t)
	signedIn := signedInCookie(token)
	runFlow(t, map[string]flowCase{
		"in the query": {
			options: dev, target: "/?a=b&__clerk_db_jwt=dvb_1&__dev_session=2&__clerk_db_jwt=3", request: []requestOption{devBrowser, signedIn, asPageLoad},
			status: StatusHandshake, reason: ReasonDevBrowserSync,
			location: frontendURL(fapi, page+"?a=b", "false", ReasonDevBrowserSync, "&__session="+token+"&__clerk_db_jwt=dvb_1"),
		},
		"in the query, empty": {
			options: dev, target: "/?__clerk_db_jwt", request: []requestOption{devBrowser, signedIn, asPageLoad},
			status: StatusHandshake, reason: ReasonDevBrowserSync,
			location: frontendURL(fapi, page, "false", ReasonDevBrowserSync, "&__session="+token+"&__clerk_db_jwt=dvb_2fZ"),
		},
		"in the query, no page load": {
			options: dev, target: "/?__clerk_db_jwt=dvb_1", request: []requestOption{devBrowser, signedIn},
			status: StatusSignedOut, reason: ReasonDevBrowserSync,
		},
		"in the query of production": {
			target: "/?__clerk_db_jwt=dvb_1", request: []requestOption{signedIn, asPageLoad}, status: StatusSignedIn,
		},
		"missing": {
			options: dev, request: []requestOption{signedIn, asPageLoad},
			status: StatusHandshake, reason: ReasonDevBrowserMissing,
			location: frontendURL(fapi, page, "false", ReasonDevBrowserMissing, "&__session="+token),
		},
		"missing, no cookies": {
			options: dev, request: []requestOption{asPageLoad},
			status: StatusHandshake, reason: ReasonDevBrowserMissing,
			location: frontendURL(fapi, page, "false", ReasonDevBrowserMissing, ""),
		},
		"missing, no page load": {
			options: dev, request: []requestOption{signedIn},
			status: StatusSignedOut, reason: ReasonDevBrowserMissing,
		},
		"missing without a suffix": {
			options: dev, request: []requestOption{withCookie("__clerk_db_jwt_"+cookieSuffix(devKey), "dvb_1"), signedIn},
			status: StatusSignedOut, reason: ReasonDevBrowserMissing,
		},
		"missing in production": {request: []requestOption{signedIn, asPageLoad}, status: StatusSignedIn},
		"present, no session": {
			options: dev, request: []requestOption{devBrowser, asPageLoad},
			status: StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"present, signed in": {options: dev, request: []requestOption{devBrowser, signedIn, asPageLoad}, status: StatusSignedIn},
	})
}

func TestCookieFlowOfSessionAndClient(t *testing.T) {
	t.Parallel()
	token := mint(t)
	session := withCookie("__session", token)
	uat := func(text string) requestOption { return withCookie("__client_uat", text) }
	noUAT := func(request ...requestOption) flowCase {
		return flowCase{
			request: append(request, asPageLoad), status: StatusHandshake, reason: ReasonSessionTokenButNoClientUAT,
			location: frontendURL(fapi, page, "false", ReasonSessionTokenButNoClientUAT, "&__session="+token),
		}
	}
	runFlow(t, map[string]flowCase{
		"neither": {
			request: []requestOption{asPageLoad},
			status:  StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"uat of 0, no session": {
			request: []requestOption{uat("0"), asPageLoad},
			status:  StatusSignedOut, reason: ReasonSessionTokenAndUATMissing,
		},
		"session without uat":          noUAT(session),
		"session with a uat of 0":      noUAT(session, uat("0")),
		"session with garbage for uat": noUAT(session, uat("garbage")),
		"session without uat, no page load": {
			request: []requestOption{session},
			status:  StatusSignedOut, reason: ReasonSessionTokenButNoClientUAT,
		},
		"session undecodable, without uat": {
			request: []requestOption{withCookie("__session", "x.y")},
			status:  StatusSignedOut, reason: ReasonSessionTokenButNoClientUAT,
		},
		"uat without session": {
			request: []requestOption{uat("1700000000"), asPageLoad},
			status:  StatusHandshake, reason: ReasonClientUATButNoSessionToken,
			location: frontendURL(fapi, page, "false", ReasonClientUATButNoSessionToken, ""),
		},
		"suffixed uat without session": {
			request: []requestOption{withCookie("__client_uat_"+cookieSuffix(liveKey), "1"), asPageLoad},
			status:  StatusHandshake, reason: ReasonClientUATButNoSessionToken,
			location: frontendURL(fapi, page, "true", ReasonClientUATButNoSessionToken, ""),
		},
		"uat without session, no page load": {
			request: []requestOption{uat("1700000000")},
			status:  StatusSignedOut, reason: ReasonClientUATButNoSessionToken,
		},
		"both":                   {request: []requestOption{session, uat("1"), asPageLoad}, status: StatusSignedIn},
		"both, garbage in a uat": {request: []requestOption{session, uat("1x"), asPageLoad}, status: StatusSignedIn},
	})
}

// FuzzReferrer checks that a page is only taken for one of the service if a browser would
// call the two origins the same.
func FuzzReferrer(f *testing.F) {
	for _, header := range []string{"", "https://app.example.com/x", "https://APP.example.com:443", "http://app.example.com", "https://app.example.com@evil.example/", `https://app.example.com\@evil.example`, "https:///x", "//app.example.com", "android-app://x", "about:client", "https://[::1]/", "https://app.example.com:/", "https://%61pp.example.com/"} {
		f.Add(header)
	}
	own := weburl.Origin{Scheme: "https", Host: "app.example.com"}
	f.Fuzz(func(t *testing.T, header string) {
		referrer, crosses := crossOriginReferrer(header, own)
		if crosses && referrer == nil {
			t.Fatalf("%q: another origin that has no URL", header)
		}
		o, err := weburl.Parse(header)
		if err == nil && crosses == (o.Origin == own) && len(header) <= weburl.MaxTarget {
			t.Errorf("%q: crosses = %t, and its origin is %s", header, crosses, o.Origin)
		}
		if referrer != nil && !crosses && (!strings.EqualFold(referrer.Hostname(), "app.example.com") || referrer.Scheme != "https") {
			t.Errorf("%q counts as a page of %s", header, own)
		}
	})
}
