package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// director does to the emulated Clerk what happens to the real one, over and over.
type director struct {
	*run
	dice    *rand.Rand
	signers chan *signer // made ahead, because a key takes long to make
	keys    deck
	calls   deck
	both    deck
}

// deck deals every fault once before any comes again.
type deck struct{ left []fault }

func (d *deck) deal(dice *rand.Rand) *fault {
	if len(d.left) == 0 {
		d.left = faults()
		dice.Shuffle(len(d.left), func(i, j int) { d.left[i], d.left[j] = d.left[j], d.left[i] })
	}
	dealt := d.left[0]
	d.left = d.left[1:]
	return &dealt
}

// makeSigners makes keys until ctx is done.
func (d *director) makeSigners(ctx context.Context) error {
	defer close(d.signers)
	for n := 2; ctx.Err() == nil; n++ {
		made, err := newSigner(fmt.Sprintf("ins_faults%d", n), d.clock)
		if err != nil {
			return err
		}
		select {
		case d.signers <- made:
		case <-ctx.Done():
		}
	}
	return nil
}

// direct repeats the script until ctx is done. Times are those of the fast clock.
func (d *director) direct(ctx context.Context) {
	second := time.Second
	for ctx.Err() == nil {
		// Keys that rotate and are withdrawn while all is well, past the bound.
		d.rotate(ctx)
		d.pass(ctx, 40*second)
		d.withdraw()
		d.pass(ctx, 120*second)
		d.rotate(ctx)
		d.pass(ctx, 260*second)

		// The keys are out of reach: one that is not known comes, a known one goes.
		d.emulator.fail(d.keys.deal(d.dice), nil)
		d.pass(ctx, 30*second)
		d.rotate(ctx)
		d.pass(ctx, 30*second)
		d.withdraw()
		d.pass(ctx, 60*second)
		d.emulator.fail(nil, nil)
		d.pass(ctx, 60*second)

		// Opaque tokens cannot be checked.
		d.emulator.fail(nil, d.calls.deal(d.dice))
		d.pass(ctx, 90*second)
		d.emulator.fail(nil, nil)
		d.pass(ctx, 60*second)

		// Nothing works, for longer than keys last.
		all := d.both.deal(d.dice)
		for all.Status == 0 && !all.Drop && all.Delay < time.Second {
			all = d.both.deal(d.dice) // what is only slow would bring fresh keys
		}
		d.emulator.fail(all, all)
		d.pass(ctx, 60*second)
		if ctx.Err() == nil {
			d.history.skip(staleKeys + time.Hour)
		}
		d.pass(ctx, 60*second)
		d.emulator.fail(nil, nil)
		d.pass(ctx, 60*second)
	}
	d.emulator.fail(nil, nil)
}

// rotate publishes the next key.
func (d *director) rotate(ctx context.Context) {
	select {
	case next, made := <-d.signers:
		if made {
			d.publish(next)
		}
	case <-ctx.Done():
	}
}

func (r *run) publish(s *signer) {
	r.emulator.rotate(s)
	r.wallet.rotate(s)
	r.wallet.refill()
}

func (d *director) withdraw() {
	if withdrawn := d.emulator.withdraw(); withdrawn != nil {
		d.wallet.withdrew(withdrawn.ID())
	}
}

// Fresh tokens are made this often: by the real clock, or by the fast one where that is
// more often, so that they do not all expire meanwhile.
const (
	refillPause     = 100 * time.Millisecond
	fastRefillPause = 10 * time.Second
)

// pass lets between two thirds and all of a time pass, and keeps the wallet full.
func (d *director) pass(ctx context.Context, most time.Duration) {
	total := d.clock.real(most*2/3 + time.Duration(d.dice.Int64N(int64(most/3))))
	end := time.After(total)
	refill := time.NewTicker(min(refillPause, d.clock.real(fastRefillPause)))
	defer refill.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-end:
			return
		case <-refill.C:
			d.wallet.refill()
		}
	}
}
