package clerktest

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/instance"
)

type domainTables struct {
	domains       kind[api.Domain]
	domainsByName *store.Index[api.Domain]
	proxyChecks   kind[api.ProxyCheck]
}

func (t *tables) addDomains() {
	addSeeded(t, "domains", &t.domains, kind[api.Domain]{
		noun: "domain", object: "domain", prefix: "dmn", component: "Domain",
		seed: func(s *Seed) *[]api.Domain { return &s.Domains },
		complete: func(i *Instance, d *api.Domain) error {
			if err := i.checkDomain(d); err != nil {
				return err
			}
			i.nameDomain(d, d.Name)
			return nil
		},
	}, func(d *api.Domain) string { return d.ID })
	t.domainsByName = t.domains.By(one(func(d *api.Domain) string { return strings.ToLower(d.Name) }))
	t.proxyChecks = addKind(t, "proxy_checks", kind[api.ProxyCheck]{noun: "proxy check", object: "proxy_check", prefix: "pchk"}, func(c *api.ProxyCheck) string { return c.ID })
}

// loadPrimaryDomain adds the domain of the instance itself, unless the seed has it.
func (i *Instance) loadPrimaryDomain() {
	if i.domains.Find(func(d *api.Domain) bool { return !d.IsSatellite }) != nil {
		return
	}
	d := &api.Domain{ID: derivedID("dmn", i.id), Object: "domain"}
	i.nameDomain(d, i.domain())
	i.domains.Put(d)
}

