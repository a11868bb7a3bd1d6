package clerk

import (
	"context"
	"errors"
	"log/slog"
)

// WithLogger logs each attempt: its operation, method, path with placeholders, status
// and duration. An attempt that has no response, has a status of 500 or above, or is
// retried is logged as a warning, any other at debug level. Keys, queries, headers and
// bodies are never logged, and neither are ids, unless the program puts one into the Path
// of a [Request] itself. By default, nothing is logged.
func WithLogger(log *slog.Logger) Option {
	return option(func(s *settings) error {
		if log == nil {
			return errors.New("clerk: logger is nil")
		}
		s.log = log
		return nil
	})
}

// logHooks are the hooks that log.
func logHooks(log *slog.Logger) Hooks {
	return Hooks{Attempt: func(ctx context.Context, a AttemptInfo) {
		level := slog.LevelDebug
		if a.Err != nil || a.Retry || a.Status >= 500 {
			level = slog.LevelWarn
		}
		if !log.Enabled(ctx, level) {
			return
		}
		attrs := []slog.Attr{
			slog.String("operation", a.Operation),
			slog.String("method", a.Method),
			slog.String("path", a.Path),
			slog.Int("attempt", a.Attempt),
			slog.Int("status", a.Status),
			slog.Duration("duration", a.Duration),
		}
		if a.Err != nil {
			attrs = append(attrs, slog.String("error", a.Err.Error()))
		}
		if a.Retry {
			attrs = append(attrs, slog.Duration("retry_in", a.RetryIn))
		}
		log.LogAttrs(ctx, level, "clerk: attempt", attrs...)
	}}
}
