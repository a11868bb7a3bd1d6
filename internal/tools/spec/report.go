package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// line is one change in a reader's words.
type line struct {
	phrase
	mark   string // "+", "-" or "~"
	text   string
	breaks bool
}

// report writes what the published document changes, by operation and component.
func (t *takeover) report(w io.Writer) {
	lines := t.lines()
	for _, l := range lines {
		if l.whole {
			fmt.Fprintln(w, l.String())
		}
	}
	subject := ""
	for _, l := range lines {
		if l.whole {
			continue
		}
		if l.subject != subject {
			subject = l.subject
			fmt.Fprintln(w, t.title(subject))
		}
		fmt.Fprintln(w, "  "+l.String())
	}
	breaking := 0
	for _, l := range lines {
		if l.breaks {
			breaking++
		}
	}
	fmt.Fprintf(w, "%d changes, of which %d break Go callers\n", len(lines), breaking)
}

func (l line) String() string {
	s := l.mark + " " + l.text
	if l.breaks {
		s += "   (breaks Go callers)"
	}
	return s
}

// lines turns the difference into lines, whole things first, then by subject.
func (t *takeover) lines() []line {
	var out []line
	for _, key := range t.difference.Lost {
		p := read(key)
		out = append(out, line{phrase: p, mark: "-", text: t.text(p), breaks: p.breaksLoss()})
	}
	for _, key := range t.difference.Added {
		p := read(key)
		mustBeSent := t.published[key+separator+"required"] == "true"
		out = append(out, line{phrase: p, mark: "+", text: t.text(p), breaks: mustBeSent || p.breaksGain()})
	}
	for _, c := range t.difference.Changed {
		p := read(c.Key)
		text := fmt.Sprintf("%s: %s, now %s", t.text(p), c.Was, c.Is)
		out = append(out, line{phrase: p, mark: "~", text: text, breaks: p.decidesType()})
	}
	slices.SortStableFunc(out, func(a, b line) int {
		return cmp.Or(strings.Compare(place(a.subject), place(b.subject)), strings.Compare(a.mark, b.mark), strings.Compare(a.text, b.text))
	})
	return out
}

func (t *takeover) text(p phrase) string {
	if p.whole {
		return t.title(p.subject)
	}
	return p.what
}

// title names a subject, an operation with its Go function.
func (t *takeover) title(subject string) string {
	if name := t.names[subject]; name != "" {
		return subject + " (" + name + ")"
	}
	return subject
}

// place orders subjects: operations by path, then components.
func place(subject string) string {
	if method, path, ok := strings.Cut(subject, " /"); ok {
		return "1 /" + path + " " + method
	}
	return "2 " + subject
}
