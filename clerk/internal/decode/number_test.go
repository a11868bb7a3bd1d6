package decode_test

import (
	"math"
	"strings"
	"testing"
)

func TestANumberWithoutAFractionIsAWholeNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "0.0": 0, "-0.000e5": 0, "0e99999999999999999999": 0, "7": 7, "-7": -7, "7.0": 7, "-7.000": -7,
		"1.7e12": 1_700_000_000_000, "1700000000000.0": 1_700_000_000_000, "17e11": 1_700_000_000_000, "1.7E+12": 1_700_000_000_000, "1e0": 1,
		"170e-1": 17, "17000e-3": 17, "0.0017e4": 17, "1.5e1": 15, "123456789012345678": 123_456_789_012_345_678, "1234567890123456789": 1_234_567_890_123_456_789,
		"9007199254740993.0": 9_007_199_254_740_993, "9007199254740993e0": 9_007_199_254_740_993, "90071992547409930e-1": 9_007_199_254_740_993,
		"9223372036854775807": math.MaxInt64, "9223372036854775807.0": math.MaxInt64, "9.223372036854775807e18": math.MaxInt64, "-9223372036854775808": math.MinInt64,
		"-9223372036854775808.0": math.MinInt64,
	} {
		var got int64
		if err := into(text, &got); err != nil || got != want {
			t.Errorf("%s is %d, want %d: %v", text, got, want, err)
		}
		var cut millis
		if err := into(text, &cut); err != nil || int64(cut) != want {
			t.Errorf("%s is %d milliseconds, want %d: %v", text, cut, want, err)
		}
	}
}

func TestAFractionIsAMisfitUnlessItIsCutOff(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]millis{
		"0.5": 0, "-0.9": 0, "1.5": 1, "-1.9": -1, "1700000000000.999": 1_700_000_000_000, "15e-1": 1, "1e-1": 0, "1e-99999999999999999999": 0,
		"9007199254740993.9": 9_007_199_254_740_993, "-123.456e1": -1234,
	} {
		var whole int64
		if err := into(text, &whole); !isMisfit(err) || whole != 0 {
			t.Errorf("%s is the integer %d: %v", text, whole, err)
		}
		var got millis
		if err := into(text, &got); err != nil || got != want {
			t.Errorf("%s is %d, want %d: %v", text, got, want, err)
		}
	}
}

func TestWhatIsTooLargeIsAMisfit(t *testing.T) {
	t.Parallel()
	var v struct {
		I8  int8
		I16 int16
		I32 int32
		I   int
		U8  uint8
		U64 uint64
		F32 float32
		Ms  millis
	}
	for _, test := range []struct{ field, most, more string }{
		{"I8", "127.0", "128"}, {"I8", "-128", "-1.29e2"}, {"I16", "32767", "32768"}, {"I32", "2147483647", "2147483648"}, {"I32", "-2147483648", "-2147483649"},
		{"I", "9223372036854775807", "9223372036854775808"}, {"I", "9223372036854775807", "1e19"}, {"I", "1e18", "1e999999999999"}, {"U8", "255", "256"}, {"U8", "2.5e1", "-1"},
		{"U8", "0", "1.5"}, {"U64", "18446744073709551615", "18446744073709551616"}, {"U64", "1.8446744073709551615e19", "1e20"}, {"F32", "3e38", "4e38"}, {"Ms", "9e18", "9.3e18"},
		{"I", "1", strings.Repeat("9", 100_000)}, {"I", "1", "1" + strings.Repeat("0", 100_000)}, {"U8", "0", `"7"`}, {"F32", "0", `[]`}, {"Ms", "null", `true`},
	} {
		if err := into(`{"`+test.field+`":`+test.most+`}`, &v); err != nil {
			t.Errorf("%s %s: %v", test.field, test.most, err)
		}
		if err := into(`{"`+test.field+`":`+test.more+`}`, &v); !isMisfit(err) {
			t.Errorf("%s %.30s: %v", test.field, test.more, err)
		}
	}
}
