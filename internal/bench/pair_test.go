package main

import (
	"testing"
	"time"
)

func TestQuartiles(t *testing.T) {
	t.Parallel()
	if got, want := quartilesOf([]float64{5, 1, 4, 2, 3}), (quartiles{2, 3, 4}); got != want {
		t.Errorf("quartiles %v, want %v", got, want)
	}
}

// TestMeasureAlternates checks that each measurement of the candidate is between two
// measurements of the reference.
func TestMeasureAlternates(t *testing.T) {
	t.Parallel()
	var order []byte
	record := func(name byte) func() {
		return func() {
			if len(order) == 0 || order[len(order)-1] != name {
				order = append(order, name)
			}
		}
	}
	measure(work{"candidate", record('c')}, work{"reference", record('r')}, 1, 3, time.Nanosecond)
	if got, want := string(order), "crcrcrcr"; got != want {
		t.Errorf("measured in the order %s, want %s", got, want)
	}
}
