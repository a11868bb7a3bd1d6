package wire

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestEachAttemptIsLoggedOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method string
		steps  []func() (*http.Response, error)
		want   []string
	}{
		"success":          {"GET", []func() (*http.Response, error){status(200)}, []string{"DEBUG 200"}},
		"failure":          {"GET", []func() (*http.Response, error){status(404)}, []string{"DEBUG 404"}},
		"server error":     {"POST", []func() (*http.Response, error){status(503)}, []string{"WARN 503"}},
		"retried":          {"GET", []func() (*http.Response, error){status(503), lost, status(200)}, []string{"WARN 503", "WARN 0", "DEBUG 200"}},
		"lost":             {"POST", []func() (*http.Response, error){lost}, []string{"WARN 0"}},
		"lost in the body": {"GET", []func() (*http.Response, error){cutOff, status(200)}, []string{"WARN 200", "DEBUG 200"}},
		"lost each time":   {"GET", []func() (*http.Response, error){cutOff}, []string{"WARN 200", "WARN 200", "WARN 200"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got recorder
				rt, _ := script(test.steps...)
				m := message(test.method, usual)
				m.URL.RawQuery, m.Header = "secret=1", []Field{{"Authorization", []string{"Bearer secret"}}}
				resp, _ := NewClient(http.Client{Transport: rt}, Settings{Log: slog.New(&got)}).Send(t.Context(), m)
				resp.Release()
				if strings.Join(got.lines, "|") != strings.Join(test.want, "|") || strings.Contains(got.all.String(), "secret") {
					t.Errorf("logged %v, want %v\n%s", got.lines, test.want, got.all.String())
				}
			})
		})
	}
}

// recorder keeps the level and the status of each record, and its text.
type recorder struct {
	lines []string
	all   bytes.Buffer
}

func (*recorder) Enabled(context.Context, slog.Level) bool { return true }

func (r *recorder) Handle(ctx context.Context, record slog.Record) error {
	line := record.Level.String()
	record.Attrs(func(a slog.Attr) bool {
		if a.Key == "status" {
			line += " " + a.Value.String()
		}
		return true
	})
	r.lines = append(r.lines, line)
	return slog.NewTextHandler(&r.all, nil).Handle(ctx, record)
}

func (r *recorder) WithAttrs([]slog.Attr) slog.Handler { return r }

func (r *recorder) WithGroup(string) slog.Handler { return r }
