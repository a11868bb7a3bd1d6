package wire

import (
	"log/slog"
	"net/http"
	"time"
)

// record logs one attempt: the operation and the outcome, never any content.
func (x *exchange) record(resp *http.Response, err error, retry bool) {
	log := x.client.log
	if log == nil {
		return
	}
	level, status := slog.LevelDebug, 0
	if resp != nil {
		status = resp.StatusCode
	}
	if err != nil || retry || status >= 500 {
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
		slog.Int("attempt", x.response.Attempts),
		slog.Int("status", status),
		slog.Duration("duration", time.Since(x.started)),
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	if retry {
		attrs = append(attrs, slog.Duration("retry_in", x.wait))
	}
	log.LogAttrs(ctx, level, "clerk: attempt", attrs...)
}
