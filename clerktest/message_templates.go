package clerktest

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/instance"
)

// messageTemplateTables holds the templates of messages that were changed.
type messageTemplateTables struct{ messageTemplates kind[api.Template] }

func (t *tables) addMessageTemplates() {
	addSeeded(t, "message_templates", &t.messageTemplates, kind[api.Template]{
		noun: "template", object: "template", prefix: "tmpl", component: "Template",
		seed: func(s *Seed) *[]api.Template { return &s.MessageTemplates },
		complete: func(i *Instance, t *api.Template) error {
			original, err := i.originalTemplate(t.TemplateType, t.Slug)
			if err != nil {
				return fmt.Errorf("slug is not that of a message")
			}
			t.ID = original.ID
			return nil
		},
	}, func(t *api.Template) string { return t.ID })
}

// message is a message that Clerk sends, with the variable that it must have.
type message struct{ slug, name, required string }

var messages = map[api.TemplateType][]message{
	api.TemplateTypeEmail: {
		{"verification_code", "Verification code", "otp_code"},
		{"reset_password_code", "Reset password code", "otp_code"},
		{"magic_link_sign_in", "Email link for sign in", "magic_link"},
		{"magic_link_sign_up", "Email link for sign up", "magic_link"},
		{"magic_link_user_profile", "Email link for the profile", "magic_link"},
		{"invitation", "Invitation", "action_url"},
		{"organization_invitation", "Organization invitation", "action_url"},
		{"organization_invitation_accepted", "Organization invitation accepted", ""},
		{"affiliation_code", "Affiliation code", "otp_code"},
		{"new_device_sign_in", "Sign in from a new device", ""},
		{"password_changed", "Password changed", ""},
		{"password_removed", "Password removed", ""},
		{"primary_email_address_changed", "Primary email address changed", ""},
		{"account_locked", "Account locked", ""},
		{"waitlist_confirmation", "Waitlist confirmation", ""},
		{"waitlist_invitation", "Waitlist invitation", "action_url"},
	},
	api.TemplateTypeSMS: {
		{"verification_code", "Verification code", "otp_code"},
		{"reset_password_code", "Reset password code", "otp_code"},
		{"invitation", "Invitation", "action_url"},
		{"password_changed", "Password changed", ""},
	},
}

// originalTemplate returns a template as it is before anybody changes it.
func (i *Instance) originalTemplate(kind api.TemplateType, slug string) (*api.Template, error) {
	list, known := messages[kind]
	if !known {
		return nil, templateTypeUnsupported()
	}
	for position, m := range list {
		if m.slug != slug {
			continue
		}
		text := m.name
		required := []string{}
		if m.required != "" {
			text += ": {{" + m.required + "}}"
			required = append(required, m.required)
		}
		t := &api.Template{
			ID: derivedID("tmpl", i.id, string(kind), slug), Object: "template", InstanceID: i.id, ResourceType: "system",
			TemplateType: kind, Name: m.name, Slug: slug, Position: new(position), CanEditBody: true,
			Body: text, Markup: text, RequiredVariables: required,
			AvailableVariables: append([]string{"app.name", "app.url"}, required...),
			DeliveredByClerk:   true, Enabled: true, CreatedAt: new(clerk.At(seedBegin)), UpdatedAt: new(clerk.At(seedBegin)),
		}
		if kind == api.TemplateTypeEmail {
			t.Subject, t.FromEmailName = m.name, "noreply"
		}
		return t, nil
	}
	return nil, notFound("template", slug)
}

func templateTypeUnsupported() *clerk.Error {
	return failure(http.StatusBadRequest, "template_type_unsupported", "the type of a template is email or sms", "template_type")
}

// messageTemplate returns a template as it is now.
func (i *Instance) messageTemplate(kind api.TemplateType, slug string) (*api.Template, error) {
	original, err := i.originalTemplate(kind, slug)
	if err != nil {
		return nil, err
	}
	return cmp.Or(i.messageTemplates.Get(original.ID), original), nil
}

