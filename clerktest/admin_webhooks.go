package clerktest

import (
	"net/http"
)

// addWebhooks adds the deliveries of webhooks to what is under adminPath.
func (i *Instance) addWebhooks(handle func(pattern string, f func(r *http.Request) (any, error)), mux *http.ServeMux) {
	handle("GET "+adminPath+"webhooks", func(*http.Request) (any, error) { return list(i.Deliveries()), nil })
	handle("POST "+adminPath+"webhooks/{id}/resend", func(r *http.Request) (any, error) {
		if err := i.Redeliver(r.PathValue("id")); err != nil {
			return nil, notFound("delivery", r.PathValue("id"))
		}
		return list(i.Deliveries()), nil
	})
	// The status page's button sends a form and shows the page again.
	mux.HandleFunc("POST "+adminPath+"webhooks/resend", func(w http.ResponseWriter, r *http.Request) {
		if err := i.Redeliver(r.PostFormValue("id")); err != nil {
			fail(w, notFound("delivery", r.PostFormValue("id")))
			return
		}
		http.Redirect(w, r, statusPageURL, http.StatusSeeOther)
	})
}
