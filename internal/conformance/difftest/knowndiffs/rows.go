package knowndiffs

import (
	"cmp"
	"slices"
)

var rows = slices.Concat(refusalRows[:1], requestRows, settingRows, tokenRows, callRows, handshakeRows[:1], outcomeRows, handshakeRows[1:], refusalRows[1:])

// NotCompared are the known differences that the comparison does not reach, and why.
var NotCompared = map[string]string{
	"D9":  "the printed form of a state is not part of an outcome",
	"D12": "the comparison never fetches the current user",
	"D26": "the fake API responds at once, and the number of calls is not compared",
	"D31": "the JavaScript SDK has no such option, and without it both sides have the same outcome",
	"D34": "both sides have the same outcome, and logs are not compared",
	"D40": "a missing token is empty on both sides",
	"D52": "the generated OAuth tokens have no actor",
	"D58": "the generated requests of production instances come over https, and forwarded values have no blanks",
	"D60": "the JavaScript SDK has no such option, and without it both sides have the same outcome",
}

// Rows returns all rows in the order in which they are applied.
func Rows() []*Row {
	list := make([]*Row, len(rows))
	for i := range rows {
		list[i] = &rows[i]
	}
	return list
}

// ByNumber compares two ids as the table of differences orders them.
func ByNumber(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
