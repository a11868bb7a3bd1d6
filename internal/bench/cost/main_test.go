package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := table(&out, []*program{
		{name: "floor", wall: 2 * time.Second, cpu: 3 * time.Second, binary: 5 << 20},
		{name: "other", wall: 4 * time.Second, cpu: 7 * time.Second, binary: 8 << 20, sums: make([]string, 3), linked: make([]string, 1)},
	}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.Trim(out.String(), "\n"), "\n")
	want := []string{"other", "4.0", "s", "7.0", "s", "+4.0", "s", "8.00", "MiB", "+3.00", "MiB", "3", "1"}
	if diff := cmp.Diff(want, strings.Fields(lines[len(lines)-1])); diff != "" {
		t.Errorf("last line (-want +got):\n%s", diff)
	}
	for _, line := range lines[1:] {
		if len(line) != len(lines[0]) {
			t.Errorf("not aligned:\n%s", out.String())
		}
	}
}

func TestLower(t *testing.T) {
	t.Parallel()
	for _, tc := range [][3]time.Duration{{0, 5, 5}, {3, 5, 3}, {5, 3, 3}} {
		if got := lower(tc[0], tc[1]); got != tc[2] {
			t.Errorf("lower(%d, %d) = %d, want %d", tc[0], tc[1], got, tc[2])
		}
	}
}
