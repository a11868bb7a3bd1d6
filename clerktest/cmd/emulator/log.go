package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// turns is a writer for several goroutines: what one writes at once stays together.
type turns struct {
	mu  sync.Mutex
	out io.Writer
}

func (t *turns) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.out.Write(p)
}

// lineHandler writes the records of an instance as lines that people read:
//
//	14:02:11 GET /v1/users?limit ListUsers 200 1.2ms
//	14:02:12 warning: the last record of the file was cut off … file=state bytes=12
type lineHandler struct {
	out   io.Writer
	level slog.Level
	attrs []slog.Attr
}

func newLineHandler(out io.Writer, level slog.Level) *lineHandler {
	return &lineHandler{out: out, level: level}
}

func (h *lineHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	more := *h
	more.attrs = append(slices.Clip(h.attrs), attrs...)
	return &more
}

// WithGroup does not nest, because no record of an instance has the same name twice.
func (h *lineHandler) WithGroup(string) slog.Handler { return h }

func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	attrs := slices.Clone(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	var line strings.Builder
	line.WriteString(r.Time.Format(time.TimeOnly) + " ")
	if r.Message == "request" {
		line.WriteString(requestLine(attrs))
	} else {
		if r.Level >= slog.LevelWarn {
			line.WriteString("warning: ")
		}
		line.WriteString(r.Message)
		for _, a := range attrs {
			line.WriteString(" " + a.String())
		}
	}
	_, err := io.WriteString(h.out, printable(line.String())+"\n")
	return err
}

// requestLine returns the line of a request.
func requestLine(attrs []slog.Attr) string {
	values := map[string]slog.Value{}
	for _, a := range attrs {
		values[a.Key] = a.Value
	}
	names := func(key string) []string {
		list, _ := values[key].Any().([]string)
		return list
	}
	text := func(key string) string {
		if value, known := values[key]; known {
			return value.String()
		}
		return ""
	}
	path := text("path")
	if parameters := names("parameters"); len(parameters) > 0 {
		path += "?" + strings.Join(parameters, "&")
	}
	status := text("status")
	if status == "0" {
		status = "dropped"
	}
	parts := []string{text("method"), path, text("operation"), status, text("code")}
	if d, ok := values["duration"].Any().(time.Duration); ok {
		parts = append(parts, shortDuration(d))
	}
	if ignored := names("ignored"); len(ignored) > 0 {
		parts = append(parts, fmt.Sprintf("(ignored: %s)", strings.Join(ignored, ", ")))
	}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " ")
}

// shortDuration returns a duration without digits that say nothing.
func shortDuration(d time.Duration) string {
	if d < time.Millisecond {
		return d.Round(time.Microsecond).String()
	}
	return d.Round(100 * time.Microsecond).String()
}

// printable replaces what could move the cursor of a terminal or begin another line.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, line)
}
