package strictjson_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestStringsAreDecoded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`""`: "", `"a"`: "a", `"é你😀"`: "é你😀", "\"\x7f\u0080\u2028\"": "\x7f\u0080\u2028", `"/"`: "/", `"'"`: "'",
		`"\""`: `"`, `"\\"`: `\`, `"\/"`: "/", `"\b\f\n\r\t"`: "\b\f\n\r\t",
		`"\\n"`: `\n`, `"\\\\"`: `\\`, `"\\\""`: `\"`, `"a\tb\u0000c"`: "a\tb\x00c",
		`"\u0041\u00e9\u00E9\u4f60\uFFFD"`: "Aéé你\ufffd", `"\uabcd\uABCD"`: "\uabcd\uabcd", `"\ud7ff\ue000\uffff"`: "\ud7ff\ue000\uffff",
		`"\ud83d\ude00"`: "😀", `"\uD83D\uDE00x"`: "😀x", `"\ud800\udc00"`: "\U00010000", `"\udbff\udfff"`: "\U0010ffff",
		`"\u00410"`: "A0", `"\\u0041"`: `\u0041`,
	} {
		v, ok := readValue(text)
		if !ok || v.Text != want || v.Kind != '"' {
			t.Errorf("%s is read as %q of kind %q, accepted %t, want %q", text, v.Text, v.Kind, ok, want)
		}
		members, ok := readObject("{" + text + ":1}")
		if !ok || len(members) != 1 || members[0].Name != want {
			t.Errorf("the name %s is read as %+v, accepted %t, want %q", text, members, ok, want)
		}
	}
}

func TestMalformedStringsAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`"`, `"a`, `"\"`, `"\`, `a"`, `"a"b"`, `""a`,
		`"\a"`, `"\'"`, `"\0"`, `"\x41"`, `"\v"`, `"\N"`, `"\U0041"`, `"\ "`, "\"\\\n\"", `"\é"`,
		`"\u"`, `"\u1"`, `"\u12"`, `"\u123"`, `"\u123g"`, `"\u 123"`, `"\u+123"`, `"\u-123"`, `"\u{41}"`, `"\u00_1"`,
		`"\ud83d"`, `"\ude00"`, `"\ud83d\ud83d"`, `"\ude00\ud83d"`, `"\ud83dx"`, `"\ud83d\n"`, `"\ud83d\u0041"`, `"\ud83d\u"`, `"\ud83d\ude0"`, `"\ud83d\xde00"`, `"\ud83dxude00"`, `"\ud83d`, `"\ud83d\u00`,
	} {
		wantRefused(t, text)
		if members, ok := readObject("{" + text + ":1}"); ok {
			t.Errorf("the name %s is accepted as %+v", text, members)
		}
	}
}

// Strings are searched in blocks of eight bytes, so each character stands at each place.
func TestEveryCharacterAtEveryPlace(t *testing.T) {
	t.Parallel()
	for _, filler := range []string{"a", " ", "é", "!", "\x7f"} {
		for before := range 18 {
			for after := range 10 {
				for c := range rune(0x82) {
					text := strings.Repeat(filler, before) + string(c) + strings.Repeat(filler, after)
					checkCharacter(t, c, text)
				}
			}
		}
	}
}

// checkCharacter reads text, in which c is the only character that may be special, both as
// it is and after an escape.
func checkCharacter(t *testing.T, c rune, text string) {
	t.Helper()
	want := c >= ' ' && c != '"' && c != '\\'
	for escape, prefix := range map[string]string{"": "", `\t`: "\t"} {
		v, ok := readValue(`"` + escape + text + `"`)
		if ok != want || want && v.Text != prefix+text {
			t.Fatalf("%q after %q is read as %q, accepted %t, want %t", text, escape, v.Text, ok, want)
		}
	}
}

func TestEveryCharacterIsDecodedFromItsEscape(t *testing.T) {
	t.Parallel()
	for c := range rune(0x10000) {
		for _, format := range []string{`"\u%04x"`, `"\u%04X"`} {
			text := fmt.Sprintf(format, c)
			v, ok := readValue(text)
			surrogate := c >= 0xd800 && c < 0xe000
			if ok == surrogate || ok && v.Text != string(c) {
				t.Fatalf("%s is read as %q, accepted %t", text, v.Text, ok)
			}
		}
	}
}
