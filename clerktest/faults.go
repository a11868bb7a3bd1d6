package clerktest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
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
	// seconds, rounded up.
	RetryAfter time.Duration
	// Delay is how long the instance waits before it responds. The wait ends
	// early if the client disconnects.
	Delay time.Duration
	// Drop closes the connection without a response. net/http then retries a
	// GET or HEAD request on another connection, which counts as a request, too.
	Drop bool
	// Hang sends nothing until the client disconnects or the instance closes.
	Hang bool
	// Cut serves the request normally but closes the connection in the middle of the
	// response's body.
	Cut bool
	// HTML sends the Status, or 502 without one, as a page of HTML, as the machines in
	// front of an API do.
	HTML bool
	// Limit, if it has a period, applies the fault only to those requests that exceed
	// the limit. Without any other effect they get 429 with a Retry-After header that
	// says how long to wait.
	Limit RateLimit
}

// injected is a fault with the number of requests against its limit.
type injected struct {
	Fault
	rate rate
}

// Inject adds a fault. If several faults match a request, the oldest applies. If the
// fault cannot be, such as for an operation that the API does not have, Inject fails the
// test, or panics outside of a test.
func (i *Instance) Inject(f Fault) {
	i.helper()
	if err := i.inject(f); err != nil {
		i.fatal(fmt.Errorf("clerktest: inject: %w", err))
	}
}

func (i *Instance) inject(f Fault) error {
	known := func(o description.Operation) bool { return o.Name == f.Operation }
	switch {
	case f.Operation != "" && f.Operation != getHandshakePayload.Name && !slices.ContainsFunc(description.Operations(), known):
		return fmt.Errorf("the API has no operation %q", f.Operation)
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return errors.New("status must be 200 to 599")
	case f.Times < 0 || f.Delay < 0 || f.RetryAfter < 0 || f.Limit.Requests < 0 || f.Limit.Per < 0:
		return errors.New("a number or a duration is negative")
	case f.Limit.Requests > 0 && f.Limit.Per == 0:
		return errors.New("limit has no period")
	case !f.hasEffect():
		return errors.New("it has no effect: set status, delay, drop, hang, cut, html or limit")
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.faults) >= maxFaults {
		return fmt.Errorf("there are %d faults already", maxFaults)
	}
	i.faults = append(i.faults, injected{f, rate{RateLimit: f.Limit}})
	return nil
}

// hasEffect reports whether the fault changes anything about a request.
func (f Fault) hasEffect() bool {
	return f.Status != 0 || f.Delay > 0 || f.Drop || f.Hang || f.Cut || f.HTML || f.Limit.Per > 0
}

// maxFaults bounds what each request is compared with.
const maxFaults = 1000

// Faults returns the faults in their order, with the number of requests that are left to
// them.
func (i *Instance) Faults() []Fault {
	i.mu.Lock()
	defer i.mu.Unlock()
	list := make([]Fault, len(i.faults))
	for n, f := range i.faults {
		list[n] = f.Fault
	}
	return list
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
	now := i.now()
	i.mu.Lock()
	defer i.mu.Unlock()
	for n := range i.faults {
		f := &i.faults[n]
		if f.Operation != "" && (o == nil || f.Operation != o.Name) {
			continue
		}
		taken := f.Fault
		if f.Limit.Per > 0 {
			rest := f.rate.take(now)
			if rest == 0 {
				continue
			}
			taken = taken.beyond(rest)
		}
		switch f.Times {
		case 0:
		case 1:
			i.faults = slices.Delete(i.faults, n, n+1)
		default:
			f.Times--
		}
		return taken, true
	}
	return Fault{}, false
}

// beyond returns what happens to a request that exceeds the limit of a fault.
func (f Fault) beyond(rest time.Duration) Fault {
	if f.Status == 0 && !f.Drop && !f.Hang && !f.Cut && !f.HTML {
		f.Status = http.StatusTooManyRequests
	}
	if f.RetryAfter == 0 {
		f.RetryAfter = rest
	}
	return f
}

// apply delays the request, drops it or responds to it. It reports whether it sent the
// response. closing ends every wait.
func (f Fault) apply(w http.ResponseWriter, r *http.Request, closing <-chan struct{}) bool {
	if f.Delay > 0 || f.Hang {
		readAhead(r)
		wait(r.Context(), closing, f.Delay, f.Hang)
	}
	if f.Drop || f.Hang {
		panic(http.ErrAbortHandler)
	}
	if f.Status == 0 && !f.HTML {
		return false
	}
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", wholeSeconds(f.RetryAfter))
	}
	switch {
	case f.HTML:
		status := cmp.Or(f.Status, http.StatusBadGateway)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintf(w, "<html>\n<head><title>%[1]d %[2]s</title></head>\n<body>\n<h1>%[1]d %[2]s</h1>\n</body>\n</html>\n", status, http.StatusText(status))
	case f.Status == http.StatusTooManyRequests && f.Limit.Per > 0:
		writeError(w, tooManyRequests())
	default:
		writeError(w, failure(f.Status, "injected_fault", "injected by the test", ""))
	}
	return true
}

// halfResponse holds a response back and sends the first half of its body.
type halfResponse struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *halfResponse) WriteHeader(status int) { h.status = cmp.Or(h.status, status) }

func (h *halfResponse) Write(p []byte) (int, error) { return h.body.Write(p) }

// cut sends what there is of the response and closes the connection.
func (h *halfResponse) cut() {
	half := h.body.Len() / 2
	h.ResponseWriter.Header().Set("Content-Length", strconv.Itoa(max(h.body.Len(), 1)))
	h.ResponseWriter.WriteHeader(cmp.Or(h.status, http.StatusOK))
	h.ResponseWriter.Write(h.body.Bytes()[:half])
	http.NewResponseController(h.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
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

// wait waits for a duration, or without an end if endless is true. It ends early if the
// client disconnects or closing is closed.
func wait(ctx context.Context, closing <-chan struct{}, d time.Duration, endless bool) {
	var over <-chan time.Time
	if !endless {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-ctx.Done():
	case <-closing:
	case <-over:
	}
}