func (i *Instance) setMessageTemplateHandlers(h *Handlers) {
	h.ListTemplates = func(_ context.Context, kind instance.TemplateType, params instance.ListTemplatesParams) (*clerk.List[api.Template], error) {
		return read(i, func() (*clerk.List[api.Template], error) { return i.listMessageTemplates(kind, params) })
	}
	h.GetTemplate = func(_ context.Context, kind instance.TemplateType, slug string) (*api.Template, error) {
		return read(i, func() (*api.Template, error) { return i.messageTemplate(kind, slug) })
	}
	h.UpsertTemplate = func(_ context.Context, kind instance.TemplateType, slug string, params instance.UpsertTemplateParams) (*api.Template, error) {
		return i.changeMessageTemplate(kind, slug, func(t *api.Template) error {
			if kind == api.TemplateTypeSMS && !(params.Subject.IsZero() && params.FromEmailName.IsZero() && params.ReplyToEmailName.IsZero()) {
				return invalid("form_conditional_param_disallowed", "subject", "and names of addresses are for email only")
			}
			resource.Copy(t, params)
			return checkVariables(t)
		})
	}
	h.ToggleTemplateDelivery = func(_ context.Context, kind instance.TemplateType, slug string, params instance.ToggleTemplateDeliveryParams) (*api.Template, error) {
		return i.changeMessageTemplate(kind, slug, func(t *api.Template) error {
			resource.Copy(t, params)
			return nil
		})
	}
	h.RevertTemplate = func(_ context.Context, kind instance.TemplateType, slug string) (*api.Template, error) {
		return write(i, func() (*api.Template, error) {
			original, err := i.originalTemplate(kind, slug)
			if err == nil {
				i.messageTemplates.Remove(original.ID)
			}
			return original, err
		})
	}
	h.PreviewTemplate = i.previewTemplate
}

func (i *Instance) listMessageTemplates(kind api.TemplateType, params instance.ListTemplatesParams) (*clerk.List[api.Template], error) {
	if messages[kind] == nil {
		_, err := i.originalTemplate(kind, "")
		return nil, err
	}
	var list []*api.Template
	for _, m := range messages[kind] {
		t, err := i.messageTemplate(kind, m.slug)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return cut(list, params), nil
}

// changeMessageTemplate stores a changed template.
func (i *Instance) changeMessageTemplate(kind api.TemplateType, slug string, change func(t *api.Template) error) (*api.Template, error) {
	return write(i, func() (*api.Template, error) {
		current, err := i.messageTemplate(kind, slug)
		if err != nil {
			return nil, err
		}
		changed := *current
		changed.ResourceType, changed.CanRevert = "user", true
		resource.Touch(&changed, i.now())
		return i.messageTemplates.put(&changed, nil, change)
	})
}

func checkVariables(t *api.Template) error {
	for _, name := range t.RequiredVariables {
		if !strings.Contains(t.Body, "{{"+name+"}}") {
			return failure(http.StatusUnprocessableEntity, "required_variable_missing", "the body must have the variable "+name, "body")
		}
	}
	return nil
}

// previewTemplate shows a text with its variables as they are: no message has values that
// could replace them.
func (i *Instance) previewTemplate(_ context.Context, kind instance.TemplateType, slug string, params instance.PreviewTemplateParams) (*api.TemplatePreview, error) {
	return read(i, func() (*api.TemplatePreview, error) {
		current, err := i.messageTemplate(kind, slug)
		if err != nil {
			return nil, err
		}
		shown := *current
		resource.Copy(&shown, params)
		if err := checkVariables(&shown); err != nil {
			return nil, err
		}
		preview := clerk.NewMetadata(map[string]string{"subject": shown.Subject, "body": shown.Body, "from_email_name": shown.FromEmailName})
		return &preview, nil
	})
}
