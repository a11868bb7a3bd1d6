// Package jsoncorpus has the texts that every reader of JSON in this module is tested and
// fuzzed with. The readers share no code, so that a fault of one is not a fault of all.
package jsoncorpus

import "strings"

// Everything is an object with values of every kind.
const Everything = `{"s":"a\"\u00e9\ud83d\ude00","n":-12.5e+3,"z":0,"o":{"x":[{}],"y":null},"l":[1,"2",[true]],"t":true,"f":false,"u":null,"":""}`

// Valid are texts that are JSON.
var Valid = []string{
	Everything, "[" + Everything + "]", `{}`, `[]`, `null`, `true`, `false`, `0`, `""`, ` [ "a" , 1.5e3 ] `, "\t\r\n {\n\"a\" :\r1 } ",
	`{"a":1,"a":2}`, `{"a":[{"b":1,"\u0062":2}]}`, `{"a":{"b":1},"a":{"c":2}}`,
	"[\"\xff\"]", "[\"a\xed\xa0\x80b\"]", `["\ud83d"]`, `["\ud83d\ude00"]`, `["\ude00\ud83d"]`, `["\ud83dx\u0041"]`, `["\ud83d\ud83d\ude00"]`, `["\u0000\/\b\f\n\r\t"]`,
	`[-0,0.0,1e999,1E+2,1e-2,100,9007199254740993.0,1.7e12,0e0]`, `["aaaaaaa\"aaaaaaaé"]`, "[\"\u2028\u007f\"]", `{"\ufeff":"\uFFFD"}`,
	strings.Repeat("[", 33) + strings.Repeat("]", 33), strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33),
}

// Invalid are texts that are not JSON.
var Invalid = []string{
	"", " ", "\x00", "\ufeff{}", "[", "{", `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `"`, `"a`, `"\`, `"\u00`, "tru", "truee", "True", "nul", "nulll", "NaN", "Infinity",
	"undefined", "x", "'a'", `{a:1}`, `{'a':1}`, `{1:1}`, `{null:1}`, `{,}`, `{"a"}`, `{"a":}`, `{:1}`, `{"a":1,}`, `{,"a":1}`, `{"a":1,,"b":1}`, `{"a":1 "b":1}`,
	`{"a"=1}`, `{"a"::1}`, `{"a":1]`, `{"a":1;"b":1}`, `{{}}`, `{"a":1}}`, `{"a" "b":1}`, `{["a"]:1}`, `[1,]`, `[,]`, `[,1]`, `[1,,2]`, `[1 2]`, `[1}`, `[1]]`, `["a":1]`,
	`[01]`, `[-]`, `[-01]`, `[+1]`, `[1-2]`, `[.5]`, `[1.]`, `[1.e2]`, `[1e]`, `[1e+]`, `[1.2.3]`, `[0x10]`, `[1_000]`, `["\x41"]`, `["\u00g0"]`, `["\ud83d\u"]`, "[\"a\tb\"]", "[\"a\nb\"]",
	`{"a":1}{}`, `{"a":1}x`, "{}\x00", "{}\v", "[\f1]", "[\u00a01]", `{}//`, `/**/{}`, "[1,\xff]", "\xff",
}
