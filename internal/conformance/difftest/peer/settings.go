package peer

import (
	"cmp"
	"net/http"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
)

// javaScriptOptions returns the settings as options of the JavaScript SDK. It passes a
// single accepted token type as a string, several as a list.
func javaScriptOptions(o *generator.Options) map[string]any {
	options := map[string]any{
		"publishableKey": o.PublishableKey, "secretKey": o.SecretKey, "machineSecretKey": o.MachineSecretKey, "jwtKey": o.JWTKey,
		"domain": o.Domain, "proxyUrl": o.ProxyURL, "signInUrl": o.SignInURL,
		"isSatellite": o.Satellite, "satelliteAutoSync": o.SatelliteAutoSync,
	}
	switch {
	case o.Any:
		options["acceptsToken"] = "any"
	case len(o.Accepts) == 1:
		options["acceptsToken"] = o.Accepts[0]
	case len(o.Accepts) > 1:
		options["acceptsToken"] = o.Accepts
	}
	sync := map[string]any{}
	if o.OrganizationPatterns != nil {
		sync["organizationPatterns"] = o.OrganizationPatterns
	}
	if o.PersonalPatterns != nil {
		sync["personalAccountPatterns"] = o.PersonalPatterns
	}
	if len(sync) > 0 {
		options["organizationSyncOptions"] = sync
	}
	if o.Audience != nil {
		options["audience"] = o.Audience
	}
	if o.AuthorizedParties != nil {
		options["authorizedParties"] = o.AuthorizedParties
	}
	if o.Issuer != "" {
		options["issuer"] = o.Issuer
	}
	if o.ClockSkew != nil {
		options["clockSkewInMs"] = *o.ClockSkew
	}
	return options
}

var everyKind = []string{generator.Session, generator.APIKey, generator.M2M, generator.OAuth}

func kinds(names []string) []auth.TokenType {
	types := make([]auth.TokenType, len(names))
	for i, name := range names {
		types[i] = auth.TokenType(name)
	}
	return types
}

// authenticator returns an Authenticator of package auth with the settings.
func authenticator(c *generator.Case, api string, transport http.RoundTripper) (*auth.Authenticator, error) {
	o := &c.Options
	var client *clerk.Client
	if key := cmp.Or(o.SecretKey, o.MachineSecretKey); key != "" && !o.NoClient {
		var err error
		if client, err = clerk.New(key, clerk.WithBaseURL(api), clerk.WithTransport(transport)); err != nil {
			return nil, err
		}
	}
	clock := time.UnixMilli(c.Clock)
	options := []auth.Option{auth.WithClock(func() time.Time { return clock })}
	add := func(given bool, option auth.Option) {
		if given {
			options = append(options, option)
		}
	}
	add(o.PublishableKey != "", auth.WithPublishableKey(o.PublishableKey))
	add(o.JWTKey != "", auth.WithJWTKey(o.JWTKey))
	add(o.Domain != "", auth.WithDomain(o.Domain))
	add(o.ProxyURL != "", auth.WithProxyURL(o.ProxyURL))
	add(o.SignInURL != "", auth.WithSignInURL(o.SignInURL))
	add(o.Satellite, auth.WithSatellite(true))
	add(o.SatelliteAutoSync, auth.WithSatelliteAutoSync(true))
	add(len(o.Audience) > 0 && !o.RequiredAudience, auth.WithAudience(o.Audience...))
	add(len(o.Audience) > 0 && o.RequiredAudience, auth.WithRequiredAudience(o.Audience...))
	add(len(o.AuthorizedParties) > 0, auth.WithAuthorizedParties(o.AuthorizedParties...))
	add(o.Issuer != "", auth.WithIssuer(o.Issuer))
	if o.ClockSkew != nil {
		add(true, auth.WithClockSkew(time.Duration(*o.ClockSkew)*time.Millisecond))
	}
	add(o.TemplateTokens, auth.WithTemplateTokens())
	add(len(o.TrustedProxies) > 0, auth.WithTrustedProxies(o.TrustedProxies...))
	add(o.PublicOrigin != "", auth.WithPublicOrigin(o.PublicOrigin))
	add(o.Any, auth.WithAcceptedTokens(kinds(everyKind)...))
	add(!o.Any && len(o.Accepts) > 0, auth.WithAcceptedTokens(kinds(o.Accepts)...))
	add(o.MachineSecretKey != "", auth.WithMachineSecretKey(o.MachineSecretKey))
	add(len(o.MachineAudience) > 0, auth.WithMachineAudience(o.MachineAudience...))
	add(o.OrganizationPatterns != nil, auth.WithOrganizationPatterns(o.OrganizationPatterns...))
	add(o.PersonalPatterns != nil, auth.WithPersonalAccountPatterns(o.PersonalPatterns...))
	add(len(o.RedirectOrigins) > 0, auth.WithRedirectOrigins(o.RedirectOrigins...))
	add(o.HandshakeCookiesOnly, auth.WithHandshakeCookiesOnly(true))
	add(o.SameOriginSessions, auth.WithSameOriginSessions(true))
	add(o.CrossOriginProtection, auth.WithCrossOriginProtection(http.NewCrossOriginProtection()))
	return auth.New(client, options...)
}
