// Command rowlevel serves the notes of signed-in users from a PostgreSQL that decides by
// itself who sees which row. It hands the database a token of the JWT template supabase,
// as a client of Supabase does, with a role and claims that row-level policies read.
//
// CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY and DATABASE_URL are required. The template has
// the claims {"aud": "authenticated", "role": "authenticated"}.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "rowlevel:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	client, err := clerk.FromEnv()
	if err != nil {
		return err
	}
	authn, err := auth.FromEnv(client)
	if err != nil {
		return err
	}
	tokens, err := auth.FromEnv(client, templateTokens...)
	if err != nil {
		return err
	}
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		return errors.New("DATABASE_URL is not set")
	}
	db, err := open(ctx, url, tokens)
	if err != nil {
		return err
	}
	defer db.pool.Close()
	server := &http.Server{Addr: "127.0.0.1:8080", Handler: routes(db, authn), ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

// templateTokens are the options of an Authenticator that accepts the tokens of the template
// and, because of the audience, not those of sessions.
var templateTokens = []auth.Option{auth.WithTemplateTokens(), auth.WithRequiredAudience(role)}

func routes(db *database, authn *auth.Authenticator) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /notes", authn.Require()(db.serve(list)))
	mux.Handle("POST /notes", authn.Require()(db.serve(add)))
	return mux
}

// serve runs a handler in a transaction of the user who sent the request.
func (d *database) serve(handle func(*http.Request, pgx.Tx) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var result any
		token, err := auth.FromContext(r.Context()).GetToken(r.Context(), auth.Template("supabase"))
		if err == nil {
			err = d.as(r.Context(), token, func(tx pgx.Tx) (err error) {
				result, err = handle(r, tx)
				return err
			})
		}
		if err != nil {
			slog.ErrorContext(r.Context(), "notes", "error", err)
			http.Error(w, "try again later", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(result) // the client is gone
	})
}

// list has no condition on the user: the policy adds it.
func list(r *http.Request, tx pgx.Tx) (any, error) {
	rows, err := tx.Query(r.Context(), "SELECT text FROM notes ORDER BY id")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func add(r *http.Request, tx pgx.Tx) (id any, err error) {
	err = tx.QueryRow(r.Context(), "INSERT INTO notes (text) VALUES ($1) RETURNING id", r.FormValue("text")).Scan(&id)
	return id, err
}
