package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/backend-sdk/clerk-go/auth"
)

// role is the only role that a token may name.
const role = "authenticated"

// database lets a token decide which rows a transaction sees.
type database struct {
	pool   *pgxpool.Pool
	tokens *auth.Authenticator // of template tokens
}

// open connects to a database, and refuses a connection that row-level security would not
// hold back.
func open(ctx context.Context, url string, tokens *auth.Authenticator) (*database, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := checkRoles(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return &database{pool, tokens}, nil
}

func checkRoles(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "SELECT rolname FROM pg_roles WHERE rolname IN (session_user, $1) AND "+
		"(rolsuper OR rolbypassrls OR pg_has_role(rolname, 'pg_read_all_data', 'USAGE') OR "+
		"EXISTS (SELECT FROM pg_class WHERE relrowsecurity AND relowner = pg_roles.oid))", role)
	if err != nil {
		return err
	}
	mighty, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if len(mighty) > 0 {
		return fmt.Errorf("the roles %q are not bound by row-level security: connect as one that can only become %s", mighty, role)
	}
	return nil
}

// as runs a transaction as the user of a token. The role and the claims are those of this
// transaction alone: the next one on the same connection has neither.
func (d *database) as(ctx context.Context, token string, run func(pgx.Tx) error) error {
	// The token comes from Clerk, but who hands it on may be mistaken, so its signature,
	// times and audience are verified here.
	claims, err := d.tokens.VerifyToken(ctx, token)
	if err != nil {
		return err
	}
	var named struct {
		Role string `json:"role"`
	}
	if err := claims.Decode(&named); err != nil {
		return err
	}
	if named.Role != role {
		return errors.New("the token does not name the role " + role)
	}
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", role, string(claims.Raw())); err != nil {
			return err
		}
		return run(tx)
	})
}
