package store

import (
	"errors"
	"fmt"
	"slices"
)

// ErrReadOnly is found in the error of a write that the journal did not keep, and of all
// that follow.
var ErrReadOnly = errors.New("the content cannot be changed until a restart")

// written is a write whose changes are made, and may have to be undone.
type written struct {
	wait func() error
	undo []func()
	tell func()
}

// Write calls f, which may change tables. If f fails or panics, or if the journal does not
// keep what f has changed, nothing has changed when Write returns. Others see the changes
// while the journal is waited for.
func (s *Store) Write(f func() error) error {
	w, err := s.write(f)
	if err != nil || w == nil {
		return err
	}
	err = w.wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settle(w, err)
}

// write makes the changes of f. It returns nil if there is nothing to wait for.
func (s *Store) write(f func() error) (w *written, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing = true
	done := false
	defer func() {
		if !done {
			revert(s.undo)
		}
		s.writing, s.changes, s.undo = false, nil, nil
	}()
	if err := f(); err != nil {
		return nil, err
	}
	if len(s.changes) == 0 {
		return nil, nil
	}
	if s.lost != nil {
		return nil, s.lost
	}
	for _, t := range s.tables {
		t.tidy()
	}
	w = &written{tell: func() {}}
	if s.watch != nil {
		w.tell = s.watch(merged(s.changes, false))
	}
	if s.journal == nil {
		done = true
		w.tell()
		return nil, nil
	}
	if w.wait, err = s.journal(merged(s.changes, true)); err != nil {
		return nil, err
	}
	done = true
	w.undo = s.undo
	s.unsettled = append(s.unsettled, w)
	return w, nil
}

// settle ends a write that is kept, with those before it, or that is lost, with those after
// it: the latter are undone, newest first.
func (s *Store) settle(w *written, err error) error {
	if err != nil && s.lost == nil {
		s.lost = fmt.Errorf("%w: %w", ErrReadOnly, err)
	}
	n := slices.Index(s.unsettled, w)
	switch {
	case err == nil:
		for _, kept := range s.unsettled[:n+1] { // none if another one has settled this
			kept.tell()
		}
		s.unsettled = slices.Delete(s.unsettled, 0, n+1)
		return nil
	case n >= 0:
		for _, lost := range slices.Backward(s.unsettled[n:]) {
			revert(lost.undo)
		}
		s.unsettled = slices.Delete(s.unsettled, n, len(s.unsettled))
	}
	return s.lost
}

func revert(undo []func()) {
	for _, f := range slices.Backward(undo) {
		f()
	}
}

// merged joins the changes of each resource to one, in the order of the first. If moves is
// true, a resource that is removed and put again has two, because it is the last of its
// table from then on.
func merged(changes []Change, moves bool) []Change {
	type place struct{ table, id string }
	at := make(map[place]int, len(changes))
	var list []Change
	for _, c := range changes {
		p := place{c.Table, c.ID}
		if n, known := at[p]; known && !(moves && list[n].After == nil) {
			list[n].After = c.After
			continue
		}
		at[p] = len(list)
		list = append(list, c)
	}
	return slices.DeleteFunc(list, func(c Change) bool { return c.Before == nil && c.After == nil })
}
