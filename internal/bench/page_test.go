package main

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// TestThePageNamesTheCases looks for the rows of docs/performance.md among the cases, and
// compares the numbers of allocations.
func TestThePageNamesTheCases(t *testing.T) {
	page, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSetup(distinct)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	pairs := append(append(s.pairs(), s.servicePair()), clientPairs...)
	rows := regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \| ([0-9. to]*) ?\| ?([0-9,]*) ?\|$`).FindAllStringSubmatch(string(page), -1)
	if len(rows) == 0 {
		t.Fatal("docs/performance.md has no figures")
	}
	for _, row := range rows {
		found := false
		for _, p := range pairs {
			if p.candidate.name != row[1] || p.reference.name != row[2] {
				continue
			}
			found = true
			if row[4] == "" {
				continue
			}
			want, err := strconv.ParseFloat(row[4], 64)
			if got := p.candidate.allocations(); err != nil || got != want {
				t.Errorf("%s allocates %v times, and the page says %s", row[1], got, row[4])
			}
		}
		if !found {
			t.Errorf("no case measures %q beside %q", row[1], row[2])
		}
	}
}
