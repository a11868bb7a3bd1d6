package main

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/auth/internal/keyset"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/instance"
)

// checkInstance finds out whether both keys, and the domain, belong to one instance.
func (e *examination) checkInstance(ctx context.Context) {
	if e.backend.keys == nil || e.settings.InstanceType == "" {
		return
	}
	const subject = "instance"
	compared := e.frontend.keys != nil
	switch {
	case compared && shares(e.backend.keys, e.frontend.keys):
		e.report.add(ok, subject, "both keys are of the same one")
	case compared:
		e.report.add(wrong, subject, "the keys are of two instances. Copy both from the same page of the dashboard")
	}
	satellite := e.settings.Satellite && e.settings.Domain != "" && e.settings.InstanceType == clerk.Production
	if compared && !satellite {
		return
	}
	list, err := instance.ListDomains(ctx, e.client)
	if err != nil {
		e.report.add(warning, subject, "its domains are not known: %s", cause(err))
		return
	}
	if !compared {
		own := slices.ContainsFunc(list.Data, func(d *instance.Domain) bool {
			u, err := url.Parse(d.FrontendAPIURL)
			return err == nil && strings.EqualFold(u.Host, e.settings.FrontendAPI)
		})
		if own {
			e.report.add(ok, subject, "both keys are of the same one, by its domains")
		} else {
			e.report.add(warning, subject, "it has no domain with the frontend API of the publishable key: compare both keys with the dashboard")
		}
	}
	if satellite {
		e.checkSatellite(list.Data)
	}
}

func (e *examination) checkSatellite(domains []*instance.Domain) {
	var satellites []string
	for _, d := range domains {
		if d.IsSatellite {
			satellites = append(satellites, d.Name)
		}
	}
	if slices.Contains(satellites, e.settings.Domain) {
		e.report.add(ok, "satellite", "%s is one of the instance's", e.settings.Domain)
		return
	}
	e.report.add(wrong, "satellite", "the instance has no satellite domain %s. It has %q: correct CLERK_DOMAIN, or add the domain in the dashboard", e.settings.Domain, satellites)
}

func (e *examination) checkJWTKey() {
	const subject = "JWT key"
	published := e.backend.keys
	if published == nil {
		published = e.frontend.keys
	}
	switch key := e.settings.JWTKey; {
	case key == nil:
	case published == nil:
		e.report.add(warning, subject, "the keys of the instance are not known, so it could not be compared")
	case shares(published, map[string]keyset.Key{"": {Public: key}}):
		e.report.add(ok, subject, "one of the instance's")
	default:
		e.report.add(wrong, subject, "not one of the instance's: every token is refused. Copy it again, or leave CLERK_JWT_KEY unset")
	}
}
