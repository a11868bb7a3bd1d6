package knowndiffs

import (
	"cmp"
	"slices"
)

var rows = slices.Concat(requestRows, settingRows, tokenRows, callRows, answerRows)

// Unseen are the differences that the comparison does not meet, and why.
var Unseen = map[string]string{
	"D9":  "what is printed of a state is no answer to a request",
	"D12": "nobody is asked for the current user here",
	"D26": "the API of each request answers at once, and how often it is asked is not compared",
	"D31": "an option that the JavaScript SDK lacks, and without it both answer the same",
	"D34": "both answer the same, and what is logged is not compared",
	"D40": "a missing token is empty on both sides",
}

// Rows gives the register in the order in which its rows are applied.
func Rows() []*Row {
	list := make([]*Row, len(rows))
	for i := range rows {
		list[i] = &rows[i]
	}
	return list
}

// ByNumber orders ids as DESIGN.md does.
func ByNumber(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
