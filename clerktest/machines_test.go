package clerktest_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
	gocmp "github.com/google/go-cmp/cmp"
)

func TestMachines(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := start(t, clerktest.WithClock(c.now))
	ctx, client := t.Context(), i.Client()
	b := i.CreateMachine(machines.CreateMachineParams{Name: "billing"})
	c.advance(time.Second)
	a, err := machines.CreateMachine(ctx, client, machines.CreateMachineParams{Name: "Accounts", ScopedMachines: clerk.Set([]string{b.ID})})
	if err != nil {
		t.Fatal(err)
	}
	if a.Object != "machine" || a.InstanceID != i.ID() || *a.DefaultTokenTTL != 3600 || !strings.HasPrefix(a.SecretKey, "ak_") || len(a.ScopedMachines) != 1 || a.ScopedMachines[0].Name != "billing" {
		t.Errorf("the machine is %+v", a)
	}
	if _, err := machines.CreateMachine(ctx, client, machines.CreateMachineParams{Name: "c", ScopedMachines: clerk.Set([]string{"mch_none"})}); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("a machine that may call nobody's: %v", err)
	}
	if got, err := machines.GetMachine(ctx, client, a.ID); err != nil || got.Name != "Accounts" || len(got.ScopedMachines) != 1 {
		t.Errorf("the machine is %+v, %v", got, err)
	}
	c.advance(time.Second)
	changed, err := machines.UpdateMachine(ctx, client, a.ID, machines.UpdateMachineParams{DefaultTokenTTL: clerk.Set(60)})
	if err != nil || changed.Name != "Accounts" || *changed.DefaultTokenTTL != 60 || changed.UpdatedAt == a.UpdatedAt {
		t.Errorf("the changed machine is %+v, %v", changed, err)
	}
	if gone, err := machines.DeleteMachine(ctx, client, b.ID); err != nil || !gone.Deleted || gone.Object != "machine" {
		t.Errorf("the deleted machine is %+v, %v", gone, err)
	}
	if got, err := machines.GetMachine(ctx, client, a.ID); err != nil || len(got.ScopedMachines) != 0 {
		t.Errorf("after the other is gone: %+v, %v", got, err)
	}
	_, get := machines.GetMachine(ctx, client, b.ID)
	_, update := machines.UpdateMachine(ctx, client, b.ID, machines.UpdateMachineParams{})
	_, remove := machines.DeleteMachine(ctx, client, b.ID)
	_, key := machines.GetMachineSecretKey(ctx, client, b.ID)
	_, rotate := machines.RotateMachineSecretKey(ctx, client, b.ID, machines.RotateMachineSecretKeyParams{})
	_, scope := machines.CreateMachineScope(ctx, client, b.ID, machines.CreateMachineScopeParams{ToMachineID: a.ID})
	_, unscope := machines.DeleteMachineScope(ctx, client, b.ID, a.ID)
	for _, err := range []error{get, update, remove, key, rotate, scope, unscope} {
		if !errors.Is(err, clerk.ErrNotFound) {
			t.Errorf("the machine that is gone: %v", err)
		}
	}
}

