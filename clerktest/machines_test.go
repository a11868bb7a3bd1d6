package clerktest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
)

func TestMachines(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
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
		t.Errorf("a scope for a machine that does not exist: %v", err)
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
		t.Errorf("after deletion of the machine in its scope, the machine is %+v, %v", got, err)
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
			t.Errorf("the deleted machine: %v", err)
		}
	}
}

func TestListMachines(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
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
		t.Errorf("an unknown order: %v", err)
	}
}
