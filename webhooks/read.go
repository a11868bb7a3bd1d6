package webhooks

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
)

// The errors of a request whose body cannot be read.
var (
	errEncoding   = errors.New("webhooks: the body has a content coding, and deliveries have none")
	errIncomplete = errors.New("webhooks: the body ended early")
)

// Read reads, verifies and decodes the delivery that req is. A body over the limit is a
// [*http.MaxBytesError]. The event of a [*PayloadError] that says that a part of the data
// does not decode is returned beside it.
func (r *Receiver) Read(req *http.Request) (*Event, error) {
	if !r.ready() {
		return nil, r.Verify(req.Header, nil)
	}
	body, err := r.body(req)
	if err != nil {
		return nil, err
	}
	return r.Event(req.Header, body)
}

// body reads at most one byte more than the limit.
func (r *Receiver) body(req *http.Request) ([]byte, error) {
	for _, coding := range req.Header["Content-Encoding"] {
		if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, "identity") {
			return nil, errEncoding
		}
	}
	tooLarge := fmt.Errorf("webhooks: the body has more than %d bytes: %w", r.bodyLimit, &http.MaxBytesError{Limit: r.bodyLimit})
	if req.ContentLength > r.bodyLimit {
		return nil, tooLarge
	}
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, min(r.bodyLimit, math.MaxInt64-1)+1))
	switch {
	case errors.As(err, new(*http.MaxBytesError)): // of a limit that was there before
		return nil, fmt.Errorf("webhooks: the body is too large: %w", err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errIncomplete, err)
	case int64(len(body)) > r.bodyLimit:
		return nil, tooLarge
	default:
		return body, nil
	}
}
