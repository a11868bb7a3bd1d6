package clerktest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// Fault makes requests to an instance fail, so that a test can see how a service
// behaves in an outage. A fault applies before any check of the request.
type Fault struct {
	// Operation is the name of a field of Handlers, such as "GetUser", or
	// "GetHandshakePayload" for the exchange of a handshake's nonce. If it is
	// empty, the fault applies to every request.
	Operation string
	// Times is the number of requests that the fault applies to. 0 means all
	// requests until ClearFaults.
	Times int
	// Status is the status code of the response, such as 503. With 0 the request
	// is served normally after Delay.
	Status int
	// RetryAfter, if positive, is sent as the Retry-After header, in whole
	// seconds.
	RetryAfter time.Duration
	// Delay is how long the instance waits before it responds. The wait ends
	// early if the client disconnects.
	Delay time.Duration
	// Drop closes the connection without a response. net/http then retries a
	// GET or HEAD request on another connection, which counts as a request, too.
	Drop bool
}

// Inject adds a fault. If several faults match a request, the oldest applies. If
// the API does not have the operation, Inject fails the test, or panics outside of
// a test.
func (i *Instance) Inject(f Fault) {
	i.helper()
	known := func(o description.Operation) bool { return o.Name == f.Operation }
	if f.Operation != "" && f.Operation != getHandshakePayload.Name && !slices.ContainsFunc(description.Operations(), known) {
		i.fatal(fmt.Errorf("clerktest: inject: the API has no operation %q", f.Operation))
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

// takeFault returns the fault that applies to a request of the operation and counts
// the request.
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

// apply delays the request, drops it or responds to it. It reports whether it sent
// the response.
func (f Fault) apply(w http.ResponseWriter, r *http.Request) bool {
	if f.Delay > 0 {
		readAhead(r)
		wait(r.Context(), f.Delay)
	}
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	if f.Status == 0 {
		return false
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.FormatInt(int64(f.RetryAfter/time.Second), 10))
	}
	writeError(w, failure(f.Status, "injected_fault", "injected by the test", ""))
	return true
}

// readAhead reads the body of r, which can be read again. Until it is read, net/http does
// not notice that the client disconnects.
func readAhead(r *http.Request) {
	start, _ := io.ReadAll(io.LimitReader(r.Body, maxReadAhead))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), r.Body), r.Body}
}

// maxReadAhead is more than any request of the SDK is in practice.
const maxReadAhead = 1 << 20

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
