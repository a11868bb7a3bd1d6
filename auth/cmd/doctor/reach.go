package main

import (
	"errors"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
)

// slow is how long a service that has keys waits for new ones.
const slow = 2 * time.Second

func (e *examination) reportBackend() {
	const subject = "Backend API"
	a := &e.backend
	switch {
	case e.client == nil:
	case errors.Is(a.err, clerk.ErrUnauthorized), clerk.HasCode(a.err, "clerk_key_invalid"):
		e.report.add(wrong, subject, "%s refuses the secret key: %s. Copy the current one from the dashboard", a.origin, cause(a.err))
	case a.err != nil:
		e.reportFailure(subject, a, "Look at the network, CLERK_API_URL and Clerk's status page")
	default:
		e.reportSuccess(subject, a)
	}
}

func (e *examination) reportFrontend() {
	const subject = "frontend API"
	a := &e.frontend
	switch {
	case e.settings.FrontendURL == "":
	case e.frontendURL() == "":
		e.report.add(warning, subject, "not asked: CLERK_PROXY_URL is a path, and CLERK_PUBLIC_ORIGIN does not say of which host")
	case a.err != nil && !strings.HasSuffix(a.origin, "://"+e.settings.FrontendAPI):
		e.reportFailure(subject, a, "Look at what CLERK_PROXY_URL or CLERK_DOMAIN names, and whether it is served now: browsers are sent there")
	case a.err != nil:
		e.reportFailure(subject, a, "Look at the network, and compare the publishable key with the dashboard: browsers are sent there")
	default:
		e.reportSuccess(subject, a)
	}
}

func (e *examination) reportFailure(subject string, a *answer, remedy string) {
	if a.responded {
		e.report.add(wrong, subject, "%s: %s. %s", a.origin, cause(a.err), remedy)
		return
	}
	e.report.add(wrong, subject, "%s cannot be reached: %s. %s", a.origin, cause(a.err), remedy)
}

func (e *examination) reportSuccess(subject string, a *answer) {
	took := max(a.took.Round(time.Millisecond), time.Millisecond)
	if a.took > slow {
		e.report.add(warning, subject, "%s took %v: a service that has keys waits %v for new ones", a.origin, took, slow)
		return
	}
	e.report.add(ok, subject, "%s responds in %v, signing keys: %d", a.origin, took, len(a.keys))
}
