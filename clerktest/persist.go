package clerktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/journal"
	"github.com/backend-sdk/clerk-go/clerktest/internal/store"
)

// WithPersistence keeps the content of the instance in a file. What a call has changed is
// on disk before the call is answered, so it survives whatever ends the process. If the
// file has content already, the instance continues with that and ignores its seed, whose
// keys, if it has any, must be those of the file. [Instance.Close] closes the file, which
// one process at a time can use.
func WithPersistence(path string) Option { return func(c *config) { c.persist = path } }

// persistFormat is the first line of a file. Its version changes when a file of an older
// one cannot be read any more.
const persistFormat = "clerk-emulator-state 1"

// record is a record in the file: the keys of the instance, which come first, the changes
// of one write, or neither if the clock is moved.
type record struct {
	Keys    *Seed         `json:"keys,omitempty"`
	Pinned  bool          `json:"pinned,omitempty"` // the keys come from a seed
	Changes []change      `json:"changes,omitempty"`
	Ahead   time.Duration `json:"ahead,omitempty"` // of the clock, except with keys
}

type change struct {
	Table string `json:"table"`
	ID    string `json:"id"`
	// Value is null for a resource that is deleted.
	Value json.RawMessage `json:"value"`
}

// restore opens the file and loads its content. It reports whether there was any.
func (i *Instance) restore(path string) (found bool, err error) {
	if i.journal, err = journal.Open(path, persistFormat); err != nil {
		return false, fmt.Errorf("clerktest: %w", err)
	}
	err = i.journal.Replay(func(raw []byte) error {
		var r record
		if err := json.Unmarshal(raw, &r); err != nil {
			return fmt.Errorf("has a record that is not understood: %w", err)
		}
		if r.Keys != nil {
			found, i.pinned = true, i.pinned || r.Pinned
			return i.loadKeys(*r.Keys)
		}
		i.clock.offset.Store(int64(r.Ahead))
		return i.replay(r.Changes)
	})
	if err != nil {
		return false, errors.Join(fmt.Errorf("clerktest: %s: %w", path, err), i.journal.Close())
	}
	if n := i.journal.Dropped(); n > 0 {
		i.logger.Warn("the last record of the file was cut off and is dropped; it was never answered", "file", path, "bytes", n)
	}
	return found, nil
}

func (i *Instance) replay(changes []change) error {
	for _, c := range changes {
		if string(c.Value) == "null" {
			c.Value = nil
		}
		if err := i.store.Load(c.Table, c.ID, c.Value); err != nil {
			return fmt.Errorf("%s %s: %w", c.Table, c.ID, err)
		}
	}
	return nil
}

// persist lets the file begin with the content of the instance and follow its changes. A
// file that has the content already can follow them as it is, such as on a full disk.
func (i *Instance) persist(found bool) (err error) {
	i.store.Read(func() {
		i.store.Journal(i.keep)
		err = i.journal.Compact(i.snapshot())()
	})
	if err != nil && found {
		i.logger.Warn("the file is used as it is", "error", err)
		return nil
	}
	return err
}

// keep appends the changes of a write, or none if the clock is moved, and compacts a file
// that has grown.
func (i *Instance) keep(changes []store.Change) (wait func() error, err error) {
	raw, err := encodeChanges(changes, i.clock.ahead())
	if err != nil {
		return nil, err
	}
	kept := i.journal.Append(raw)
	if i.journal.Grown() {
		compacted := i.journal.Compact(i.snapshot())
		i.compactions.Go(func() {
			if err := compacted(); err != nil {
				i.logger.Warn("the file grows on, because it cannot be compacted", "error", err)
			}
		})
	}
	return func() error {
		err := kept()
		if err != nil && !errors.Is(err, os.ErrClosed) {
			i.unkept.Do(func() { i.logger.Error(store.ErrReadOnly.Error(), "error", err) })
		}
		return err
	}, nil
}

// snapshot returns a function that writes the records of the content at this moment.
func (i *Instance) snapshot() func(add func([]byte) error) error {
	keys, pinned, content, ahead := i.seedOfKeys(), i.pinned, i.store.All(), i.clock.ahead()
	return func(add func([]byte) error) error {
		first, err := json.Marshal(record{Keys: &keys, Pinned: pinned})
		if err != nil {
			return err
		}
		if err := add(first); err != nil {
			return err
		}
		for n := range content {
			raw, err := encodeChanges(content[n:n+1], ahead)
			if err != nil {
				return err
			}
			if err := add(raw); err != nil {
				return err
			}
		}
		return nil
	}
}

func encodeChanges(changes []store.Change, ahead time.Duration) ([]byte, error) {
	r := record{Changes: make([]change, len(changes)), Ahead: ahead}
	for n, c := range changes {
		r.Changes[n] = change{Table: c.Table, ID: c.ID}
		if c.After == nil {
			continue
		}
		var err error
		if r.Changes[n].Value, err = json.Marshal(c.After); err != nil {
			return nil, fmt.Errorf("clerktest: %s %s: %w", c.Table, c.ID, err)
		}
	}
	return json.Marshal(r)
}
