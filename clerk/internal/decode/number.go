package decode

import (
	"reflect"
	"strconv"
	"strings"
)

// integer reads a number that must be whole; if truncate is set, its fraction is cut off.
func (d *Decoder) integer(truncate bool, size int) (n int64, ok bool) {
	if n, ok = d.scanner.shortInteger(); !ok {
		text, whole := wholeNumber(d.scanner.number(), truncate)
		if !whole {
			return 0, false
		}
		var err error
		n, err = strconv.ParseInt(text, 10, size)
		return n, err == nil
	}
	return n, size == 64 || n == n<<(64-size)>>(64-size)
}

// shortInteger reads a number of few digits and nothing else, as nearly all are. It
// reports false, and reads nothing, for another number.
func (s *scanner) shortInteger() (n int64, ok bool) {
	const most = 18 // digits that fit every int64
	text, i := s.text, s.at
	negative := i < len(text) && text[i] == '-'
	if negative {
		i++
	}
	start := i
	for i < len(text) && isDigit(text[i]) {
		n = n*10 + int64(text[i]-'0')
		i++
	}
	switch {
	case i == start, i-start > most, text[start] == '0' && i-start > 1:
		return 0, false
	case i < len(text) && (text[i] == '.' || text[i]|0x20 == 'e'):
		return 0, false
	}
	s.at = i
	if negative {
		n = -n
	}
	return n, true
}

// wholeNumber returns a JSON number as a whole number of digits alone. It reports false
// if the number has a fraction, which truncate cuts off, or is far too large. It does not
// go through a float64, which has fewer digits than an int64.
func wholeNumber(text string, truncate bool) (whole string, ok bool) {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	mantissa, exponentText := text, "0"
	if e := strings.IndexAny(text, "eE"); e >= 0 {
		mantissa, exponentText = text[:e], text[e+1:]
	}
	integer, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(integer+fraction, "0")
	significant := strings.TrimRight(digits, "0")
	if significant == "" {
		return "0", text != ""
	}
	// An exponent that is out of range is still far beyond every number of digits.
	exponent, _ := strconv.ParseInt(exponentText, 10, 32)
	exponent += int64(len(digits) - len(significant) - len(fraction))
	const most = 20 // digits of the largest uint64
	switch {
	case exponent >= 0 && int64(len(significant))+exponent > most:
		return "", false
	case exponent >= 0:
		return sign + significant + strings.Repeat("0", int(exponent)), true
	case !truncate:
		return "", false
	case -exponent >= int64(len(significant)):
		return "0", true
	}
	return sign + significant[:int64(len(significant))+exponent], true
}

// startsNumber reports whether c is the first byte of a number.
func startsNumber(c byte) bool { return c == '-' || isDigit(c) }

// Truncated is the plan for an integer type that takes numbers with a fraction, and cuts
// the fraction off.
func Truncated(d *Decoder, v reflect.Value) bool { return d.signed(v, true) }

func whole(d *Decoder, v reflect.Value) bool { return d.signed(v, false) }

func (d *Decoder) signed(v reflect.Value, truncate bool) bool {
	switch c := d.scanner.next(); {
	case startsNumber(c):
		at := d.scanner.at
		n, ok := d.integer(truncate, v.Type().Bits())
		if !ok {
			d.mismatch(at, "number", v.Type())
			return false
		}
		v.SetInt(n)
		return true
	case c == 'n':
		d.scanner.literal("null")
		return true
	}
	return d.Mismatch(v.Type())
}

func unsigned(d *Decoder, v reflect.Value) bool {
	switch c := d.scanner.next(); {
	case startsNumber(c):
		at := d.scanner.at
		text, ok := wholeNumber(d.scanner.number(), false)
		n, err := strconv.ParseUint(text, 10, v.Type().Bits())
		if !ok || err != nil {
			d.mismatch(at, "number", v.Type())
			return false
		}
		v.SetUint(n)
		return true
	case c == 'n':
		d.scanner.literal("null")
		return true
	}
	return d.Mismatch(v.Type())
}

func float(d *Decoder, v reflect.Value) bool {
	switch c := d.scanner.next(); {
	case startsNumber(c):
		at := d.scanner.at
		n, err := strconv.ParseFloat(d.scanner.number(), v.Type().Bits())
		if err != nil {
			d.mismatch(at, "number", v.Type())
			return false
		}
		v.SetFloat(n)
		return true
	case c == 'n':
		d.scanner.literal("null")
		return true
	}
	return d.Mismatch(v.Type())
}
