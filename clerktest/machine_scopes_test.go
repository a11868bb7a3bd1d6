package clerktest_test

import (
	"errors"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/machines"
)

func TestMachineScopes(t *testing.T) {
	t.Parallel()
	i := startInstance(t)
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
