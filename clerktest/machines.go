package clerktest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/machines"
)

// defaultTTL is the default lifetime of a machine's tokens, in seconds.
const defaultTTL = 3600

// maxScopes is the number of machines that one machine may call.
const maxScopes = 150

// SeedMachine is a machine in a seed.
type SeedMachine struct {
	ID              string          `json:"id"`
	Name            string          `json:"name,omitempty"`
	SecretKey       string          `json:"secret_key,omitempty" clerk:"credential"`
	DefaultTokenTTL int             `json:"default_token_ttl"`
	ScopedMachines  []string        `json:"scoped_machines,omitempty"`
	CreatedAt       clerk.Timestamp `json:"created_at"`
	UpdatedAt       clerk.Timestamp `json:"updated_at"`

	// PreviousKeys are replaced keys that may still be valid.
	PreviousKeys []SeedPreviousKey `json:"previous_keys,omitempty"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (m SeedMachine) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, m) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (m SeedMachine) LogValue() slog.Value { return clerk.LogHidden(m) }

// SeedPreviousKey is a secret key of a machine that has another one now.
type SeedPreviousKey struct {
	Secret string    `json:"secret" clerk:"credential"`
	Until  time.Time `json:"until"`
}

// Format implements [fmt.Formatter] and hides credentials.
func (k SeedPreviousKey) Format(s fmt.State, _ rune) { clerk.FormatHidden(s, k) }

// LogValue implements [slog.LogValuer] and hides credentials.
func (k SeedPreviousKey) LogValue() slog.Value { return clerk.LogHidden(k) }

type machine = SeedMachine

type machineTables struct{ machines kind[machine] }

func (t *tables) addMachines() {
	addSeeded(t, "machines", &t.machines, kind[machine]{
		noun: "machine", object: "machine", prefix: "mch",
		listing: resource.Listing[machine]{
			Search: func(m *machine) []string { return []string{m.Name} },
			Orders: map[string]func(a, b *machine) int{
				"name":       resource.By(func(m *machine) string { return m.Name }),
				"created_at": resource.By(func(m *machine) clerk.Timestamp { return m.CreatedAt }),
			},
			ByDefault: "-created_at",
		},
		more: slices.Concat(membersOf(seedText, "id", "name", "secret_key"), membersOf(seedTexts, "scoped_machines"),
			membersOf(seedNumber, "default_token_ttl", "created_at", "updated_at"),
			[]description.Member{{Name: "previous_keys", Schema: &description.Schema{Type: description.Array, Items: objectSchema(membersOf(seedText, "secret", "until")...)}}}),
		seed: func(s *Seed) *[]machine { return &s.Machines },
		fill: func(_ *Instance, m *machine) { m.DefaultTokenTTL = cmp.Or(m.DefaultTokenTTL, defaultTTL) },
		complete: func(i *Instance, m *machine) error {
			m.Name = cmp.Or(m.Name, m.ID)
			m.SecretKey = cmp.Or(m.SecretKey, derivedID("ak", i.secretKey, m.ID))
			switch {
			case !idPattern("ak").MatchString(m.SecretKey):
				return errors.New("secret_key must be ak_ and letters or digits")
			case i.machines.Find(func(o *machine) bool { return o.SecretKey == m.SecretKey }) != nil:
				return errors.New("secret_key belongs to another machine")
			case m.DefaultTokenTTL <= 0:
				return errors.New("default_token_ttl must be positive")
			}
			return nil
		},
		linked: func(i *Instance, m *machine) error {
			for _, id := range m.ScopedMachines {
				if i.machines.Get(id) == nil {
					return fmt.Errorf("scoped_machines has %s, which is not the id of a machine", id)
				}
			}
			return nil
		},
	}, func(m *machine) string { return m.ID })
}

func newMachineKey() string { return "ak_" + randomHex(20) }

func (i *Instance) createMachine(_ context.Context, params machines.CreateMachineParams) (*api.MachineWithSecretKey, error) {
	return write(i, func() (*api.MachineWithSecretKey, error) {
		now := i.now()
		m := &machine{
			ID: newID("mch", now), Name: params.Name, SecretKey: newMachineKey(),
			DefaultTokenTTL: params.DefaultTokenTTL.Or(defaultTTL), ScopedMachines: params.ScopedMachines.Or(nil),
		}
		for _, id := range m.ScopedMachines {
			if i.machines.Get(id) == nil {
				return nil, notFound("machine", id)
			}
		}
		stamp(&m.CreatedAt, now)
		stamp(&m.UpdatedAt, now)
		i.machines.Put(m)
		return &api.MachineWithSecretKey{Machine: *i.showMachine(m), SecretKey: m.SecretKey}, nil
	})
}

// showMachine returns a machine as the API shows it.
func (i *Instance) showMachine(m *machine) *api.Machine {
	shown := &api.Machine{
		Object: "machine", ID: m.ID, Name: m.Name, InstanceID: i.id, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
		DefaultTokenTTL: &m.DefaultTokenTTL, ScopedMachines: []api.ScopedMachine{},
	}
	for _, id := range m.ScopedMachines {
		if other := i.machines.Get(id); other != nil {
			shown.ScopedMachines = append(shown.ScopedMachines, api.ScopedMachine{
				Object: "machine", ID: other.ID, Name: other.Name, InstanceID: i.id, CreatedAt: other.CreatedAt,
				UpdatedAt: other.UpdatedAt, DefaultTokenTTL: &other.DefaultTokenTTL,
			})
		}
	}
	return shown
}

func (i *Instance) getMachine(_ context.Context, machineID string) (*api.Machine, error) {
	return read(i, func() (*api.Machine, error) {
		m, err := i.machines.existing(machineID)
		if err != nil {
			return nil, err
		}
		return i.showMachine(m), nil
	})
}

func (i *Instance) listMachines(_ context.Context, params machines.ListMachinesParams) (*clerk.List[api.Machine], error) {
	return read(i, func() (*clerk.List[api.Machine], error) {
		page, err := i.machines.page(i.machines.All(), params)
		if err != nil {
			return nil, err
		}
		return mapped(page, i.showMachine), nil
	})
}

// changeMachine changes a copy of a machine and stores it unless change fails.
func (i *Instance) changeMachine(id string, change func(m *machine, now time.Time) error) (*machine, error) {
	stored, err := i.machines.existing(id)
	if err != nil {
		return nil, err
	}
	changed, now := *stored, i.now()
	if err := change(&changed, now); err != nil {
		return nil, err
	}
	resource.Touch(&changed, now)
	i.machines.Put(&changed)
	return &changed, nil
}

func (i *Instance) updateMachine(_ context.Context, machineID string, params machines.UpdateMachineParams) (*api.Machine, error) {
	return write(i, func() (*api.Machine, error) {
		m, err := i.changeMachine(machineID, func(m *machine, _ time.Time) error {
			assign(&m.Name, params.Name)
			assign(&m.DefaultTokenTTL, params.DefaultTokenTTL)
			return nil
		})
		if err != nil {
			return nil, err
		}
		return i.showMachine(m), nil
	})
}

// deleteMachine also deletes the tokens of the machine and the scopes that name it.
func (i *Instance) deleteMachine(_ context.Context, machineID string) (*api.DeletedObject, error) {
	return write(i, func() (*api.DeletedObject, error) {
		if _, err := i.machines.existing(machineID); err != nil {
			return nil, err
		}
		i.machines.Remove(machineID)
		for _, m := range i.machines.All() {
			if slices.Contains(m.ScopedMachines, machineID) {
				changed := *m
				changed.ScopedMachines = withoutID(m.ScopedMachines, machineID)
				i.machines.Put(&changed)
			}
		}
		for _, t := range i.m2mTokens.All() {
			if t.Subject == machineID {
				i.m2mTokens.Remove(t.ID)
			}
		}
		return &api.DeletedObject{Object: "machine", ID: machineID, Deleted: true}, nil
	})
}

func withoutID(list []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(other string) bool { return other == id })
}
