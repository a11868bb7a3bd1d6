package main

import (
	"context"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/auth/internal/environment"
	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

// examination is one look at an environment.
type examination struct {
	network        http.RoundTripper
	withoutCookies bool // of the program
	report         report

	client            *clerk.Client // nil without a secret key that can be used
	settings          environment.Settings
	backend, frontend answer // without keys and error if not asked
}

func (e *examination) examine(ctx context.Context) {
	settings, malformed := environment.Read()
	e.settings = settings
	e.checkVersions()
	e.checkSecretKey()
	e.checkPublishableKey()
	for _, err := range malformed {
		e.report.add(wrong, "variable", "%v", err)
	}
	if e.settings.Domain != "" && !e.settings.Satellite {
		e.report.add(warning, "satellite", "CLERK_DOMAIN is set, and CLERK_IS_SATELLITE is not: only a satellite uses it")
	}
	authn := e.authenticator(len(malformed) > 0)

	var wg sync.WaitGroup
	if e.client != nil {
		wg.Go(func() { e.backend = e.askBackend(ctx) })
	}
	if e.frontendURL() != "" {
		wg.Go(func() { e.frontend = e.askFrontend(ctx) })
	}
	wg.Wait()
	e.reportBackend()
	e.reportFrontend()
	e.checkInstance(ctx)
	e.checkJWTKey()
	e.checkClock()
	e.report.add(ok, "accepted tokens", "%s", strings.Join(e.settings.AcceptedTokens, ", "))
	if e.acceptsSessions() {
		e.checkParties()
	}
	if authn != nil && e.readsCookies() {
		e.checkPages(ctx, authn)
	}
	e.checkVariables(os.Environ())
}

func (e *examination) checkVersions() {
	version := "(devel)"
	if info, found := debug.ReadBuildInfo(); found {
		for _, m := range append(info.Deps, &info.Main) {
			if m.Path == "github.com/backend-sdk/clerk-go" && m.Version != "" {
				version = m.Version
			}
		}
	}
	e.report.add(ok, "versions", "clerk-go %s, API %s, %s", version, clerk.APIVersion, runtime.Version())
}

func (e *examination) checkSecretKey() {
	const subject = "secret key"
	client, err := newClient(e.network)
	switch {
	case err == nil && client.InstanceType() == "":
		e.client = client
		e.report.add(ok, subject, "it does not say of which type of instance, as a machine's does not")
	case err == nil:
		e.client = client
		e.report.add(ok, subject, "of a %s instance", client.InstanceType())
	case os.Getenv("CLERK_SECRET_KEY") == "" && e.settings.JWTKey != nil:
		e.report.add(warning, subject, "CLERK_SECRET_KEY is not set: tokens are verified with CLERK_JWT_KEY, but nothing can be asked of Clerk")
	case os.Getenv("CLERK_SECRET_KEY") == "":
		e.report.add(wrong, subject, "CLERK_SECRET_KEY is not set. Copy the key from the page API keys of the dashboard")
	default:
		e.report.add(wrong, subject, "%s", strings.TrimPrefix(err.Error(), "clerk: "))
	}
}

func (e *examination) checkPublishableKey() {
	const subject = "publishable key"
	switch {
	case e.settings.InstanceType != "":
		e.report.add(ok, subject, "of a %s instance, frontend API %s", e.settings.InstanceType, e.settings.FrontendAPI)
	case e.lacksPublishableKey():
		e.report.add(wrong, subject, "CLERK_PUBLISHABLE_KEY is not set. Copy the key from the page API keys of the dashboard; a program with WithoutCookies needs none (-without-cookies)")
	}
}

func (e *examination) acceptsSessions() bool {
	return slices.Contains(e.settings.AcceptedTokens, string(auth.SessionToken))
}

func (e *examination) readsCookies() bool { return e.acceptsSessions() && !e.withoutCookies }

func (e *examination) lacksPublishableKey() bool {
	return e.readsCookies() && strings.TrimSpace(os.Getenv("CLERK_PUBLISHABLE_KEY")) == ""
}

// authenticator returns the one that the environment makes, or nil without one.
func (e *examination) authenticator(malformed bool) *auth.Authenticator {
	if malformed || e.lacksPublishableKey() || e.client == nil && e.settings.JWTKey == nil {
		return nil // which was said
	}
	var opts []auth.Option
	if e.withoutCookies {
		opts = append(opts, auth.WithoutCookies())
	}
	authn, err := auth.FromEnv(e.client, opts...)
	if err != nil {
		e.report.add(wrong, "configuration", "%s", strings.TrimPrefix(err.Error(), "auth: "))
		return nil
	}
	return authn
}

// frontendURL returns where the frontend API can be asked, or "" if the environment does not
// say.
func (e *examination) frontendURL() string {
	if strings.HasPrefix(e.settings.FrontendURL, "/") {
		if e.settings.PublicOrigin == "" {
			return ""
		}
		return e.settings.PublicOrigin + e.settings.FrontendURL
	}
	return e.settings.FrontendURL
}

func (e *examination) checkParties() {
	const subject = "authorized parties"
	if len(e.settings.Parties) == 0 {
		e.report.add(warning, subject, "none: tokens for every origin of the instance pass, and subdomains share cookies. Set CLERK_AUTHORIZED_PARTIES, unless the program has WithAuthorizedParties")
		return
	}
	found := ok
	for _, party := range e.settings.Parties {
		o, err := weburl.ParseOrigin(party)
		switch production := e.settings.InstanceType == clerk.Production; {
		case err != nil || !production:
		case o.IsLoopback():
			found = warning
			e.report.add(warning, subject, "%s is not an origin of a production instance", party)
		case o.Scheme == "http":
			found = wrong
			e.report.add(wrong, subject, "%s sends sessions of a production instance over plain http. Name the https origin", party)
		}
	}
	if found == ok {
		e.report.add(ok, subject, "%s", strings.Join(e.settings.Parties, ", "))
	}
}
