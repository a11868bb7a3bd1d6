package clerktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
	"github.com/backend-sdk/clerk-go/instance"
)

// template is a stored JWT template and its custom signing key, if it has one.
type template = SeedTemplate

func (t *template) signerOr(other signing.Signer) signing.Signer {
	if t.SigningKey == "" {
		return other
	}
	// The key was accepted when it was stored.
	by, _ := signing.NewSigner(t.SigningAlgorithm, t.SigningKey)
	return by
}

type templateTables struct{ templates kind[template] }

func (t *tables) addTemplates() {
	addSeeded(t, "jwt_templates", &t.templates, kind[template]{
		noun: "JWT template", object: "jwt_template", prefix: "jtmp", component: "JWTTemplate", more: membersOf(seedText, "signing_key"),
		seed: func(s *Seed) *[]template { return &s.JWTTemplates },
		fill: func(_ *Instance, t *template) { t.Lifetime = cmp.Or(t.Lifetime, templateLife) },
		complete: func(i *Instance, t *template) error {
			t.ID = cmp.Or(t.ID, derivedID("jtmp", t.Name))
			t.SigningAlgorithm = cmp.Or(t.SigningAlgorithm, "RS256")
			return i.checkSeedTemplate(t)
		},
	}, func(t *template) string { return t.ID })
}

// checkSeedTemplate returns an error that begins with the member at fault.
func (i *Instance) checkSeedTemplate(t *template) error {
	reserved := reservedIn(t.Claims)
	switch {
	case !templateName.MatchString(t.Name):
		return errors.New("name must be letters, digits and the characters _ -")
	case i.templates.Find(func(o *template) bool { return o.Name == t.Name }) != nil:
		return errors.New("name belongs to another JWT template")
	case t.Claims.IsZero():
		return errors.New("claims is required")
	case reserved != "":
		return fmt.Errorf("claims cannot set %s", reserved)
	case t.CustomSigningKey != (t.SigningKey != ""):
		return errors.New("signing_key and custom_signing_key must be set together")
	case !slices.Contains(signing.Algorithms, t.SigningAlgorithm):
		return fmt.Errorf("signing_algorithm must be one of %v", signing.Algorithms)
	}
	if t.CustomSigningKey {
		if _, err := signing.NewSigner(t.SigningAlgorithm, t.SigningKey); err != nil {
			return fmt.Errorf("signing_key %w", err)
		}
	}
	return nil
}

const (
	templateLife = 60 // seconds
	templateSkew = 5
)

// reservedClaims are the claims that a template cannot set.
var reservedClaims = []string{"azp", "exp", "fea", "iat", "iss", "jti", "nbf", "pla", "sid", "sub", "v"}

// reservedIn returns the name of a reserved claim that claims set, or "".
func reservedIn(claims clerk.Metadata) string {
	set, _ := decodedJSON(claims).(map[string]any)
	for _, name := range reservedClaims {
		if _, ok := set[name]; ok {
			return name
		}
	}
	return ""
}

var templateName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

func (i *Instance) templateNamed(name string) *template {
	t, _ := read(i, func() (*template, error) {
		return i.templates.Find(func(t *template) bool { return t.Name == name }), nil
	})
	return t
}

func (i *Instance) listTemplates(_ context.Context, params instance.ListJWTTemplatesParams) (*clerk.List[api.JWTTemplate], error) {
	page, err := i.templates.page(i.templates.Snapshot(), params)
	if err != nil {
		return nil, err
	}
	return mapped(page, func(t *template) *api.JWTTemplate { return &t.JWTTemplate }), nil
}

func (i *Instance) getTemplate(_ context.Context, templateID string) (*api.JWTTemplate, error) {
	return read(i, func() (*api.JWTTemplate, error) {
		t, err := i.templates.existing(templateID)
		if err != nil {
			return nil, err
		}
		return &t.JWTTemplate, nil
	})
}

