package wire

import (
	"log/slog"
	"net/http"
	"time"
)

// record logs one attempt: what was called and how it went, never what was in it.
func (x *exchange) record(resp *http.Response, err error, again bool) {
	log := x.client.log
	if log == nil {
		return
	}
	level, status := slog.LevelDebug, 0
	if resp != nil {
		status = resp.StatusCode
	}
	if err != nil || again || status >= 500 {
		level = slog.LevelWarn
	}
	ctx := x.request.Context()
	if !log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("operation", x.message.Operation),
		slog.String("method", x.message.Method),
		slog.String("path", x.message.Template),
		slog.Int("attempt", x.answer.Attempts),
		slog.Int("status", status),
		slog.Duration("duration", time.Since(x.started)),
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	if again {
		attrs = append(attrs, slog.Duration("retry_in", x.retry.RetryWaitMin))
	}
	log.LogAttrs(ctx, level, "clerk: attempt", attrs...)
}
