package clerktest_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
)

func TestSecretKey(t *testing.T) {
	t.Parallel()
	instance := startInstance(t)
	for name, tc := range map[string]struct{ value, code string }{
		"none":         {"", "authorization_header_format_invalid"},
		"no scheme":    {instance.SecretKey(), "authorization_header_format_invalid"},
		"other scheme": {"Basic " + instance.SecretKey(), "authorization_header_format_invalid"},
		"other key":    {"Bearer sk_test_other", "clerk_key_invalid"},
		"longer key":   {"Bearer " + instance.SecretKey() + "x", "clerk_key_invalid"},
		"publishable":  {"Bearer " + instance.PublishableKey(), "clerk_key_invalid"},
	} {
		for _, path := range []string{"/users", "/jwks", "/nothing", "/organizations"} {
			got := send(t, instance, "GET", path, "", "Authorization", tc.value)
			if got.status != http.StatusUnauthorized || !strings.HasPrefix(got.problemLines(t)[0], tc.code) {
				t.Errorf("%s: GET %s = %d %s", name, path, got.status, got.body)
			}
			if bytes.Contains(got.body, []byte(instance.SecretKey())) {
				t.Errorf("%s: the error shows the key", name)
			}
		}
	}
}

// TestMachineKeys checks which operations each key may call.
func TestMachineKeys(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
	ctx, client := t.Context(), i.Client()
	a := i.CreateMachine(machines.CreateMachineParams{Name: "a"})
	createWithKey := func(key string) error {
		_, err := machines.CreateM2MToken(ctx, client, machines.CreateM2MTokenParams{}, clerk.WithKey(key))
		return err
	}
	if err := createWithKey(a.SecretKey); err != nil {
		t.Error(err)
	}
	if err := createWithKey(i.SecretKey()); !errors.Is(err, clerk.ErrUnauthorized) {
		t.Errorf("with the instance's key: %v", err)
	}
	if err := createWithKey("ak_stranger"); !errors.Is(err, clerk.ErrUnauthorized) || !clerk.HasCode(err, "clerk_key_invalid") {
		t.Errorf("with an unknown key: %v", err)
	}
	if _, err := machines.ListMachines(ctx, client, machines.ListMachinesParams{}, clerk.WithKey(a.SecretKey)); !errors.Is(err, clerk.ErrUnauthorized) {
		t.Errorf("listing machines with the key of a machine: %v", err)
	}
	if _, err := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: a.SecretKey}); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("verifying the key of a machine as an API key: %v", err)
	}
	renewed, err := machines.RotateMachineSecretKey(ctx, client, a.ID, machines.RotateMachineSecretKeyParams{PreviousTokenTTL: 60})
	if err != nil || renewed.Secret == a.SecretKey {
		t.Fatal(renewed, err)
	}
	if shown, err := machines.GetMachineSecretKey(ctx, client, a.ID); err != nil || shown.Secret != renewed.Secret {
		t.Errorf("the key differs, %v", err)
	}
	if err := errors.Join(createWithKey(a.SecretKey), createWithKey(renewed.Secret)); err != nil {
		t.Errorf("in the first minute: %v", err)
	}
	c.advance(time.Minute)
	if err := createWithKey(a.SecretKey); !errors.Is(err, clerk.ErrUnauthorized) {
		t.Errorf("after a minute: %v", err)
	}
	if err := createWithKey(renewed.Secret); err != nil {
		t.Error(err)
	}
	for _, header := range []string{"", "Basic dTpw", renewed.Secret} {
		if got := send(t, i, "POST", "/m2m_tokens", "{}", "Authorization", header); got.status != http.StatusUnauthorized {
			t.Errorf("the header %q: %d", header, got.status)
		}
	}
}
