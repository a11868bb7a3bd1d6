package postgres

import (
	"errors"
	"net/url"
	"os"
	"testing"
	"time"
)

func TestServerSurvivesAKillAndLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	if !Installed() {
		t.Skip(ErrMissing)
	}
	s, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s.URL("test"))
	if err != nil {
		t.Fatal(err)
	}
	folder := u.Query().Get("host")
	runs := func() bool { return s.run(t.Context(), "pg_ctl", "status") == nil }
	if !runs() {
		t.Error("the server does not run after Start")
	}
	if err := s.Kill(); err != nil {
		t.Error(err)
	}
	for runs() && t.Context().Err() == nil {
		time.Sleep(time.Millisecond)
	}
	if err := s.Restart(t.Context()); err != nil || !runs() {
		t.Errorf("the server does not run after Restart: %v", err)
	}
	if err := s.Stop(); err != nil || runs() {
		t.Errorf("the server still runs after Stop: %v", err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestNewestServerIsTheHighestNumber(t *testing.T) {
	t.Parallel()
	if a, b := version("/usr/lib/postgresql/9.6/bin/initdb"), version("/usr/lib/postgresql/15/bin/initdb"); a >= b || a != 9.6 {
		t.Errorf("9.6 and 15 are read as %v and %v", a, b)
	}
}
