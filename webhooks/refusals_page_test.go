package webhooks_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// TestPageExplainsEveryRefusal compares the table of docs/webhooks.md with what the handler
// responds, and that with all words which the package has for refusals.
func TestPageExplainsEveryRefusal(t *testing.T) {
	t.Parallel()
	field := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	unchanged := func(*http.Request) {}
	got := map[string]bool{} // rows such as "method 405"
	for _, test := range []struct {
		body     string
		handlers webhooks.Handlers
		change   func(*http.Request)
	}{
		{creation, created(nil), func(r *http.Request) { r.Header = http.Header{} }},
		{creation, created(nil), field("Svix-Timestamp", "0")},
		{creation, created(nil), field("Svix-Timestamp", "1")},
		{creation, created(nil), field("Svix-Timestamp", fmt.Sprint(int64(epoch)*2))},
		{creation, created(nil), func(r *http.Request) { r.Body = http.NoBody }},
		{creation, created(nil), func(r *http.Request) { r.Method = http.MethodPut }},
		{creation, created(nil), field("Content-Encoding", "gzip")},
		{creation, created(nil), func(r *http.Request) { r.Body = http.MaxBytesReader(nil, r.Body, 10) }},
		{creation, created(nil), func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)) }},
		{notAnEvent, created(nil), unchanged},
		{misfit, created(nil), unchanged},
		{creation, created(errHandler), unchanged},
		{creation, created(webhooks.Permanent(errHandler)), unchanged},
	} {
		req := post(sign(t, first, "msg_1", epoch, test.body), test.body)
		test.change(req)
		got[refusedWith(receiver(t, first), test.handlers, req)] = true
	}
	got[refusedWith(nil, created(nil), post(sign(t, first, "msg_1", epoch, creation), creation))] = true

	words := map[string]bool{}
	for row := range got {
		word, _, _ := strings.Cut(row, " ")
		words[word] = true
	}
	for _, word := range wordsOfRefusals(t) {
		if !words[word] {
			t.Errorf("no delivery was refused with %s", word)
		}
	}
	explained := rowsOfPage(t)
	for row := range got {
		if !explained[row] {
			t.Errorf("docs/webhooks.md does not explain %s", row)
		}
	}
	for row := range explained {
		if !got[row] {
			t.Errorf("docs/webhooks.md explains %s, which no delivery is refused with", row)
		}
	}
}

func refusedWith(r *webhooks.Receiver, h webhooks.Handlers, req *http.Request) string {
	w := httptest.NewRecorder()
	r.Handler(h).ServeHTTP(w, req)
	return fmt.Sprint(w.Body, " ", w.Code)
}

// wordsOfRefusals returns what the package calls refusals, from its source.
func wordsOfRefusals(t *testing.T) (words []string) {
	t.Helper()
	for file, pattern := range map[string]string{
		"errors.go":  `Reason += "([a-z-]+)"`,
		"handler.go": `outcome\{http\.Status(?:[A-MO-Z]\w+), "([a-z-]+)"\}`, // all but NoContent
	} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(string(source), -1)
		if len(found) == 0 {
			t.Fatalf("%s has no word for a refusal", file)
		}
		for _, match := range found {
			words = append(words, match[1])
		}
	}
	return words
}

// rowsOfPage returns the words and statuses of the table of docs/webhooks.md.
func rowsOfPage(t *testing.T) map[string]bool {
	t.Helper()
	page, err := os.ReadFile("../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}
	for _, match := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| ([0-9]+) \\|").FindAllStringSubmatch(string(page), -1) {
		rows[match[1]+" "+match[2]] = true
	}
	return rows
}
