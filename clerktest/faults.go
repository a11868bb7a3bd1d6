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

// Fault makes an instance fail, so that a service can be tested against an outage. As
// in an outage, it acts before any check of the request.
type Fault struct {
	// Operation is the operation to fail, by the name of its field in Handlers, such as
	// "GetUser", or GetHandshakePayload for the exchange of a handshake's nonce. ""
	// fails every operation.
	Operation string
	// Times is how many requests fail; 0 means all, until ClearFaults.
	Times int
	// Status is the status of the response, such as 503. With 0 the request is served
	// normally, after Delay.
	Status int
	// RetryAfter is sent as the Retry-After header, in whole seconds, if it is
	// positive.
	RetryAfter time.Duration
	// Delay passes before the response. It ends early when the client disconnects.
	Delay time.Duration
	// Drop closes the connection without a response. net/http then repeats a read on
	// another connection, which counts as another request.
	Drop bool
}

// Inject adds a fault. If several match a request, the oldest acts. An unknown
// operation ends the test, or panics outside of one.
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

// takeFault returns the fault that a request triggers, and counts it.
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

// act delays, drops or responds; it reports whether the request is finished.
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
