package register

import "slices"

var rows = slices.Concat(requestRows, settingRows, tokenRows(), callRows, answerRows)

// Rows gives the register in the order in which its rows are applied.
func Rows() []*Row {
	list := make([]*Row, len(rows))
	for i := range rows {
		list[i] = &rows[i]
	}
	return list
}
