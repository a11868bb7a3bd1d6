package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// site serves a document at /spec.yaml, and failures at other paths.
func site(t *testing.T) *httptest.Server {
	t.Helper()
	data, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/spec.yaml", func(w http.ResponseWriter, _ *http.Request) { w.Write(data) })
	mux.Handle("/moved.yaml", http.RedirectHandler("/spec.yaml", http.StatusMovedPermanently))
	mux.Handle("/round.yaml", http.RedirectHandler("/round.yaml", http.StatusFound))
	mux.HandleFunc("/half.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		w.Write(data)
	})
	mux.HandleFunc("/failing.yaml", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		w.Write(data)
	})
	mux.HandleFunc("/page.html", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("<!doctype html>\n<html><body>Sign in first</body></html>\n"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	server := site(t)
	tests := []struct{ path, want string }{
		{"/half.yaml", "unexpected EOF"},
		{"/none.yaml", "404 Not Found"},
		{"/failing.yaml", "502 Bad Gateway"},
		{"/round.yaml", "10 redirects"},
		{"/page.html", "mapping"},
	}
	dir := empty(t)
	before := content(t, dir)
	for _, tt := range tests {
		for _, command := range []string{"diff", "import"} {
			out, errs := tool(t, refused, dir, command, server.URL+tt.path)
			contains(t, errs, tt.want)
			if out != "" || strings.Count(errs, "\n") != 1 {
				t.Errorf("%s %s writes more than one line: %s%s", command, tt.path, out, errs)
			}
		}
	}
	tool(t, refused, dir, "import", filepath.Join(dir, "none.yaml"))
	tool(t, refused, dir, "import", dir)
	if diff := cmp.Diff(before, content(t, dir)); diff != "" {
		t.Errorf("files were written (-before +after):\n%s", diff)
	}
	tool(t, fine, dir, "import", server.URL+"/moved.yaml")
	tool(t, fine, dir, "diff", server.URL+"/spec.yaml")
	if diff := cmp.Diff(content(t, imported(t)), content(t, dir)); diff != "" {
		t.Errorf("by path and by address (-path +address):\n%s", diff)
	}
}

func TestNoRedirectToPlainHTTP(t *testing.T) {
	t.Parallel()
	secure := httptest.NewRequest(http.MethodGet, "https://docs.invalid/spec.yaml", nil)
	plain := httptest.NewRequest(http.MethodGet, "http://docs.invalid/spec.yaml", nil)
	for _, tt := range []struct {
		from, to *http.Request
		want     bool
	}{{secure, plain, false}, {secure, secure, true}, {plain, secure, true}, {plain, plain, true}} {
		if err := redirect(tt.to, []*http.Request{tt.from}); (err == nil) != tt.want {
			t.Errorf("from %s to %s: %v", tt.from.URL, tt.to.URL, err)
		}
	}
}

func TestDocumentsHaveALimit(t *testing.T) {
	t.Parallel()
	address := site(t).URL + "/spec.yaml"
	whole, err := fetch(address, maxDocument)
	if err != nil {
		t.Fatal(err)
	}
	size := int64(len(whole))
	for _, source := range []string{address, first} {
		if data, err := fetch(source, size); err != nil || int64(len(data)) != size {
			t.Errorf("%s of the size of the limit: %d bytes, %v", source, len(data), err)
		}
		if data, err := fetch(source, size-1); err == nil || !strings.Contains(err.Error(), "is larger than") {
			t.Errorf("%s over the limit: %d bytes, %v", source, len(data), err)
		}
	}
}
