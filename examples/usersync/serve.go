package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// routes returns the endpoint for webhooks, and a page for signed-in users.
func (m *mirror) routes(receiver *webhooks.Receiver, authn *auth.Authenticator) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/webhooks", receiver.Handler(m.handlers()))
	mux.Handle("GET /me", authn.Require()(http.HandlerFunc(m.me)))
	return mux
}

func (m *mirror) me(w http.ResponseWriter, r *http.Request) {
	user, err := m.EnsureUser(r.Context())
	switch {
	case errors.Is(err, errDeleted):
		http.Error(w, err.Error(), http.StatusForbidden)
	case err != nil:
		slog.ErrorContext(r.Context(), "no row for a signed-in user", "error", err)
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	default:
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(user) // the client is gone
	}
}

// serve serves until ctx ends.
func (m *mirror) serve(ctx context.Context, addr string, handler http.Handler) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Printf("listening on http://%s\n", listener.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	for tick := time.NewTicker(time.Second); ; {
		select {
		case <-tick.C:
			if err := m.tidy(ctx); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "outbox", "error", err)
			}
		case err := <-ended:
			return err
		case <-ctx.Done():
			// Deliveries that have begun are handled.
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience+time.Second)
			defer cancel()
			return server.Shutdown(last)
		}
	}
}

// tidy has the effects of the outbox, and forgets old messages. Several processes may do so.
func (m *mirror) tidy(ctx context.Context) error {
	return pgx.BeginFunc(ctx, m.pool, func(tx pgx.Tx) error {
		found, err := tx.Query(ctx, "UPDATE outbox SET done_at = now() WHERE id IN "+
			"(SELECT id FROM outbox WHERE done_at IS NULL ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED) RETURNING kind, user_id")
		if err != nil {
			return err
		}
		var kind, user string
		if _, err := pgx.ForEachRow(found, []any{&kind, &user}, func() error {
			slog.InfoContext(ctx, "would send a mail", "kind", kind, "user", user)
			return nil
		}); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "DELETE FROM webhook_deliveries WHERE handled_at < now() - interval '30 days'")
		return err
	})
}
