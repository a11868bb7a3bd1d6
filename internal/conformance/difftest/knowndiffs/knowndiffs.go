// Package knowndiffs holds the differences from Clerk's JavaScript SDK that package
// auth has on purpose. Everything else must be the same.
package knowndiffs

import (
	"maps"
	"slices"
	"strings"

	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/generator"
	"github.com/backend-sdk/clerk-go/internal/conformance/difftest/peer"
)

// A Row is one known difference. The request and the settings alone decide whether it
// applies. If it does, it says which outcome package auth must have: the JavaScript
// SDK's outcome for a rewritten request, and that outcome amended; both are optional.
// A row never sees the outcome of package auth, so it cannot excuse one: it replaces
// the JavaScript SDK's outcome by another complete one.
type Row struct {
	ID, Fact string
	Only     peer.SDK // the version of the SDK that the row is about, or "" for each
	Applies  func(*generator.Keys, *generator.Case) bool

	// Rewrite changes a copy of the case, but only the parts that Rewrites names. The
	// function that it returns, if any, removes from the outcome what comes from the
	// rewriting alone.
	Rewrite  func(*generator.Keys, *generator.Case) func(*peer.Outcome)
	Rewrites []string

	// Amend changes a copy of the outcome, but only the fields that Amends names. Only
	// a row that refuses the request changes every field.
	Amend  func(*generator.Case, *peer.Outcome)
	Amends []string
}

// A Verdict is a case with all versions of it that the JavaScript SDK has to run.
type Verdict struct {
	Case *generator.Case
	// Versions starts with the case itself. Each later version is the previous one,
	// rewritten by a row.
	Versions []*generator.Case

	steps []step
	amend []*Row // for the outcome of the last version
}

type step struct {
	row     *Row
	restore func(*peer.Outcome)
}

// IsAbout reports whether the row is about a version of the SDK.
func (row *Row) IsAbout(sdk peer.SDK) bool { return row.Only == "" || row.Only == sdk }

// Description returns the fact, and the version that it is about if that is one alone.
func (row *Row) Description() string {
	if row.Only == "" {
		return row.Fact
	}
	return row.Fact + " (" + string(row.Only) + ")"
}

// Apply finds the rows about a version of the SDK that apply to the case.
func Apply(sdk peer.SDK, keys *generator.Keys, c *generator.Case) *Verdict {
	v := &Verdict{Case: c, Versions: []*generator.Case{c}}
	last := c
	for i := range rows {
		row := &rows[i]
		if !row.IsAbout(sdk) || !row.Applies(keys, last) {
			continue
		}
		if row.Rewrite != nil {
			last = last.Clone()
			v.steps = append(v.steps, step{row, row.Rewrite(keys, last)})
			v.Versions = append(v.Versions, last)
		}
		if row.Amend != nil {
			v.amend = append(v.amend, row)
		}
	}
	return v
}

// Expect returns the outcome that package auth must have, given the JavaScript SDK's
// outcomes for the versions. It also returns the rows that make a difference to the
// JavaScript SDK's outcome for the case itself.
func (v *Verdict) Expect(theirs []peer.Outcome) (want peer.Outcome, differs []*Row) {
	outcomes := make([]peer.Outcome, len(theirs))
	for i := range theirs {
		outcomes[i] = v.restored(theirs[i], i)
	}
	for i, s := range v.steps {
		if !Same(outcomes[i], outcomes[i+1]) {
			differs = append(differs, s.row)
		}
	}
	want = outcomes[len(outcomes)-1]
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

// Applied returns the rows that apply, whether they change the outcome or not.
func (v *Verdict) Applied() []*Row {
	var list []*Row
	for _, s := range v.steps {
		list = append(list, s.row)
	}
	return append(list, v.amend...)
}

// restored removes the traces of the first n rewrites from the outcome.
func (v *Verdict) restored(o peer.Outcome, n int) peer.Outcome {
	o = o.Clone()
	o.Calls = slices.Clone(o.Calls)
	for i, call := range o.Calls {
		if maps.Equal(call.RequestHeaders, requestHeaders(v.Versions[n])) {
			o.Calls[i].RequestHeaders = requestHeaders(v.Case)
		}
	}
	for i := n - 1; i >= 0; i-- {
		if undo := v.steps[i].restore; undo != nil {
			undo(&o)
		}
	}
	return o
}

// requestHeaders returns the headers that the JavaScript SDK sends along when it
// refreshes the session token of a request: all of them.
func requestHeaders(c *generator.Case) map[string]string {
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
