package clerktest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// Fault makes an instance fail, so that a service can be tested against an
// outage. It comes before every check of the request, as an outage does.
type Fault struct {
	// Operation is the operation to fail, named as the field of Handlers is, as
	// in "GetUser", or GetHandshakePayload for the exchange of a handshake's
	// nonce; every operation when empty.
	Operation string
	// Times is how many requests fail before the fault is over; 0 means all,
	// until ClearFaults.
	Times int
	// Status is the status to answer, as in 503. With 0 the request is served
	// normally, after Delay.
	Status int
	// RetryAfter is sent as the Retry-After header, in whole seconds, when it
	// is positive.
	RetryAfter time.Duration
	// Delay passes before anything is answered. It ends early when the client
	// goes away.
	Delay time.Duration
	// Drop closes the connection without an answer. net/http then tries a read
	// again by itself on another connection, which counts as a request too.
	Drop bool
}

// Inject adds a fault. Of several that fit a request the oldest acts. It ends the
// test, or panics where there is none, when the API has no such operation.
func (i *Instance) Inject(f Fault) {
	i.helper()
	known := func(o description.Operation) bool { return o.Name == f.Operation }
	if f.Operation != "" && f.Operation != getHandshakePayload.Name && !slices.ContainsFunc(description.Operations(), known) {
		i.fatal(fmt.Errorf("clerktest: inject: no operation %q", f.Operation))
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults = append(i.faults, f)
}

// ClearFaults removes every fault.
func (i *Instance) ClearFaults() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.faults = nil
}

// takeFault returns the fault that the request meets, and counts it.
func (i *Instance) takeFault(o *description.Operation) (Fault, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for n, f := range i.faults {
		if f.Operation != "" && (o == nil || f.Operation != o.Name) {
			continue
		}
		switch f.Times {
		case 0:
		case 1:
			i.faults = slices.Delete(i.faults, n, n+1)
		default:
			i.faults[n].Times--
		}
		return f, true
	}
	return Fault{}, false
}

// act delays, drops or answers; it reports whether the request is done with.
func (f Fault) apply(w http.ResponseWriter, r *http.Request) bool {
	wait(r.Context(), f.Delay)
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	if f.Status == 0 {
		return false
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(int64(f.RetryAfter/time.Second), 10))
	}
	writeError(w, failure(f.Status, "injected_fault", "the test asked for this failure", ""))
	return true
}

func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
