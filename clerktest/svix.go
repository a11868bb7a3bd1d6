package clerktest

import (
	"context"
	"errors"
	"net/http"

	"github.com/backend-sdk/clerk-go/api"
)

// svixApp is the application of the instance at the service that sends its webhooks, the
// only resource of its table.
type svixApp struct {
	ID string `json:"id"`
}

func (t *tables) addSvixApps() {
	t.svixApps = addKind(t, "svix_apps", kind[svixApp]{noun: "Svix app"}, func(a *svixApp) string { return a.ID })
}

// svixTables holds the app while there is one.
type svixTables struct{ svixApps kind[svixApp] }

func (i *Instance) setSvixHandlers(h *Handlers) {
	h.CreateSvixApp = func(context.Context) (*api.SvixURL, error) {
		return write(i, func() (*api.SvixURL, error) {
			if i.svixApps.Len() > 0 {
				return nil, failure(http.StatusBadRequest, "svix_app_exists", "the instance has a Svix app already", "")
			}
			i.svixApps.Put(&svixApp{ID: newID("app", i.now())})
			return i.svixURL(), nil
		})
	}
	h.GenerateSvixAuthURL = func(context.Context) (*api.SvixURL, error) {
		return read(i, func() (*api.SvixURL, error) {
			if i.svixApps.Len() == 0 {
				return nil, svixAppMissing()
			}
			return i.svixURL(), nil
		})
	}
	h.DeleteSvixApp = func(context.Context) error {
		return i.store.Write(func() error {
			if i.svixApps.Len() == 0 {
				return svixAppMissing()
			}
			i.svixApps.Remove(i.svixApps.All()[0].ID)
			return nil
		})
	}
}

func svixAppMissing() error {
	return failure(http.StatusBadRequest, "svix_app_missing", "the instance has no Svix app", "")
}

// svixURL leads to the instance's own list of deliveries.
func (i *Instance) svixURL() *api.SvixURL { return &api.SvixURL{URL: i.URL() + "/_emulator/webhooks"} }

func (i *Instance) loadSvixApp(seed Seed) error {
	switch {
	case seed.SvixApp == "":
		return nil
	case !idPattern("app").MatchString(seed.SvixApp):
		return errors.New("svix_app must be app_ and letters or digits")
	}
	i.svixApps.Put(&svixApp{seed.SvixApp})
	return nil
}
