package wire

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

func TestEachAttemptIsReportedOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method string
		steps  []func() (*http.Response, error)
		want   []string
	}{
		"success":          {"GET", []func() (*http.Response, error){status(200)}, []string{"200"}},
		"failure":          {"GET", []func() (*http.Response, error){status(404)}, []string{"404"}},
		"server error":     {"POST", []func() (*http.Response, error){status(503)}, []string{"503"}},
		"retried":          {"GET", []func() (*http.Response, error){status(503), lost, status(200)}, []string{"503", "0 error", "200"}},
		"lost":             {"POST", []func() (*http.Response, error){lost}, []string{"0 error"}},
		"lost in the body": {"GET", []func() (*http.Response, error){cutOff, status(200)}, []string{"200 error", "200"}},
		"lost each time":   {"GET", []func() (*http.Response, error){cutOff}, []string{"200 error", "200 error", "200 error"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got []string
				rt, _ := script(test.steps...)
				m := message(test.method, usual)
				m.Observe = func(a Attempt) {
					if a.Number != len(got)+1 || a.Retry != (a.Number < len(test.want)) || a.Retry != (a.RetryIn > 0) {
						t.Errorf("attempt %d: %+v", len(got)+1, a)
					}
					outcome := strconv.Itoa(a.Status)
					if a.Err != nil {
						outcome += " error"
					}
					got = append(got, outcome)
				}
				resp, _ := NewClient(http.Client{Transport: rt}, Settings{}).Send(t.Context(), m)
				resp.Release()
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}
