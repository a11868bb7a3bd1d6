package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// status prints how many rows there are, and how far they are behind.
func (m *mirror) status(ctx context.Context, now time.Time, out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	var newest int64
	for _, t := range tables {
		var rows, buried, event int64
		err := m.pool.QueryRow(ctx, "SELECT count(*) FILTER (WHERE deleted_at IS NULL), count(deleted_at), coalesce(max(event_at), 0) FROM "+t.name).
			Scan(&rows, &buried, &event)
		if err != nil {
			return err
		}
		newest = max(newest, event)
		fmt.Fprintf(w, "%s\t%d rows\t%d buried\n", t.list, rows, buried)
	}
	if newest == 0 {
		fmt.Fprintln(w, "lag\tno event yet")
	} else {
		fmt.Fprintf(w, "lag\t%v\tsince the newest event\n", now.Sub(time.UnixMilli(newest)).Round(time.Second))
	}
	var failed int64
	if err := m.pool.QueryRow(ctx, "SELECT count(*) FROM webhook_failures").Scan(&failed); err != nil {
		return err
	}
	fmt.Fprintf(w, "deliveries\t%d failed\n", failed)
	return w.Flush()
}
