package strictjson

// decoder reads text, which is valid UTF-8, from the position at. Its methods report
// whether what they look for is there. They return strings that share memory with text where
// possible.
type decoder struct {
	text string
	at   int
}

func (d *decoder) space() {
	for d.at < len(d.text) {
		switch d.text[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

func (d *decoder) take(c byte) bool {
	if d.at < len(d.text) && d.text[d.at] == c {
		d.at++
		return true
	}
	return false
}

func (d *decoder) word(w string) bool {
	if len(d.text)-d.at >= len(w) && d.text[d.at:d.at+len(w)] == w {
		d.at += len(w)
		return true
	}
	return false
}

func (d *decoder) object(depth int, member func(string, Value)) bool {
	if depth > MaxDepth || !d.take('{') {
		return false
	}
	d.space()
	if d.take('}') {
		return true
	}
	var seen nameSet
	for {
		name, ok := d.string()
		if !ok || !seen.add(name) {
			return false
		}
		d.space()
		if !d.take(':') {
			return false
		}
		d.space()
		v, ok := d.value(depth)
		if !ok {
			return false
		}
		if member != nil {
			member(name, v)
		}
		d.space()
		if d.take('}') {
			return true
		}
		if !d.take(',') {
			return false
		}
		d.space()
	}
}

func (d *decoder) list(depth int, element func(Value)) bool {
	if depth > MaxDepth || !d.take('[') {
		return false
	}
	d.space()
	if d.take(']') {
		return true
	}
	for {
		v, ok := d.value(depth)
		if !ok {
			return false
		}
		if element != nil {
			element(v)
		}
		d.space()
		if d.take(']') {
			return true
		}
		if !d.take(',') {
			return false
		}
		d.space()
	}
}

func (d *decoder) value(depth int) (Value, bool) {
	if d.at >= len(d.text) {
		return Value{}, false
	}
	start, kind := d.at, d.text[d.at]
	var ok bool
	switch kind {
	case '"':
		s, ok := d.string()
		return Value{Text: s, Kind: kind}, ok
	case '{':
		ok = d.object(depth+1, nil)
	case '[':
		ok = d.list(depth+1, nil)
	case 't':
		ok = d.word("true")
	case 'f':
		ok = d.word("false")
	case 'n':
		ok = d.word("null")
	default:
		kind, ok = '0', d.number()
	}
	return Value{Text: d.text[start:d.at], Kind: kind}, ok
}

func (d *decoder) number() bool {
	d.take('-')
	first := d.at
	if !d.digits() || (d.text[first] == '0' && d.at > first+1) {
		return false
	}
	if d.take('.') && !d.digits() {
		return false
	}
	if d.take('e') || d.take('E') {
		if !d.take('+') {
			d.take('-')
		}
		return d.digits()
	}
	return true
}

func (d *decoder) digits() bool {
	start := d.at
	for d.at < len(d.text) && d.text[d.at]-'0' <= 9 {
		d.at++
	}
	return d.at > start
}