var (
	domainPattern     = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
	domainPortPattern = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?$`)
)

// checkDomain returns an error for a name that no domain can have, or that another has.
func (i *Instance) checkDomain(d *api.Domain) error {
	pattern := domainPortPattern
	if i.production {
		pattern = domainPattern
	}
	if !pattern.MatchString(strings.ToLower(d.Name)) {
		return invalid("form_param_format_invalid", "name", "must be a domain without a scheme")
	}
	if other := i.domainsByName.First(strings.ToLower(d.Name)); other != nil && other.ID != d.ID {
		return invalid("form_identifier_exists", "name", "belongs to another domain")
	}
	return i.checkProxyURL("proxy_url", clerk.Value(d.ProxyURL))
}

func (i *Instance) checkProxyURL(param, text string) error {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return nil
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return invalid("form_param_format_invalid", param, "must be a full URL")
	case !i.production:
		return invalid("form_param_value_invalid", param, "is for production instances only")
	}
	return nil
}

// nameDomain sets the name of a domain and what follows from it.
func (i *Instance) nameDomain(d *api.Domain, name string) {
	d.Name, d.FrontendAPIURL = name, "https://clerk."+name
	d.AccountsPortalURL, d.CNAMETargets = nil, nil
	if !d.IsSatellite {
		d.FrontendAPIURL, d.AccountsPortalURL = i.Issuer(), new("https://accounts."+name)
	}
	if d.ProxyURL != nil {
		d.FrontendAPIURL = *d.ProxyURL
	}
	if i.production && d.ProxyURL == nil {
		// What stands behind the name is Clerk's; no record is looked up.
		d.CNAMETargets = []api.CNAMETarget{{Host: "clerk." + name, Value: "frontend-api.clerk.services", Required: true}}
	}
}

func (i *Instance) setDomainHandlers(h *Handlers) {
	h.ListDomains = func(context.Context) (*clerk.List[api.Domain], error) {
		all := i.domains.Snapshot()
		return &clerk.List[api.Domain]{Data: all, TotalCount: clerk.Set(int64(len(all)))}, nil
	}
	h.CreateDomain = i.createDomain
	h.UpdateDomain = i.updateDomain
	h.DeleteDomain = i.deleteDomain
	h.VerifyDomainProxy = i.verifyDomainProxy
	h.ChangeProductionInstanceDomain = func(_ context.Context, params instance.ChangeProductionInstanceDomainParams) error {
		return i.moveInstance(params.HomeURL)
	}
	h.UpdateProductionInstanceDomain = func(_ context.Context, params instance.UpdateProductionInstanceDomainParams) error {
		return i.moveInstance(params.HomeURL)
	}
}

func (i *Instance) createDomain(_ context.Context, params instance.CreateDomainParams) (*api.Domain, error) {
	return write(i, func() (*api.Domain, error) {
		return i.domains.create(i.now(), params, func(d *api.Domain) error {
			d.IsSatellite = true
			if err := i.checkDomain(d); err != nil {
				return err
			}
			i.nameDomain(d, strings.ToLower(d.Name))
			return nil
		})
	})
}

func (i *Instance) updateDomain(_ context.Context, domainID string, params instance.UpdateDomainParams) (*api.Domain, error) {
	return write(i, func() (*api.Domain, error) {
		return i.domains.change(domainID, i.now(), params, func(d *api.Domain) error {
			if !d.IsSatellite && !i.production {
				return failure(http.StatusForbidden, "operation_not_allowed_on_primary_domain", "the domain of a development instance cannot be changed", "")
			}
			if err := i.checkDomain(d); err != nil {
				return err
			}
			i.nameDomain(d, strings.ToLower(d.Name))
			return nil
		})
	})
}

func (i *Instance) deleteDomain(_ context.Context, domainID string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		if d := i.domains.Get(domainID); d != nil && !d.IsSatellite {
			return nil, failure(http.StatusForbidden, "operation_not_allowed_on_primary_domain", "the primary domain cannot be deleted", "")
		}
		return i.domains.delete(domainID)
	})
}

// moveInstance changes the name of the primary domain of a production instance. The keys
// and the host of the frontend API stay, so that a service that runs can go on.
func (i *Instance) moveInstance(homeURL clerk.Optional[string]) error {
	u, err := url.Parse(homeURL.Or(""))
	switch {
	case !i.production:
		return failure(http.StatusBadRequest, "domain_update_forbidden", "only a production instance can be moved to another domain", "")
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || !domainPattern.MatchString(strings.ToLower(u.Hostname())):
		return invalid("form_param_format_invalid", "home_url", "must be a full URL such as https://www.example.com")
	}
	_, err = write(i, func() (*api.Domain, error) {
		primary := i.domains.Find(func(d *api.Domain) bool { return !d.IsSatellite })
		return i.domains.change(primary.ID, i.now(), nil, func(d *api.Domain) error {
			d.Name = strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
			if err := i.checkDomain(d); err != nil {
				return err
			}
			i.nameDomain(d, d.Name)
			i.revokeEverySession()
			return nil
		})
	})
	return err
}

// verifyDomainProxy reports a proxy that leads to the domain as working. It makes no
// request: nothing that a request names is asked by the emulator.
func (i *Instance) verifyDomainProxy(_ context.Context, params instance.VerifyDomainProxyParams) (*api.ProxyCheck, error) {
	return write(i, func() (*api.ProxyCheck, error) {
		d, err := i.domains.existing(params.DomainID.Or(""))
		if err != nil {
			return nil, err
		}
		if text := params.ProxyURL.Or(""); text != "" && hostOf(text) == "" {
			return nil, invalid("form_param_format_invalid", "proxy_url", "must be a full URL")
		}
		check := &api.ProxyCheck{DomainID: d.ID, ProxyURL: params.ProxyURL.Or("")}
		resource.Begin(check, newID("pchk", i.now()), "proxy_check", i.now())
		check.LastRunAt, check.Successful = &check.CreatedAt, belongsTo(hostOf(check.ProxyURL), d.Name)
		i.proxyChecks.Put(check)
		if check.Successful && i.production {
			_, err = i.domains.change(d.ID, i.now(), nil, func(d *api.Domain) error {
				d.ProxyURL = &check.ProxyURL
				i.nameDomain(d, d.Name)
				return nil
			})
		}
		return check, err
	})
}

func hostOf(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
