package strictjson_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

// everything is an object with values of every kind.
const everything = `{"s":"a\"\u00e9\ud83d\ude00","n":-12.5e+3,"z":0,"o":{"x":[{}],"y":null},"l":[1,"2",[true]],"t":true,"f":false,"u":null,"":""}`

var everyMember = []member{
	{"s", strictjson.Value{Text: `a"é😀`, Kind: '"'}},
	{"n", strictjson.Value{Text: "-12.5e+3", Kind: '0'}},
	{"z", strictjson.Value{Text: "0", Kind: '0'}},
	{"o", strictjson.Value{Text: `{"x":[{}],"y":null}`, Kind: '{'}},
	{"l", strictjson.Value{Text: `[1,"2",[true]]`, Kind: '['}},
	{"t", strictjson.Value{Text: "true", Kind: 't'}},
	{"f", strictjson.Value{Text: "false", Kind: 'f'}},
	{"u", strictjson.Value{Text: "null", Kind: 'n'}},
	{"", strictjson.Value{Text: "", Kind: '"'}},
}

func TestObjectReportsEveryMember(t *testing.T) {
	t.Parallel()
	got, ok := readObject(everything)
	if diff := cmp.Diff(everyMember, got); diff != "" || !ok {
		t.Errorf("Object reports %t, members (-want +got):\n%s", ok, diff)
	}
	if got, ok := readObject("{}"); !ok || got != nil {
		t.Errorf("the empty object reports %t, members %+v", ok, got)
	}
}

func TestListReportsEveryElement(t *testing.T) {
	t.Parallel()
	var want []strictjson.Value
	for _, m := range everyMember {
		want = append(want, m.Value)
	}
	text := strings.NewReplacer(`"s":`, "", `"n":`, "", `"z":`, "", `"o":`, "", `"l":`, "", `"t":`, "", `"f":`, "", `"u":`, "", `"":`, "").Replace(everything)
	got, ok := readList("[" + text[1:len(text)-1] + "]")
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("List reports %t, elements (-want +got):\n%s", ok, diff)
	}
	if got, ok := readList("[]"); !ok || got != nil {
		t.Errorf("the empty list reports %t, elements %+v", ok, got)
	}
}

func TestStringsLeavesOutEmptyOnes(t *testing.T) {
	t.Parallel()
	for text, test := range map[string]struct {
		want []string
		ok   bool
	}{
		`["a","b"]`:        {[]string{"a", "b"}, true},
		`["a","a"]`:        {[]string{"a", "a"}, true},
		`["","a",""]`:      {[]string{"a"}, true},
		` [ "\u0061" ] `:   {[]string{"a"}, true},
		`["a",1]`:          {[]string{"a"}, false},
		`[null,"a"]`:       {[]string{"a"}, false},
		`["a",["b"]]`:      {[]string{"a"}, false},
		`["a","b"`:         {[]string{"a", "b"}, false},
		`["a"] x`:          {[]string{"a"}, false},
		`[]`:               {nil, false},
		`[""]`:             {nil, false},
		`"a"`:              {nil, false},
		`{"a":"b"}`:        {nil, false},
		``:                 {nil, false},
		"[\"a\",\"\xff\"]": {nil, false},
	} {
		got, ok := strictjson.Strings(text)
		if diff := cmp.Diff(test.want, got); diff != "" || ok != test.ok {
			t.Errorf("Strings(%q) reports %t, want %t; strings (-want +got):\n%s", text, ok, test.ok, diff)
		}
	}
}

func TestWhitespaceIsAllowedBetweenTokens(t *testing.T) {
	t.Parallel()
	const tokens = "{|\"a\"|:|[|1|,|\"b\"|,|{|}|,|[|]|]|,|\"c\"|:|true|}"
	want, _ := readObject(strings.ReplaceAll(tokens, "|", ""))
	for _, space := range []string{" ", "\t", "\n", "\r", " \t\r\n "} {
		text := space + strings.ReplaceAll(tokens, "|", space) + space
		got, ok := readObject(text)
		if !ok || len(got) != len(want) {
			t.Errorf("Object(%q) reports %t, members %+v", text, ok, got)
		}
	}
	for _, other := range []string{"\f", "\v", "\x00", "\u00a0", "\u2028", "\ufeff", "/**/", "//\n"} {
		for i := range strings.Count(tokens, "|") + 2 {
			parts := strings.Split("|"+tokens+"|", "|")
			text := strings.Join(parts[:i+1], "") + other + strings.Join(parts[i+1:], "")
			if _, ok := readObject(text); ok {
				t.Errorf("Object(%q) accepts it", text)
			}
		}
	}
}

