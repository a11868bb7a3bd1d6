package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// secretNote stands in the private metadata of the demo's user; an answer that
// holds it has handed out what only the backend may know.
const secretNote = "for-the-backend-only"

// A demonstration is the two running processes and the callers.
type demonstration struct {
	emulator, service                           *process
	dir, seed                                   string              // the seed and the folder it lies in
	env                                         []string            // what the emulator printed
	api                                         string              // host and port of the emulator
	url                                         string              // of the service
	twin                                        *clerktest.Instance // equal to the emulator's, mints tokens
	userID, sessionID                           string
	anonymous, header, cookie, expired, foreign caller
}

// ready begins the line by which the service says where it listens, apiURL the
// one by which the emulator does.
const (
	ready  = "listening on "
	apiURL = "CLERK_API_URL="
)

// start launches the emulator with a seed made for this run and then the
// service, with only the variables that the emulator printed.
func start(ctx context.Context, emulator, service string) (*demonstration, error) {
	d := &demonstration{}
	if err := d.launch(ctx, emulator, service); err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

func (d *demonstration) launch(ctx context.Context, emulator, service string) (err error) {
	if d.dir, err = os.MkdirTemp("", "clerk-demo-"); err != nil {
		return err
	}
	if err = d.writeSeed(); err != nil {
		return err
	}
	if d.emulator, err = launch(ctx, nil, emulator, "-addr", "127.0.0.1:0", "-seed", d.seed); err != nil {
		return err
	}
	if d.env, err = d.emulator.expect(ctx, "CLERK_SECRET_KEY=", "CLERK_PUBLISHABLE_KEY=", apiURL+"http://"); err != nil {
		return err
	}
	d.api = strings.TrimPrefix(d.env[2], apiURL+"http://")
	if d.service, err = launch(ctx, d.env, service, "-addr", "127.0.0.1:0"); err != nil {
		return err
	}
	lines, err := d.service.expect(ctx, ready)
	if err != nil {
		return err
	}
	d.url = strings.TrimPrefix(lines[0], ready)
	return d.enrol(ctx)
}

// stop ends both processes and removes the seed.
func (d *demonstration) stop() {
	for _, p := range []*process{d.service, d.emulator} {
		if p != nil {
			p.stop()
		}
	}
	if d.dir != "" {
		_ = os.RemoveAll(d.dir) // in the temporary folder, which the system clears
	}
}

// show takes every step, prints a line for each, and returns an error that names
// the steps with another answer than the expected one.
func (d *demonstration) show(ctx context.Context, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "METHOD\tPATH\tWHO\tSTATUS\tBODY")
	var wrong []error
	steps := d.steps()
	for _, s := range steps {
		status, body, err := d.ask(ctx, s)
		if err == nil {
			err = s.judge(status, body)
		}
		note := ""
		if err != nil {
			note = "   <- " + err.Error()
			wrong = append(wrong, fmt.Errorf("%s %s as %s: %w", s.method, s.path, s.who.name, err))
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s%s\n", s.method, s.path, s.who.name, status, body, note)
	}
	fmt.Fprintf(table, "\n%d of %d answers as expected\n", len(steps)-len(wrong), len(steps))
	if err := table.Flush(); err != nil {
		return err
	}
	return errors.Join(wrong...)
}

func (s step) judge(status int, body string) error {
	if status != s.status {
		return fmt.Errorf("status %d, want %d", status, s.status)
	}
	if strings.Contains(body, secretNote) || strings.Contains(body, "private_metadata") {
		return errors.New("private metadata in the body")
	}
	if s.want == nil {
		return nil
	}
	return s.want(body)
}

// ask sends one request and returns the status and the body on one line.
func (d *demonstration) ask(ctx context.Context, s step) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, s.method, d.url+s.path, strings.NewReader(s.body))
	if err != nil {
		return 0, "", err
	}
	if s.who.sign != nil {
		s.who.sign(r)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, strings.Join(strings.Fields(string(body)), " "), err
}
