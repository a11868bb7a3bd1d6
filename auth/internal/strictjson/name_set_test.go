package strictjson_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestRepeatedMembersAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"a":1,"a":1}`, `{"a":1,"a":2}`, `{"a":1,"b":2,"a":3}`, `{"":1,"":1}`,
		`{"a":1,"\u0061":1}`, `{"\u0061":1,"a":1}`, `{"é":1,"\u00e9":1}`, `{"😀":1,"\ud83d\ude00":1}`, `{"\n":1,"\u000a":1}`, `{"a/":1,"a\/":1}`,
	} {
		if members, ok := readObject(text); ok {
			t.Errorf("Object(%q) accepts it as %+v", text, members)
		}
		wantRefused(t, text)
		wantRefused(t, `[{"x":[`+text+`]}]`)
	}
}

func TestSimilarNamesAreDifferent(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"a":1,"A":1}`, `{"a":1,"a ":1}`, `{"a":1,"":1}`, `{"a":1,"a\u0000":1}`, `{"k":1,"\u212a":1}`, `{"s":1,"\u017f":1}`,
		`{"é":1,"e\u0301":1}`, `{"a":{"a":{"a":1}},"b":{"a":1}}`, `{"abc":1,"aXc":1,"abcd":1,"acb":1,"cba":1}`, `[{"a":1},{"a":1}]`,
	} {
		if _, ok := readValue(text); !ok {
			t.Errorf("%s is refused", text)
		}
	}
}

// Large objects keep their names in another way than small ones.
func TestRepeatedMembersAreFoundInObjectsOfEverySize(t *testing.T) {
	t.Parallel()
	for size := range 80 {
		var members []string
		for i := range size {
			members = append(members, fmt.Sprintf(`"m%d":%d`, i, i))
		}
		got, ok := readObject("{" + strings.Join(members, ",") + "}")
		if !ok || len(got) != size {
			t.Fatalf("an object of %d members is accepted: %t, with %d members", size, ok, len(got))
		}
		for i := range size {
			repeated := fmt.Sprintf(`{%s,"m%d":0}`, strings.Join(members, ","), i)
			if _, ok := readObject(repeated); ok {
				t.Errorf("after %d members the name of number %d is accepted again", size, i)
			}
		}
	}
}