func TestTruncatedTextIsRefused(t *testing.T) {
	t.Parallel()
	for i := range len(everything) {
		if _, ok := readObject(everything[:i]); ok {
			t.Errorf("Object(%q) accepts it", everything[:i])
		}
		if _, ok := readList("[" + everything[:i]); ok {
			t.Errorf("List(%q) accepts it", "["+everything[:i])
		}
		wantRefused(t, everything[:i])
	}
}

func TestTrailingTextIsRefused(t *testing.T) {
	t.Parallel()
	for _, trailing := range []string{"x", " x", "{}", "[]", ",", "}", "]", "null", "\x00", "\xff", "\ufeff", "/**/"} {
		if _, ok := readObject(everything + trailing); ok {
			t.Errorf("Object accepts %q after the object", trailing)
		}
		if _, ok := readList(`["a"]` + trailing); ok {
			t.Errorf("List accepts %q after the list", trailing)
		}
	}
}

func TestOtherTextIsNotAnObject(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "null", "true", "1", `"x"`, "[]", "[{}]", "\ufeff{}",
		`{,}`, `{"a"}`, `{"a":}`, `{:1}`, `{a:1}`, `{'a':1}`, `{1:1}`, `{null:1}`, `{"a":1,}`, `{,"a":1}`, `{"a":1,,"b":1}`, `{"a":1 "b":1}`,
		`{"a"=1}`, `{"a"::1}`, `{"a":1]`, `{"a":1;"b":1}`, `{{}}`, `{"a":1}}`, `{"a" "b":1}`, `{["a"]:1}`,
	} {
		if members, ok := readObject(text); ok {
			t.Errorf("Object(%q) accepts it as %+v", text, members)
		}
	}
	for _, text := range []string{"", " ", "null", "1", `"x"`, "{}", "\ufeff[]", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1}", "[1]]", "[1;2]", `["a":1]`, "[[]"} {
		if elements, ok := readList(text); ok {
			t.Errorf("List(%q) accepts it as %+v", text, elements)
		}
	}
}

func TestMalformedValuesAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "tru", "truee", "True", "TRUE", "fals", "falsey", "nul", "nulll", "Null", "undefined", "NaN", "Infinity", "-Infinity", "x", "'a'", "`a`",
		"(1)", ":", ",", "}", "<", "{", "[", `{"a"}`, "[1,]", `{"a":1,"a":2}`, `"a" "b"`, "1 2",
	} {
		wantRefused(t, text)
	}
}

func TestInvalidUTF8IsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"stray byte":           "\xff",
		"continuation alone":   "\x80",
		"truncated character":  "\xe4\xbd",
		"overlong slash":       "\xc0\xaf",
		"encoded surrogate":    "\xed\xa0\x80",
		"beyond the last rune": "\xf4\x90\x80\x80",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefused(t, `"`+text+`"`)
			wantRefused(t, `"\n`+text+`"`)
			wantRefused(t, `{"`+text+`":1}`)
			wantRefused(t, text)
		})
	}
}

func TestDepthIsLimited(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		open, inner, end string
		read             func(string) bool
	}{
		"objects": {`{"a":`, `{}`, "}", func(text string) bool { return strictjson.Object(text, nil) }},
		"lists":   {"[", "[]", "]", func(text string) bool { return strictjson.List(text, nil) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for depth, want := range map[int]bool{1: true, 2: true, strictjson.MaxDepth: true, strictjson.MaxDepth + 1: false, 100_000: false} {
				text := strings.Repeat(test.open, depth-1) + test.inner + strings.Repeat(test.end, depth-1)
				if got := test.read(text); got != want {
					t.Errorf("%d levels are accepted: %t, want %t", depth, got, want)
				}
			}
		})
	}
	mixed := strings.Repeat(`{"a":[`, strictjson.MaxDepth/2) + strings.Repeat(`]}`, strictjson.MaxDepth/2)
	if !strictjson.Object(mixed, nil) {
		t.Error("objects and lists in turn are refused at the limit")
	}
	if strictjson.List("["+mixed+"]", nil) {
		t.Error("objects and lists in turn are accepted beyond the limit")
	}
	// Siblings do not add up.
	if !strictjson.List("["+strings.Repeat("[[]],", 100)+"1]", nil) {
		t.Error("many shallow lists are refused")
	}
}
