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

// secretNote is in the private metadata of the user. A response that contains it
// discloses what only the backend may know.
const secretNote = "for-the-backend-only"

// A demonstration is the two running processes and the callers of the service.
type demonstration struct {
	emulator, service *process
	dir, seed         string              // the temporary folder and the seed file in it
	env               []string            // the variables that the emulator printed
	api               string              // base URL of the emulator
	url               string              // of the service
	instance          *clerktest.Instance // with the keys of the emulator; makes tokens
	userID, sessionID string

	guest, byHeader, byCookie, expired, forged caller
}

// The service prints its address on a line that begins with ready, the emulator on
// one that begins with apiURL.
const (
	ready  = "listening on "
	apiURL = "CLERK_API_URL="
)

// start launches the emulator with a seed made for this run, and then the service
// with the variables that the emulator printed and no others.
func start(ctx context.Context, emulator, service string) (*demonstration, error) {
	d := &demonstration{}
	err := d.launchEmulator(ctx, emulator)
	if err == nil {
		err = d.launchService(ctx, service)
	}
	if err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

func (d *demonstration) launchEmulator(ctx context.Context, emulator string) (err error) {
	if d.dir, err = os.MkdirTemp("", "clerk-demo-"); err != nil {
		return err
	}
	if err = d.writeSeed(); err != nil {
		return err
	}
	if d.emulator, err = launch(ctx, nil, emulator, "-addr", "127.0.0.1:0", "-seed", d.seed); err != nil {
		return err
	}
	if d.env, err = d.emulator.expect(ctx, "CLERK_SECRET_KEY=", "CLERK_PUBLISHABLE_KEY=", apiURL); err != nil {
		return err
	}
	d.api = strings.TrimPrefix(d.env[2], apiURL)
	return nil
}

func (d *demonstration) launchService(ctx context.Context, service string) (err error) {
	if d.service, err = launch(ctx, d.env, service, "-addr", "127.0.0.1:0"); err != nil {
		return err
	}
	lines, err := d.service.expect(ctx, ready)
	if err != nil {
		return err
	}
	d.url = strings.TrimPrefix(lines[0], ready)
	return d.makeCallers(ctx)
}

// stop ends both processes and removes the seed.
func (d *demonstration) stop() {
	for _, p := range []*process{d.service, d.emulator} {
		if p != nil {
			p.stop()
		}
	}
	if d.dir != "" {
		_ = os.RemoveAll(d.dir) // the system clears its temporary folder anyway
	}
}

// show sends the request of each step and prints a line about the response. The
// error names the steps with an unexpected response.
func (d *demonstration) show(ctx context.Context, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "METHOD\tPATH\tCALLER\tSTATUS\tBODY")
	var wrong []error
	steps := d.steps()
	for _, s := range steps {
		status, body, err := d.send(ctx, s)
		if err == nil {
			err = s.check(status, body)
		}
		note := ""
		if err != nil {
			note = "   <- " + err.Error()
			wrong = append(wrong, fmt.Errorf("%s %s as %s: %w", s.method, s.path, s.who.name, err))
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s%s\n", s.method, s.path, s.who.name, status, body, note)
	}
	fmt.Fprintf(table, "\n%d of %d responses as expected\n", len(steps)-len(wrong), len(steps))
	if err := table.Flush(); err != nil {
		return err
	}
	return errors.Join(wrong...)
}

// check returns an error if a response is not the one that the step requires.
func (s step) check(status int, body string) error {
	if status != s.status {
		return fmt.Errorf("status %d, want %d", status, s.status)
	}
	if strings.Contains(body, secretNote) || strings.Contains(body, "private_metadata") {
		return errors.New("private metadata in the body")
	}
	if s.checkBody == nil {
		return nil
	}
	return s.checkBody(body)
}

// send sends one request and returns the status and the body on one line.
func (d *demonstration) send(ctx context.Context, s step) (int, string, error) {
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
