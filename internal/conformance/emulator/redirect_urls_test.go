package emulator

import (
	"testing"

	"github.com/backend-sdk/clerk-go/instance"
)

var _ = scenario("redirect URLs", func(t *testing.T, w *world) {
	ctx := t.Context()
	made := must[*instance.RedirectURL](t)(instance.CreateRedirectURL(ctx, w.client, instance.CreateRedirectURLParams{URL: "https://example.com/done"}))
	_, err := instance.CreateRedirectURL(ctx, w.client, instance.CreateRedirectURLParams{URL: made.URL})
	refused(t, err, 422, "form_already_exists")
	_, err = instance.CreateRedirectURL(ctx, w.client, instance.CreateRedirectURLParams{URL: "nowhere"})
	refused(t, err, 422, "form_param_format_invalid")
	got := must[*instance.RedirectURL](t)(instance.GetRedirectURL(ctx, w.client, made.ID))
	fit(t, *got == *made, "the redirect URL is %+v, want %+v", got, made)
	list, err := instance.ListRedirectURLs(ctx, w.client, instance.ListRedirectURLsParams{})
	fit(t, err == nil && len(list.Data) == 1 && *list.Data[0] == *made, "the list is %v, %v", list, err)
	must[*instance.DeletedObject](t)(instance.DeleteRedirectURL(ctx, w.client, made.ID))
	_, err = instance.GetRedirectURL(ctx, w.client, made.ID)
	refused(t, err, 404, "resource_not_found")
})
