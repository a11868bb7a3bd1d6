package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFaultsAreFound runs the service as it is, and with faults of the kinds that the
// program looks for.
func TestFaultsAreFound(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	var kept sync.Map
	for _, test := range []struct {
		name  string
		plant func(http.Handler) http.Handler
		want  []string // in the error and the report; none for a good run
	}{
		{name: "none"},
		{"accepts for ever what it accepted once", remembering, []string{"wrong answers", "was accepted"}},
		{"an outage refuses", refusing, []string{"wrong answers", "a good token was refused"}},
		{"goroutines and memory are left", func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				go func() { <-stuck }()
				kept.Store(r, make([]byte, 64<<10))
				next.ServeHTTP(w, r)
			})
		}, []string{"goroutines left", "memory grew"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			// On a busy machine a short run may not get as far as the outage.
			for lasts := 2 * time.Second; ; lasts *= 2 {
				var out bytes.Buffer
				err := faultsUnderLoad(&out, settings{lasts: lasts, seed: 3, speed: 400, plant: test.plant, patience: 8 * time.Second / time.Duration(1+8*len(test.want))})
				if len(test.want) == 0 && err != nil {
					t.Errorf("%v\n%s", err, &out)
				}
				missing := slices.DeleteFunc(slices.Clone(test.want), func(want string) bool {
					return err != nil && strings.Contains(err.Error()+out.String(), want)
				})
				if len(missing) == 0 {
					return
				}
				if lasts > 10*time.Second {
					t.Fatalf("%q was not found: %v\n%s", missing, err, &out)
				}
			}
		})
	}
}

// remembering responds to a token as it did when it accepted it first.
func remembering(next http.Handler) http.Handler {
	var accepted sync.Map
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := r.Header.Get("Authorization")
		if body, found := accepted.Load(token); found {
			_, _ = w.Write(body.([]byte))
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		if answer.Code == http.StatusOK {
			accepted.Store(token, answer.Body.Bytes())
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// refusing responds 401 where nothing can be decided.
func refusing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		if answer.Code == http.StatusServiceUnavailable {
			answer.Code = http.StatusUnauthorized
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}