func TestListMachines(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := start(t, clerktest.WithClock(c.now))
	ctx, client := t.Context(), i.Client()
	b := i.CreateMachine(machines.CreateMachineParams{Name: "billing"})
	c.advance(time.Second)
	i.CreateMachine(machines.CreateMachineParams{Name: "Accounts"})
	for query, want := range map[machines.ListMachinesParams]string{
		{}:                                      "Accounts billing",
		{OrderBy: clerk.Set("name")}:            "Accounts billing",
		{OrderBy: clerk.Set("-name")}:           "billing Accounts",
		{OrderBy: clerk.Set("+created_at")}:     "billing Accounts",
		{Query: clerk.Set("ACC")}:               "Accounts",
		{Query: clerk.Set(b.ID)}:                "billing",
		{Query: clerk.Set(b.ID[:10])}:           "",
		{Limit: clerk.Set(1)}:                   "Accounts",
		{Offset: clerk.Set(1)}:                  "billing",
		{Query: clerk.Set("nothing like that")}: "",
	} {
		page, err := machines.ListMachines(ctx, client, query)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range page.Data {
			names = append(names, m.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%+v lists %q, want %q", query, got, want)
		}
	}
	if _, err := machines.ListMachines(ctx, client, machines.ListMachinesParams{OrderBy: clerk.Set("size")}); !errors.Is(err, clerk.ErrUnprocessable) {
		t.Errorf("an order by what machines do not have: %v", err)
	}
}

func TestMachineScopes(t *testing.T) {
	t.Parallel()
	i := start(t)
	ctx, client := t.Context(), i.Client()
	a, b := i.CreateMachine(machines.CreateMachineParams{Name: "a"}), i.CreateMachine(machines.CreateMachineParams{Name: "b"})
	scope, err := machines.CreateMachineScope(ctx, client, a.ID, machines.CreateMachineScopeParams{ToMachineID: b.ID})
	if err != nil || scope.FromMachineID != a.ID || scope.ToMachineID != b.ID || scope.CreatedAt == 0 {
		t.Fatalf("the scope is %+v, %v", scope, err)
	}
	_, again := machines.CreateMachineScope(ctx, client, a.ID, machines.CreateMachineScopeParams{ToMachineID: b.ID})
	_, self := machines.CreateMachineScope(ctx, client, a.ID, machines.CreateMachineScopeParams{ToMachineID: a.ID})
	_, nobody := machines.CreateMachineScope(ctx, client, a.ID, machines.CreateMachineScopeParams{ToMachineID: "mch_none"})
	_, back := machines.DeleteMachineScope(ctx, client, b.ID, a.ID)
	if !errors.Is(again, clerk.ErrConflict) || !errors.Is(self, clerk.ErrUnprocessable) || !errors.Is(nobody, clerk.ErrNotFound) || !errors.Is(back, clerk.ErrNotFound) {
		t.Errorf("errors are %v, %v, %v, %v", again, self, nobody, back)
	}
	gone, err := machines.DeleteMachineScope(ctx, client, a.ID, b.ID)
	if err != nil || !gone.Deleted || gone.FromMachineID != a.ID || gone.ToMachineID != b.ID {
		t.Errorf("the deleted scope is %+v, %v", gone, err)
	}
	if got, err := machines.GetMachine(ctx, client, a.ID); err != nil || len(got.ScopedMachines) != 0 {
		t.Errorf("the machine is %+v, %v", got, err)
	}
}

// TestMachineKeys shows which key may do what.
func TestMachineKeys(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := start(t, clerktest.WithClock(c.now))
	ctx, client := t.Context(), i.Client()
	a := i.CreateMachine(machines.CreateMachineParams{Name: "a"})
	create := func(key string) error {
		_, err := machines.CreateM2MToken(ctx, client, machines.CreateM2MTokenParams{}, clerk.WithKey(key))
		return err
	}
	if err := create(a.SecretKey); err != nil {
		t.Error(err)
	}
	if err := create(i.SecretKey()); !errors.Is(err, clerk.ErrUnauthorized) {
		t.Errorf("with the instance's key: %v", err)
	}
	if err := create("ak_stranger"); !errors.Is(err, clerk.ErrUnauthorized) || !clerk.HasCode(err, "clerk_key_invalid") {
		t.Errorf("with a stranger's key: %v", err)
	}
	if _, err := machines.ListMachines(ctx, client, machines.ListMachinesParams{}, clerk.WithKey(a.SecretKey)); !errors.Is(err, clerk.ErrUnauthorized) {
		t.Errorf("a machine that lists machines: %v", err)
	}
	if _, err := machines.VerifyAPIKey(ctx, client, machines.VerifyAPIKeyParams{Secret: a.SecretKey}); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("the key of a machine is an API key: %v", err)
	}
	renewed, err := machines.RotateMachineSecretKey(ctx, client, a.ID, machines.RotateMachineSecretKeyParams{PreviousTokenTTL: 60})
	if err != nil || renewed.Secret == a.SecretKey {
		t.Fatal(renewed, err)
	}
	if shown, err := machines.GetMachineSecretKey(ctx, client, a.ID); err != nil || shown.Secret != renewed.Secret {
		t.Errorf("the key is another, %v", err)
	}
	if err := errors.Join(create(a.SecretKey), create(renewed.Secret)); err != nil {
		t.Errorf("in the first minute: %v", err)
	}
	c.advance(time.Minute)
	if err := create(a.SecretKey); !errors.Is(err, clerk.ErrUnauthorized) {
		t.Errorf("after a minute: %v", err)
	}
	if err := create(renewed.Secret); err != nil {
		t.Error(err)
	}
	for _, header := range []string{"", "Basic dTpw", renewed.Secret} {
		if got := send(t, i, "POST", "/m2m_tokens", "{}", "Authorization", header); got.status != http.StatusUnauthorized {
			t.Errorf("the header %q: %d", header, got.status)
		}
	}
}

// TestMachineSeed shows that a seed holds machines and what they have, and what
// it may not hold.
func TestMachineSeed(t *testing.T) {
	t.Parallel()
	i := populated(t)
	if diff := gocmp.Diff(dump(t, i), dump(t, seeded(t, dump(t, i)))); diff != "" {
		t.Errorf("an instance of what another holds differs (-held +got):\n%s", diff)
	}
	if m, err := machines.GetMachine(t.Context(), i.Client(), "mch_3"); err != nil || m.Name != "mch_3" || *m.DefaultTokenTTL != 3600 || m.CreatedAt == 0 {
		t.Errorf("the machine is %+v, %v", m, err)
	}
	for text, want := range map[string]string{
		`{"machines":[{"id":"user_1"}]}`:                                                         "machines[0].id",
		`{"machines":[{"id":"mch_1"},{"id":"mch_1"}]}`:                                           "machines[1]",
		`{"machines":[{"id":"mch_1","secret_key":"sk_test_1"}]}`:                                 "machines[0].secret_key",
		`{"machines":[{"id":"mch_1","default_token_ttl":-1}]}`:                                   "machines[0].default_token_ttl",
		`{"machines":[{"id":"mch_1","scoped_machines":["mch_2"]}]}`:                              "machines[0].scoped_machines",
		`{"machines":[{"id":"mch_1","surprise":1}]}`:                                             "machines[0].surprise",
		`{"api_keys":[{"secret":"sk_1","subject":"user_1"}]}`:                                    "api_keys[0]",
		`{"api_keys":[{"secret":"ak_1"}]}`:                                                       "api_keys[0]",
		`{"api_keys":[{"secret":"ak_1","subject":"user_1","id":"ak_1"}]}`:                        "api_keys[0]",
		`{"m2m_tokens":[{"token":"mt_1","subject":"user_1"}]}`:                                   "m2m_tokens[0]",
		`{"m2m_tokens":[{"token":"mt_1","subject":"mch_1"},{"token":"mt_1","subject":"mch_1"}]}`: "m2m_tokens[1]",
		`{"oauth_tokens":[{"token":"oat_1","subject":"user_1"}]}`:                                "oauth_tokens[0]",
		`{"oauth_tokens":[{"token":"oat 1","subject":"user_1","client_id":"c"}]}`:                "oauth_tokens[0]",
	} {
		seed, err := clerktest.ParseSeed([]byte(text))
		if err == nil {
			_, err = clerktest.NewInstance(seed)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
