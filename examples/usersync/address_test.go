package main

import (
	"bytes"
	"testing"
)

func TestAddressOfTheDatabaseIsNotPrinted(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"postgres://app:hun@ter2%zz@db/clerk", "postgres://app:hunter2 @db:port/clerk", "host=db password=hun'ter2@x =", "postgres://app:hunter2@db/clerk?pool_max_conns=hunter2",
	} {
		cmd := program(t, newWorld(), address, "status")
		err := cmd.Run()
		said := cmd.Stderr.(*bytes.Buffer).String()
		if want := "usersync: " + errAddress.Error() + "\n"; err == nil || said != want {
			t.Errorf("with %s the program ends with %v and %q, want %q", address, err, said, want)
		}
	}
}
