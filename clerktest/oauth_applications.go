package clerktest

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
	"github.com/backend-sdk/clerk-go/oauth"
)

type oauthApplicationTables struct {
	oauthApplications         kind[api.OAuthApplicationWithSecret]
	oauthApplicationsByClient *store.Index[api.OAuthApplicationWithSecret]
	oauthTokensOfClient       *store.Index[SeedOAuthToken]
}

func (t *tables) addOAuthApplications() {
	addSeeded(t, "oauth_applications", &t.oauthApplications, kind[api.OAuthApplicationWithSecret]{
		noun: "OAuth application", object: "oauth_application", prefix: "oa", component: "OAuthApplication",
		more: membersOf(seedText, "client_secret"),
		seed: func(s *Seed) *[]api.OAuthApplicationWithSecret { return &s.OAuthApplications },
		complete: func(i *Instance, a *api.OAuthApplicationWithSecret) error {
			a.ID = cmp.Or(a.ID, derivedID("oa", a.ClientID))
			a.ClientID = cmp.Or(a.ClientID, derivedID("client", a.ID))
			if !a.Public {
				a.ClientSecret = cmp.Or(a.ClientSecret, derivedID("secret", i.secretKey, a.ID))
			}
			return i.completeOAuthApplication(a)
		},
		listing: resource.Listing[api.OAuthApplicationWithSecret]{
			Orders: map[string]func(a, b *api.OAuthApplicationWithSecret) int{
				"created_at": resource.By(func(a *api.OAuthApplicationWithSecret) clerk.Timestamp { return a.CreatedAt }),
				"name":       resource.By(func(a *api.OAuthApplicationWithSecret) string { return a.Name }),
			},
			ByDefault: "created_at",
		},
	}, func(a *api.OAuthApplicationWithSecret) string { return a.ID })
	t.oauthApplicationsByClient = t.oauthApplications.By(one(func(a *api.OAuthApplicationWithSecret) string { return a.ClientID }))
	t.oauthTokensOfClient = t.oauthTokens.By(one(func(t *SeedOAuthToken) string { return t.ClientID }))
}

var oauthApplicationScopes = []string{"email", "offline_access", "openid", "private_metadata", "profile", "public_metadata"}

// completeOAuthApplication checks an application and sets what follows from its other
// members.
func (i *Instance) completeOAuthApplication(a *api.OAuthApplicationWithSecret) error {
	if strings.TrimSpace(a.Name) == "" {
		return invalid("form_param_value_invalid", "name", "must not be empty")
	}
	if other := i.oauthApplicationsByClient.First(a.ClientID); other != nil && other.ID != a.ID {
		return identifierTaken("client_id")
	}
	for _, uri := range a.RedirectURIs {
		if u, err := url.Parse(uri); err != nil || u.Scheme == "" {
			return invalid("form_param_format_invalid", "redirect_uris", "must have a scheme, as https://example.com/callback has")
		}
	}
	a.Scopes = cmp.Or(strings.Join(strings.Fields(a.Scopes), " "), "profile email")
	for scope := range strings.FieldsSeq(a.Scopes) {
		if !slices.Contains(oauthApplicationScopes, scope) {
			return invalid("form_param_value_invalid", "scopes", "can have %s, separated by spaces", strings.Join(oauthApplicationScopes, ", "))
		}
	}
	if a.DynamicallyRegistered && !a.ConsentScreenEnabled {
		return invalid("form_param_value_invalid", "consent_screen_enabled", "must be true for an application that registered itself")
	}
	if a.Public {
		a.ClientSecret = ""
	} else {
		a.ClientSecret = cmp.Or(a.ClientSecret, newOAuthSecret())
	}
	issuer := i.Issuer()
	//lint:ignore SA1019 responses still have the deprecated member
	a.CallbackURL = append(slices.Clip(a.RedirectURIs), "")[0]
	a.InstanceID = i.id
	a.AuthorizeURL, a.TokenFetchURL, a.UserInfoURL = issuer+"/oauth/authorize", issuer+"/oauth/token", issuer+"/oauth/userinfo"
	a.DiscoveryURL, a.TokenIntrospectionURL = issuer+"/.well-known/openid-configuration", issuer+"/oauth/token_info"
	return nil
}

func newOAuthSecret() string { return randomHex(20) }

// redirectURIs returns the redirect URIs that the parameters set, by default those of
// before.
func redirectURIs(before []string, list clerk.Optional[[]string], single clerk.Optional[string]) []string {
	if uris, ok := list.Get(); ok || list.IsNull() {
		return notNil(slices.Clone(uris))
	}
	if uri, ok := single.Get(); ok && uri != "" {
		return []string{uri}
	}
	return before
}

