package wire

import (
	"net/http"
	"time"
)

// Attempt is one attempt of a call: the outcome, never any content.
type Attempt struct {
	Number   int
	Status   int // 0 without a response
	Start    time.Time
	Duration time.Duration
	Wait     time.Duration // before it
	Err      error
	Retry    bool // another attempt follows
	RetryIn  time.Duration
}

// report ends an attempt and hands it to the observer of the message.
func (x *exchange) report(resp *http.Response, err error, retry bool) {
	now := time.Now()
	if observe := x.message.Observe; observe != nil {
		a := Attempt{Number: x.response.Attempts, Start: x.started, Duration: now.Sub(x.started), Wait: x.started.Sub(x.idle), Err: err, Retry: retry}
		if resp != nil {
			a.Status = resp.StatusCode
		}
		if retry {
			a.RetryIn = x.wait
		}
		observe(a)
	}
	x.idle = now
}

// Size returns the number of bytes of the body, or -1 if it is unknown.
func (m *Message) Size() int64 {
	if m.Stream != nil {
		return m.Stream.size
	}
	return int64(len(m.Body))
}
