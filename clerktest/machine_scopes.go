package clerktest

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/machines"
)

func (i *Instance) createMachineScope(_ context.Context, machineID string, params machines.CreateMachineScopeParams) (*api.MachineScope, error) {
	return write(i, func() (*api.MachineScope, error) {
		if _, err := i.machines.existing(machineID); err != nil {
			return nil, err
		}
		if _, err := i.machines.existing(params.ToMachineID); err != nil {
			return nil, err
		}
		m, err := i.changeMachine(machineID, func(m *machine, _ time.Time) error {
			switch {
			case slices.Contains(m.ScopedMachines, params.ToMachineID):
				return failure(http.StatusConflict, "machine_scope_exists", "the machine already has this scope", "to_machine_id")
			case m.ID == params.ToMachineID:
				return invalid("form_param_value_invalid", "to_machine_id", "must be another machine")
			case len(m.ScopedMachines) >= maxScopes:
				return invalid("form_param_array_size_exceeded", "to_machine_id", "exceeds the limit of %d machines that a machine may call", maxScopes)
			}
			m.ScopedMachines = append(slices.Clone(m.ScopedMachines), params.ToMachineID)
			return nil
		})
		if err != nil {
			return nil, err
		}
		return &api.MachineScope{Object: "machine_scope", FromMachineID: machineID, ToMachineID: params.ToMachineID, CreatedAt: m.UpdatedAt}, nil
	})
}

func (i *Instance) deleteMachineScope(_ context.Context, machineID, otherMachineID string) (*api.DeletedMachineScope, error) {
	return write(i, func() (*api.DeletedMachineScope, error) {
		_, err := i.changeMachine(machineID, func(m *machine, _ time.Time) error {
			if !slices.Contains(m.ScopedMachines, otherMachineID) {
				return notFound("scope of the machine for", otherMachineID)
			}
			m.ScopedMachines = withoutID(m.ScopedMachines, otherMachineID)
			return nil
		})
		if err != nil {
			return nil, err
		}
		return &api.DeletedMachineScope{Object: "machine_scope", FromMachineID: machineID, ToMachineID: otherMachineID, Deleted: true}, nil
	})
}

func (i *Instance) getMachineSecretKey(_ context.Context, machineID string) (*api.MachineSecretKey, error) {
	return read(i, func() (*api.MachineSecretKey, error) {
		m, err := i.machines.existing(machineID)
		if err != nil {
			return nil, err
		}
		return &api.MachineSecretKey{Object: "machine_secret_key", Secret: m.SecretKey}, nil
	})
}

func (i *Instance) rotateMachineSecretKey(_ context.Context, machineID string, params machines.RotateMachineSecretKeyParams) (*api.MachineSecretKey, error) {
	return write(i, func() (*api.MachineSecretKey, error) {
		m, err := i.changeMachine(machineID, func(m *machine, now time.Time) error {
			until := now.Add(time.Duration(params.PreviousTokenTTL) * time.Second)
			m.PreviousKeys = append(slices.Clone(m.PreviousKeys), SeedPreviousKey{m.SecretKey, until})
			m.SecretKey = newMachineKey()
			return nil
		})
		if err != nil {
			return nil, err
		}
		return &api.MachineSecretKey{Object: "machine_secret_key", Secret: m.SecretKey}, nil
	})
}

// owns reports whether a secret key is valid for the machine at a given time.
func (m *machine) owns(key string, now time.Time) bool {
	return m.SecretKey == key || slices.ContainsFunc(m.PreviousKeys, func(p SeedPreviousKey) bool {
		return p.Secret == key && now.Before(p.Until)
	})
}
