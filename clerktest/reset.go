package clerktest

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// Reset returns the instance to its beginning: the content of its seed, the time of its
// clock, no faults and no logged requests. It keeps its keys and its address.
func (i *Instance) Reset() error {
	i.clock.moving.Lock()
	defer i.clock.moving.Unlock()
	before := i.clock.offset.Load()
	err := i.plant(i.first, func() error {
		i.clock.offset.Store(0)
		return i.replaceContent(i.first)
	})
	if err != nil {
		i.clock.offset.Store(before)
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults, i.requests = nil, nil
	clear(i.payloads)
	i.rate.reset()
	return nil
}

// SetSeed replaces the content of the instance by that of a seed. The keys of a seed, if it
// has any, must be those of the instance, which do not change. If the seed is refused,
// nothing has changed.
func (i *Instance) SetSeed(seed Seed) error {
	return i.plant(seed, func() error { return i.replaceContent(seed) })
}

func (i *Instance) replaceContent(seed Seed) error {
	i.store.Clear()
	return i.loadResources(seed)
}

// AddSeed adds the content of a seed to that of the instance, on the conditions of
// [Instance.SetSeed]. What has the ID or an identifier of what is there already is refused.
func (i *Instance) AddSeed(seed Seed) error {
	return i.plant(seed, func() error { return i.addResources(seed) })
}

func (i *Instance) plant(seed Seed, load func() error) error {
	err := i.checkKeys(seed)
	if err == nil {
		err = i.store.Write(load)
	}
	if err != nil {
		return fmt.Errorf("clerktest: seed: %w", err)
	}
	return nil
}

// checkKeys returns an error for a seed with other keys than those of the instance.
func (i *Instance) checkKeys(seed Seed) error {
	for _, key := range []struct{ name, seeded, own string }{
		{"secret_key", seed.SecretKey, i.secretKey},
		{"publishable_key", seed.PublishableKey, i.publishableKey},
		{"frontend_api", seed.FrontendAPI, i.frontendAPI},
		{"instance_id", seed.InstanceID, i.id},
	} {
		if cmp.Or(key.seeded, key.own) != key.own {
			return fmt.Errorf("%s is not that of the instance, whose keys do not change", key.name)
		}
	}
	if seed.Production && !i.production {
		return errors.New("production is not true for this instance, whose keys do not change")
	}
	if seed.SigningKey == "" {
		return nil
	}
	switch key, err := signing.ParseKey(seed.SigningKey); {
	case err != nil:
		return fmt.Errorf("signing_key %w", err)
	case !key.Equal(i.key):
		return errors.New("signing_key is not that of the instance, whose keys do not change")
	}
	return nil
}