func (i *Instance) createTemplate(_ context.Context, params instance.CreateJWTTemplateParams) (*api.JWTTemplate, error) {
	return write(i, func() (*api.JWTTemplate, error) {
		now := i.now()
		t := &template{JWTTemplate: api.JWTTemplate{
			Object: "jwt_template", ID: newID("jtmp", now), SigningAlgorithm: "RS256",
			Lifetime: templateLife, AllowedClockSkew: templateSkew,
		}}
		stamp(&t.CreatedAt, now)
		return i.writeTemplate(t, instance.UpdateJWTTemplateParams(params), now)
	})
}

func (i *Instance) updateTemplate(_ context.Context, templateID string, params instance.UpdateJWTTemplateParams) (*api.JWTTemplate, error) {
	return write(i, func() (*api.JWTTemplate, error) {
		stored, err := i.templates.existing(templateID)
		if err != nil {
			return nil, err
		}
		changed := *stored
		return i.writeTemplate(&changed, params, i.now())
	})
}

func (i *Instance) deleteTemplate(_ context.Context, templateID string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		if _, err := i.templates.existing(templateID); err != nil {
			return nil, err
		}
		i.templates.Remove(templateID)
		return &api.DeletedObject{Object: "jwt_template", ID: templateID, Deleted: true}, nil
	})
}

// writeTemplate changes t and stores it unless the parameters are refused.
func (i *Instance) writeTemplate(t *template, params instance.UpdateJWTTemplateParams, now time.Time) (*api.JWTTemplate, error) {
	if !templateName.MatchString(params.Name) {
		return nil, invalid("form_param_format_invalid", "name", "can only have letters, digits and the characters _ -")
	}
	if i.templates.Find(func(o *template) bool { return o.ID != t.ID && o.Name == params.Name }) != nil {
		return nil, invalid("form_already_exists", "name", "belongs to another template")
	}
	if claim := reservedIn(params.Claims); claim != "" {
		return nil, failure(http.StatusBadRequest, "jwt_template_reserved_claim", "a template cannot set the claim "+claim, "claims")
	}
	t.Name, t.Claims = params.Name, params.Claims
	assign(&t.Lifetime, orDefault(params.Lifetime, templateLife))
	assign(&t.AllowedClockSkew, orDefault(params.AllowedClockSkew, templateSkew))
	if err := t.chooseKey(params.CustomSigningKey, params.SigningAlgorithm, params.SigningKey); err != nil {
		return nil, err
	}
	stamp(&t.UpdatedAt, now)
	i.templates.Put(t)
	return &t.JWTTemplate, nil
}

// orDefault replaces null by the default.
func orDefault(o clerk.Optional[int], byDefault int) clerk.Optional[int] {
	if o.IsNull() {
		return clerk.Set(byDefault)
	}
	return o
}

// chooseKey sets or removes the custom signing key of a template.
func (t *template) chooseKey(custom clerk.Optional[bool], algorithm, key clerk.Optional[string]) error {
	if wanted, ok := custom.Get(); ok && !wanted {
		t.CustomSigningKey, t.SigningAlgorithm, t.SigningKey = false, "RS256", ""
		return nil
	} else if !ok && !t.CustomSigningKey {
		return nil
	}
	name, secret := algorithm.Or(t.SigningAlgorithm), key.Or(t.SigningKey)
	switch {
	case !t.CustomSigningKey && algorithm.Or("") == "":
		return invalid("form_conditional_param_missing", "signing_algorithm", "is required with a custom signing key")
	case secret == "":
		return invalid("form_conditional_param_missing", "signing_key", "is required with a custom signing key")
	case !slices.Contains(signing.Algorithms, name):
		return invalid("form_param_value_invalid", "signing_algorithm", "must be one of %v", signing.Algorithms)
	}
	if _, err := signing.NewSigner(name, secret); err != nil {
		return invalid("form_param_value_invalid", "signing_key", "%s", err.Error())
	}
	t.CustomSigningKey, t.SigningAlgorithm, t.SigningKey = true, name, secret
	return nil
}
