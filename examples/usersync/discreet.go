package main

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
)

// errUnsent stands for the errors of pgx that may quote what it could not encode.
var errUnsent = errors.New("a statement could not be sent to the database")

// operational are the classes of SQLSTATE that say how the database is, and not what is
// wrong with a value: connections, rollbacks, resources, operators and the system.
var operational = []string{"08", "40", "53", "55", "57", "58"}

// discreet returns an error of the database without the values of the statement. Errors are
// logged, and rows have private metadata.
func discreet(err error) error {
	var refused *pgconn.PgError
	var network net.Error
	var unreachable *pgconn.ConnectError
	switch {
	case err == nil, errors.As(err, &unreachable):
		return err // no statement was sent yet
	case errors.As(err, &refused):
		return withoutValues(refused)
	case errors.As(err, &network), // a deadline among them
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.Canceled):
		return err
	}
	return errUnsent
}

// withoutValues keeps of an error what the schema names, and its message if that cannot
// quote a row.
func withoutValues(e *pgconn.PgError) error {
	kept := &pgconn.PgError{Severity: e.Severity, Code: e.Code, Message: "the database refuses a statement",
		SchemaName: e.SchemaName, TableName: e.TableName, ColumnName: e.ColumnName, ConstraintName: e.ConstraintName}
	if len(e.Code) == 5 && slices.Contains(operational, e.Code[:2]) {
		kept.Message = e.Message
	}
	return kept
}
