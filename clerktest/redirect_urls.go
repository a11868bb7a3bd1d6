package clerktest

import (
	"context"
	"net/url"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/instance"
)

type redirectURLTables struct {
	redirectURLs      kind[api.RedirectURL]
	redirectURLsByURL *store.Index[api.RedirectURL]
}

func (t *tables) addRedirectURLs() {
	addSeeded(t, "redirect_urls", &t.redirectURLs, kind[api.RedirectURL]{
		noun: "redirect URL", object: "redirect_url", prefix: "ru", component: "RedirectURL",
		seed: func(s *Seed) *[]api.RedirectURL { return &s.RedirectURLs },
	}, func(u *api.RedirectURL) string { return u.ID })
	t.redirectURLsByURL = t.redirectURLs.By(one(func(u *api.RedirectURL) string { return u.URL }))
}

func (i *Instance) setRedirectURLHandlers(h *Handlers) {
	h.ListRedirectURLs = func(_ context.Context, params instance.ListRedirectURLsParams) (*clerk.List[api.RedirectURL], error) {
		return i.redirectURLs.page(i.redirectURLs.Snapshot(), params)
	}
	h.GetRedirectURL = func(_ context.Context, id string) (*api.RedirectURL, error) {
		return read(i, func() (*api.RedirectURL, error) { return i.redirectURLs.existing(id) })
	}
	h.CreateRedirectURL = i.createRedirectURL
	h.DeleteRedirectURL = func(_ context.Context, id string) (*api.DeletedObject, error) {
		return write(i, func() (*api.DeletedObject, error) { return i.redirectURLs.delete(id) })
	}
}

func (i *Instance) createRedirectURL(_ context.Context, params instance.CreateRedirectURLParams) (*api.RedirectURL, error) {
	if u, err := url.Parse(params.URL); err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" {
		return nil, invalid("form_param_format_invalid", "url", "must be a full URL such as https://example.com/done or myapp://done")
	}
	return write(i, func() (*api.RedirectURL, error) {
		return i.redirectURLs.create(i.now(), params, func(u *api.RedirectURL) error {
			if i.redirectURLsByURL.First(u.URL) != nil {
				return invalid("form_already_exists", "url", "belongs to another redirect URL")
			}
			return nil
		})
	})
}
