package strictjson_test

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
	"github.com/backend-sdk/clerk-go/internal/jsoncorpus"
)

// FuzzStrictJSON compares the package with encoding/json: it accepts nothing that
// encoding/json refuses, reads the same from the rest, and refuses nothing more without one
// of the reasons that the package comment lists.
func FuzzStrictJSON(f *testing.F) {
	for _, seed := range []string{
		everything, "[" + everything + "]", `{}`, `[]`, ` [ "a" , 1.5e3 ] `, `{"a":1,"a":2}`, `{"a":[{"b":1,"\u0062":2}]}`, "[\"\xff\"]", `["\ud83d"]`, `["\ud83d\ude00"]`,
		`[01]`, `[1e999,-0,1E+2]`, `[tru]`, `["a\u0000b","\/"]`, "[\"a\tb\"]", `[1,]`, `{"a":1}{}`, strings.Repeat("[", 33) + strings.Repeat("]", 33), `["aaaaaaa\"aaaaaaaé"]`,
	} {
		f.Add(seed)
	}
	for _, seed := range slices.Concat(jsoncorpus.Valid, jsoncorpus.Invalid) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		gotMembers, isObject := readObject(text)
		gotElements, isList := readList(text)
		wantObject, wantList := laxKind(text)
		if isObject && !wantObject || isList && !wantList {
			t.Fatalf("%q is accepted as an object: %t, as a list: %t; encoding/json refuses it", text, isObject, isList)
		}
		if isStrict(text) && (isObject != wantObject || isList != wantList) {
			t.Fatalf("%q is accepted as an object: %t, as a list: %t, without a reason to refuse it", text, isObject, isList)
		}
		if isObject {
			compareMembers(t, text, gotMembers)
		}
		if isList {
			compareElements(t, text, gotElements)
		}
		compareStrings(t, text, gotElements, isList)
	})
}

// laxKind reports whether encoding/json accepts text as an object or as a list.
func laxKind(text string) (object, list bool) {
	if !json.Valid([]byte(text)) {
		return false, false
	}
	text = strings.TrimLeft(text, " \t\r\n")
	return text[0] == '{', text[0] == '['
}

// isStrict reports whether valid JSON has nothing that this package refuses. It is false for
// every escape of a surrogate, also for one of a pair.
func isStrict(text string) bool {
	if !utf8.ValidString(text) || strings.Contains(strings.ToLower(text), `\ud`) {
		return false
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	var levels []*level
	for {
		token, err := decoder.Token()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
			levels = levels[:len(levels)-1]
			continue
		}
		if len(levels) > 0 && !levels[len(levels)-1].add(token) {
			return false
		}
		if delim, ok := token.(json.Delim); ok {
			if levels = append(levels, &level{object: delim == '{'}); len(levels) > strictjson.MaxDepth {
				return false
			}
		}
	}
}

// level is an object or a list that is open.
type level struct {
	object bool
	tokens int
	names  []string
}

// add counts a token, and reports whether it is not a name that the object has already.
func (l *level) add(token json.Token) bool {
	l.tokens++
	if !l.object || l.tokens%2 == 0 {
		return true
	}
	name := token.(string)
	if slices.Contains(l.names, name) {
		return false
	}
	l.names = append(l.names, name)
	return true
}

// compareMembers compares the members of an object with those that encoding/json reads.
func compareMembers(t *testing.T, text string, got []member) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	for _, m := range got {
		name, err := decoder.Token()
		if err != nil || name != m.Name {
			t.Fatalf("%q has the name %q, want %q (%v)", text, m.Name, name, err)
		}
		compareValue(t, decoder, m.Value)
	}
	if decoder.More() {
		t.Errorf("%q has more than the %d members that were reported", text, len(got))
	}
}

// compareElements compares the elements of a list with those that encoding/json reads.
func compareElements(t *testing.T, text string, got []strictjson.Value) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	for _, v := range got {
		compareValue(t, decoder, v)
	}
	if decoder.More() {
		t.Errorf("%q has more than the %d elements that were reported", text, len(got))
	}
}

// compareValue compares v with the next value of decoder.
func compareValue(t *testing.T, decoder *json.Decoder, v strictjson.Value) {
	t.Helper()
	var raw json.RawMessage
	if err := decoder.Decode(&raw); err != nil {
		t.Fatal(err)
	}
	var want strictjson.Value
	switch raw[0] {
	case '"':
		want.Kind = '"'
		if err := json.Unmarshal(raw, &want.Text); err != nil {
			t.Fatal(err)
		}
	case '{', '[', 't', 'f', 'n':
		want = strictjson.Value{Text: string(raw), Kind: raw[0]}
	default:
		want = strictjson.Value{Text: string(raw), Kind: '0'}
	}
	if v != want {
		t.Errorf("%s is read as %+v, want %+v", raw, v, want)
	}
	var wantNumber float64
	err := json.Unmarshal(raw, &wantNumber)
	isNumber := want.Kind == '0' && err == nil
	if n, ok := v.Number(); ok != isNumber || ok && n != wantNumber {
		t.Errorf("%s is the number %v, %t, want %v, %t", raw, n, ok, wantNumber, isNumber)
	}
}

// compareStrings compares Strings with List, which reported elements.
func compareStrings(t *testing.T, text string, elements []strictjson.Value, isList bool) {
	t.Helper()
	var want []string
	only := true
	for _, v := range elements {
		if v.Kind != '"' {
			only = false
		} else if v.Text != "" {
			want = append(want, v.Text)
		}
	}
	got, ok := strictjson.Strings(text)
	if diff := cmp.Diff(want, got); diff != "" || ok != (isList && only && len(want) > 0) {
		t.Errorf("Strings(%q) reports %t, strings (-want +got):\n%s", text, ok, diff)
	}
}
