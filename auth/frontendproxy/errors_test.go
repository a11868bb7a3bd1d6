package frontendproxy

import (
	"io"
	"log"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// quiet is the log of a server that a test makes fail.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func TestOutageIsLoggedOnceAndSoIsItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		records := &strings.Builder{}
		o := outage{log: textLogger(records)}
		var want int
		for _, step := range []struct {
			failure string
			after   time.Duration
			log     string
		}{
			{"", 0, ""},
			{"status 502", 0, `level=WARN msg="frontendproxy: the frontend API fails" failure="status 502"`},
			{"timeout", time.Second, ""},
			{"", 9 * time.Second, ""}, // another request failed too recently
			{"status 500", time.Second, ""},
			{"", calm, `level=INFO msg="frontendproxy: over: the frontend API fails"`},
			{"", calm, ""},
			{"TLS", calm, `level=WARN msg="frontendproxy: the frontend API fails" failure=TLS`},
		} {
			time.Sleep(step.after)
			o.note(t.Context(), step.failure)
			if step.log != "" {
				want++
			}
			if text := records.String(); strings.Count(text, "\n") != want || !strings.Contains(text, step.log) {
				t.Fatalf("after %q the records are\n%s", step.failure, text)
			}
		}
	})
}

func TestOnlyTheTargetsOwnErrorsAreFailures(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{200: "", 302: "", 404: "", 429: "", 499: "", 500: "status 500", 503: "status 503"} {
		if got := failureStatus(status); got != want {
			t.Errorf("%d is %q, want %q", status, got, want)
		}
	}
}
