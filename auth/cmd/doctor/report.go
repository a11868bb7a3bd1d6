package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// verdict says how a finding is to be taken.
type verdict string

const (
	ok      verdict = "ok"
	warning verdict = "warning"
	wrong   verdict = "wrong"
)

// finding is a line of the report.
type finding struct {
	verdict       verdict
	subject, text string
}

// report holds the findings in the order in which they are printed.
type report []finding

func (r *report) add(v verdict, subject, format string, args ...any) {
	*r = append(*r, finding{v, subject, fmt.Sprintf(format, args...)})
}

func (r report) has(v verdict) bool {
	return slices.ContainsFunc(r, func(f finding) bool { return f.verdict == v })
}

// String returns the findings as aligned lines.
func (r report) String() string {
	var b strings.Builder
	for _, f := range r {
		fmt.Fprintf(&b, "%-8s %-19s %s\n", f.verdict, f.subject, printable(f.text))
	}
	return b.String()
}

// secrets are the variables whose values are never printed.
var secrets = []string{"CLERK_SECRET_KEY", "CLERK_MACHINE_SECRET_KEY", "CLERK_WEBHOOK_SIGNING_SECRET"}

// secretForm matches what looks like a key, which may be in a variable that is meant for
// something else.
var secretForm = regexp.MustCompile(`\b(sk_test|sk_live|ak|whsec)_[^\s"']+`)

// printable takes out of a text what is secret, and what could move the cursor of a terminal
// or begin another line. Errors of servers repeat what they were sent.
func printable(text string) string {
	for _, name := range secrets {
		if value := strings.TrimSpace(os.Getenv(name)); value != "" {
			text = strings.ReplaceAll(text, value, "…")
		}
	}
	text = secretForm.ReplaceAllString(text, "${1}_…")
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, text)
}
