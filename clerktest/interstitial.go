package clerktest

import (
	"context"
	"html"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/instance"
)

// getPublicInterstitial returns the page that older SDKs show while a browser without
// cookies loads the script of the frontend. The emulated instance has no such script.
func (i *Instance) getPublicInterstitial(_ context.Context, params instance.GetPublicInterstitialParams) (*clerk.HTML, error) {
	//lint:ignore SA1019 callers may still send the deprecated name
	host := params.FrontendAPI.Or(params.DeprecatedFrontendAPI.Or(i.frontendAPI))
	page := clerk.HTML("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing in</title></head>" +
		"<body data-frontend-api=\"" + html.EscapeString(host) + "\"></body></html>\n")
	return &page, nil
}
