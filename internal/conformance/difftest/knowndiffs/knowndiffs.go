// Package knowndiffs holds the differences from the JavaScript SDK that package auth
// has on purpose. Everything else must be the same.
package knowndiffs

import (
	"maps"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// Row is one difference. Whether it applies is told by request and settings alone,
// and then it says what package auth answers: what the JavaScript SDK answers when
// the request is rewritten, and that answer amended. Each is optional. What package
// auth does answer is never looked at, so a row cannot excuse an answer: it puts
// another complete one in the place of the JavaScript SDK's.
type Row struct {
	ID, Fact string
	Applies  func(*Judge, *generator.Case) bool

	// Rewrite changes a copy of the case, in no other parts than Rewrites names. What
	// it gives, if anything, undoes in the answer what only comes from the rewriting.
	Rewrite  func(*Judge, *generator.Case) func(*peer.Answer)
	Rewrites []string

	// Amend changes a copy of the answer, in no other fields than Amends names. Only
	// a row that refuses the request changes every field.
	Amend  func(*generator.Case, *peer.Answer)
	Amends []string
}

// Judge applies the register to the cases of one run.
type Judge struct {
	Keys *generator.Keys
}

// Verdict is a case with everything that the JavaScript SDK is asked because of it.
type Verdict struct {
	Case *generator.Case
	// Versions begin with the case itself; each later one is what a row made of the
	// one before.
	Versions []*generator.Case

	steps []step
	amend []*Row // judged by the last version
}

type step struct {
	row     *Row
	restore func(*peer.Answer)
}

// Apply finds the rows that apply to the case.
func (j *Judge) Apply(c *generator.Case) *Verdict {
	v := &Verdict{Case: c, Versions: []*generator.Case{c}}
	last := c
	for i := range rows {
		row := &rows[i]
		if !row.Applies(j, last) {
			continue
		}
		if row.Rewrite != nil {
			last = last.Clone()
			v.steps = append(v.steps, step{row, row.Rewrite(j, last)})
			v.Versions = append(v.Versions, last)
		}
		if row.Amend != nil {
			v.amend = append(v.amend, row)
		}
	}
	return v
}

// Expect gives what package auth must answer, from the answers of the JavaScript
// SDK to the versions, and the rows by which that differs from its answer to the
// case itself.
func (v *Verdict) Expect(theirs []peer.Answer) (want peer.Answer, differs []*Row) {
	answers := make([]peer.Answer, len(theirs))
	for i := range theirs {
		answers[i] = v.restored(theirs[i], i)
	}
	for i, s := range v.steps {
		if !Same(answers[i], answers[i+1]) {
			differs = append(differs, s.row)
		}
	}
	want = answers[len(answers)-1]
	for _, row := range v.amend {
		amended := want.Clone()
		row.Amend(v.Versions[len(v.Versions)-1], &amended)
		if !Same(want, amended) {
			differs = append(differs, row)
		}
		want = amended
	}
	return want, differs
}

// Applied gives the rows that apply, whether they change the answer or not.
func (v *Verdict) Applied() []*Row {
	var list []*Row
	for _, s := range v.steps {
		list = append(list, s.row)
	}
	return append(list, v.amend...)
}

// restored undoes the traces of the first n rewritings in the answer.
func (v *Verdict) restored(a peer.Answer, n int) peer.Answer {
	a = a.Clone()
	a.Calls = slices.Clone(a.Calls)
	for i, call := range a.Calls {
		if maps.Equal(call.Told, told(v.Versions[n])) {
			a.Calls[i].Told = told(v.Case)
		}
	}
	for i := n - 1; i >= 0; i-- {
		if undo := v.steps[i].restore; undo != nil {
			undo(&a)
		}
	}
	return a
}

// told is what the JavaScript SDK tells of a request when it has a token
// refreshed: every header.
func told(c *generator.Case) map[string]string {
	headers := map[string]string{"host": c.Host}
	for _, f := range c.Header {
		name := strings.ToLower(f[0])
		if before, found := headers[name]; found {
			headers[name] = before + ", " + f[1]
		} else {
			headers[name] = f[1]
		}
	}
	return headers
}