func (i *Instance) setOAuthApplicationHandlers(h *Handlers) {
	h.ListOAuthApplications = i.listOAuthApplications
	h.CreateOAuthApplication = i.createOAuthApplication
	h.GetOAuthApplication = func(_ context.Context, id string) (*api.OAuthApplication, error) {
		return read(i, func() (*api.OAuthApplication, error) { return withoutSecret(i.oauthApplications.existing(id)) })
	}
	h.UpdateOAuthApplication = i.updateOAuthApplication
	h.DeleteOAuthApplication = i.deleteOAuthApplication
	h.UploadOAuthApplicationLogo = i.uploadOAuthApplicationLogo
	h.RotateOAuthApplicationSecret = func(_ context.Context, id string) (*api.OAuthApplicationWithSecret, error) {
		return write(i, func() (*api.OAuthApplicationWithSecret, error) {
			return i.oauthApplications.change(id, i.now(), nil, func(a *api.OAuthApplicationWithSecret) error {
				a.ClientSecret = ""
				return i.completeOAuthApplication(a)
			})
		})
	}
	h.RevokeOAuthApplicationToken = i.revokeOAuthApplicationToken
}

func withoutSecret(a *api.OAuthApplicationWithSecret, err error) (*api.OAuthApplication, error) {
	if err != nil {
		return nil, err
	}
	return &a.OAuthApplication, nil
}

func (i *Instance) listOAuthApplications(_ context.Context, params oauth.ListOAuthApplicationsParams) (*clerk.List[api.OAuthApplication], error) {
	query := params.NameQuery.Or("")
	list := slices.DeleteFunc(i.oauthApplications.Snapshot(), func(a *api.OAuthApplicationWithSecret) bool {
		return a.ClientID != query && !strings.Contains(strings.ToLower(a.Name), strings.ToLower(query))
	})
	page, err := i.oauthApplications.page(list, params)
	if err != nil {
		return nil, err
	}
	return mapped(page, func(a *api.OAuthApplicationWithSecret) *api.OAuthApplication { return &a.OAuthApplication }), nil
}

func (i *Instance) createOAuthApplication(_ context.Context, params oauth.CreateOAuthApplicationParams) (*api.OAuthApplicationWithSecret, error) {
	return write(i, func() (*api.OAuthApplicationWithSecret, error) {
		return i.oauthApplications.create(i.now(), params, func(a *api.OAuthApplicationWithSecret) error {
			a.ClientID, a.ConsentScreenEnabled = randomHex(8), params.ConsentScreenEnabled.Or(true)
			//lint:ignore SA1019 callers may still send the deprecated name
			a.RedirectURIs = redirectURIs([]string{}, params.RedirectURIs, params.CallbackURL)
			return i.completeOAuthApplication(a)
		})
	})
}

func (i *Instance) updateOAuthApplication(_ context.Context, id string, params oauth.UpdateOAuthApplicationParams) (*api.OAuthApplication, error) {
	return write(i, func() (*api.OAuthApplication, error) {
		stored, err := i.oauthApplications.existing(id)
		if err != nil {
			return nil, err
		}
		return withoutSecret(i.oauthApplications.change(id, i.now(), params, func(a *api.OAuthApplicationWithSecret) error {
			//lint:ignore SA1019 callers may still send the deprecated name
			a.RedirectURIs = redirectURIs(stored.RedirectURIs, params.RedirectURIs, params.CallbackURL)
			return i.completeOAuthApplication(a)
		}))
	})
}

// deleteOAuthApplication also revokes the opaque tokens of the application.
func (i *Instance) deleteOAuthApplication(_ context.Context, id string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		a, err := i.oauthApplications.existing(id)
		if err != nil {
			return nil, err
		}
		for _, t := range i.oauthTokensOfClient.All(a.ClientID) {
			i.revokeOAuthToken(t)
		}
		i.dropImage(imageIDIn(clerk.Value(a.ClientImageURL)))
		return i.oauthApplications.delete(id)
	})
}

func (i *Instance) uploadOAuthApplicationLogo(_ context.Context, id string, params oauth.UploadOAuthApplicationLogoParams) (*api.OAuthApplication, error) {
	image, err := readImage(params.File)
	if err != nil {
		return nil, err
	}
	return write(i, func() (*api.OAuthApplication, error) {
		return withoutSecret(i.oauthApplications.change(id, i.now(), nil, func(a *api.OAuthApplicationWithSecret) error {
			if uploader, ok := params.UploaderUserID.Get(); ok && i.users.Get(uploader) == nil {
				return missingReference("user", uploader, "uploader_user_id")
			}
			i.dropImage(imageIDIn(clerk.Value(a.ClientImageURL)))
			a.ClientImageURL = new(i.keepImage(image))
			return nil
		}))
	})
}

// revokeOAuthApplicationToken revokes an opaque token of the application. Other tokens are
// not known to it.
func (i *Instance) revokeOAuthApplicationToken(_ context.Context, id string, params oauth.RevokeOAuthApplicationTokenParams) error {
	_, err := write(i, func() (*SeedOAuthToken, error) {
		a, err := i.oauthApplications.existing(id)
		if err != nil {
			return nil, err
		}
		t := i.oauthByToken.First(params.Token)
		if t == nil || t.ClientID != a.ClientID {
			return nil, failure(http.StatusNotFound, "resource_not_found", "the token is not one of the application "+id, "token")
		}
		i.revokeOAuthToken(t)
		return t, nil
	})
	return err
}

func (i *Instance) revokeOAuthToken(t *SeedOAuthToken) {
	revoked := *t
	revoked.Revoked = true
	i.oauthTokens.Put(&revoked)
}
