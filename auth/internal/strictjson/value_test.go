package strictjson_test

import (
	"math"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/strictjson"
)

func TestStrIsTheTextOfStringsAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"a"`: "a", `""`: "", `"1"`: "1", `"\u0061"`: "a", "1": "", "true": "", "null": "", `{"a":"b"}`: "", `["a"]`: "",
	} {
		v, ok := readValue(text)
		if !ok || v.Str() != want {
			t.Errorf("Str of %s is %q, accepted %t, want %q", text, v.Str(), ok, want)
		}
	}
	if got := (strictjson.Value{}).Str(); got != "" {
		t.Errorf("Str of an absent value is %q", got)
	}
}

func TestTruthyIsThatOfJavaScript(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`""`: false, `"a"`: true, `"0"`: true, `"false"`: true, `" "`: true,
		"0": false, "-0": false, "0.0": false, "0e9": false, "1": true, "-1": true, "1e-9": true, "1e999": true, "1e-999": false,
		"true": true, "false": false, "null": false, "{}": true, "[]": true, `{"a":1}`: true, "[0]": true,
	} {
		v, ok := readValue(text)
		if !ok || v.Truthy() != want {
			t.Errorf("Truthy of %s is %t, accepted %t, want %t", text, v.Truthy(), ok, want)
		}
	}
	if (strictjson.Value{}).Truthy() {
		t.Error("an absent value is truthy")
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"0": 0, "-0": math.Copysign(0, -1), "7": 7, "-7": -7, "10": 10, "1.5": 1.5, "-0.25": -0.25, "0.5e1": 5, "1e3": 1000, "1E3": 1000, "1e+3": 1000, "1e-3": 0.001, "0e0": 0,
		"1717243200": 1717243200, "999999999999999": 999999999999999, "9007199254740993": 9007199254740992, "18446744073709551617": 18446744073709551617, "1000000000000000000000007": 1000000000000000000000007, "123456789012345678901234567890": 123456789012345678901234567890,
		"1e308": 1e308, "1e-999": 0, "100e-2": 1,
	} {
		v, ok := readValue(text)
		n, isNumber := v.Number()
		if !ok || !isNumber || n != want || math.Signbit(n) != math.Signbit(want) || v.Text != text || v.Kind != '0' {
			t.Errorf("Number of %s is %v, %t, accepted %t as %+v, want %v", text, n, isNumber, ok, v, want)
		}
	}
	for _, text := range []string{"1e999", "-1e999", `"1"`, "true", "null", "[1]", `{"a":1}`} {
		v, ok := readValue(text)
		if n, isNumber := v.Number(); isNumber || !ok {
			t.Errorf("Number of %s is %v, %t, accepted %t, want none", text, n, isNumber, ok)
		}
	}
	if _, isNumber := (strictjson.Value{}).Number(); isNumber {
		t.Error("an absent value is a number")
	}
}

func TestMalformedNumbersAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"-", "--1", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1..2", "1.2.3", "1e", "1e+", "1e-", "1e1.5", "1ee1", "e1", "1E+-1",
		"0x1", "1_000", "1,000.5.", "1a", "١", "1 000", "1f", "1n", "0b1", "0o7",
	} {
		wantRefused(t, text)
	}
}
