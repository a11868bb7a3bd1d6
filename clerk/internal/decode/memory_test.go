package decode_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everyField has a value in every field that can hold memory.
const everyField = `{"id":"some text","name":"a \"name\"","kind":"kind","tags":["a","` + "\xc3\xa9" + `"],"contacts":{"key":{"email":"e"},"k\u00e9y":{}},"by_kind":{"kind":{"id":"x"}},
	"primary":{"email":"` + longText + `"},"union":{"kind":1,"new":"member"},"claims":{"a":[1,"b"]},"any":{"a":["b",{"c":"d"}]},"anything":{"e":"f"},"custom":"g",
	"text":"five5","levels":{"h":1},"by_number":{"1":"i"},"blob":"YWJj","nested":[[{"j":1}]],"deep":"k","friends":[{"id":"l"}]}`

const longText = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" +
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789" +
	"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

func TestNothingThatIsDecodedSharesMemoryWithTheText(t *testing.T) {
	t.Parallel()
	var got, want account
	raw := []byte(everyField)
	if err := types.Into(raw, &got); err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		raw[i] = 'x'
	}
	if err := json.Unmarshal([]byte(everyField), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(account{})); diff != "" {
		t.Errorf("after the text has changed (-want +got):\n%s", diff)
	}
}

func TestPointersAndTextDoNotOverlap(t *testing.T) {
	t.Parallel()
	var raw strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&raw, `,{"name":"%d","id":"%s"}`, i, strings.Repeat(fmt.Sprint(i%10), i))
	}
	var list []account
	if err := into("["+raw.String()[1:]+"]", &list); err != nil {
		t.Fatal(err)
	}
	for i := range list {
		list[i].Tags = append(list[i].Tags, "more") // writes to no other element
	}
	for i, v := range list {
		if *v.Name != fmt.Sprint(i) || v.ID != strings.Repeat(fmt.Sprint(i%10), i) {
			t.Fatalf("%d: %s, %s", i, *v.Name, v.ID)
		}
	}
}

// A string that is kept holds its block of memory, and no other.
func TestAKeptStringHoldsLittle(t *testing.T) {
	raw := []byte(`{"tags":[` + strings.Repeat(`"some text that is kept",`, 100_000) + `""]}`)
	before := inUse()
	kept := make([]string, 20)
	for i := range kept {
		var v account
		if err := types.Into(raw, &v); err != nil {
			t.Fatal(err)
		}
		kept[i] = v.Tags[i*1000]
	}
	held := (inUse() - before) / int64(len(kept))
	if runtime.KeepAlive(kept); held > 2<<10 {
		t.Errorf("a kept string holds %d bytes", held)
	}
}

// Entries that are small must not take a block each, whose size has nothing to do with
// them. The test counts the memory of the whole program, so it is not parallel.
func TestManySmallEntriesTakeLittle(t *testing.T) {
	type small struct {
		ID   string  `json:"id"`
		Name *string `json:"name"`
	}
	raw := []byte("[{}" + strings.Repeat(`,{"id":"a","name":"b"},{}`, 50_000) + "]")
	reading := allocated(func() {
		var list []*small
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
	})
	decoding := allocated(func() {
		var list []*small
		if err := types.Into(raw, &list); err != nil {
			t.Fatal(err)
		}
	})
	if decoding > 2*reading {
		t.Errorf("decoding allocates %d bytes, encoding/json %d", decoding, reading)
	}
}

func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A member that does not fit must not make decoding cost much more than reading the JSON,
// because no timeout ends that work. The test counts the memory of the whole program, so
// it is not parallel.
func TestMisfitsCostLittle(t *testing.T) {
	for name, raw := range map[string]string{
		"many unknown members":  `{"created":"x"` + strings.Repeat(`,"member":1`, 50_000) + "}",
		"many misfits":          `{"tags":[` + strings.Repeat(`{"a":1},`, 50_000) + `1]}`,
		"the last":              `{"any":[` + strings.Repeat(`1,`, 50_000) + `1],"created":"x"}`,
		"deep":                  `{"zz":` + strings.Repeat(`[`, 9_000) + strings.Repeat(`]`, 9_000) + `,"created":"x"}`,
		"in a deep value":       `{"any":` + strings.Repeat(`[`, 9_000) + "1e400" + strings.Repeat(`]`, 9_000) + `}`,
		"names with an escape":  `{"created":"x"` + strings.Repeat(`,"\u0061":1`, 50_000) + "}",
		"a number without end":  `{"created":` + strings.Repeat("9", 500_000) + "}",
		"an exponent":           `{"created":1e2147483647,"small":1e-2147483648}`,
		"names of another case": `{"created":"x"` + strings.Repeat(`,"ID":1`, 50_000) + "}",
	} {
		reading := allocated(func() {
			var v any
			if err := json.Unmarshal([]byte(raw), &v); err != nil && !strings.Contains(err.Error(), "float64") {
				t.Fatal(err)
			}
		})
		decoding := allocated(func() {
			var v account
			if err := into(raw, &v); !isMisfit(err) {
				t.Error(name, err)
			}
		})
		if decoding > 3*reading+64<<10 {
			t.Errorf("%s: decoding allocates %d bytes, reading %d", name, decoding, reading)
		}
	}
}

// allocated returns how many bytes f allocates on the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
