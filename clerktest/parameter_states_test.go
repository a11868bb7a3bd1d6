package clerktest_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// listener records the last request and responds with 501.
type listener struct {
	sent  bool
	query url.Values
	body  map[string]json.RawMessage
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.sent, l.query, l.body = true, r.URL.Query(), nil
	if raw, err := io.ReadAll(r.Body); err == nil && strings.HasPrefix(string(raw), "{") {
		_ = json.Unmarshal(raw, &l.body)
	}
	w.WriteHeader(http.StatusNotImplemented)
}

// empties are empty values in JSON. Every type accepts one of them.
var empties = []string{`""`, `0`, `false`, `[]`, `{}`, `"0001-01-01T00:00:00Z"`}

// TestParameterStates sends every field of every params type in each of its states:
// absent, null and empty.
func TestParameterStates(t *testing.T) {
	t.Parallel()
	l := &listener{}
	server := httptest.NewServer(l)
	defer server.Close()
	client, err := clerk.New("sk_test_states", clerk.WithBaseURL(server.URL), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]int{}
	for _, f := range functions {
		typ := reflect.TypeOf(f.function)
		params := typ.In(typ.NumIn() - 2)
		if params.Kind() != reflect.Struct || params.PkgPath() == "" {
			continue
		}
		for i := range params.NumField() {
			field := params.Field(i)
			s := &state{t, l, client, f, params, i, f.field + ", " + field.Name}
			optional := strings.HasPrefix(field.Type.Name(), "Optional[")
			member, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			switch name, list := strings.CutSuffix(field.Tag.Get("query"), ",comma"); {
			case optional && name != "":
				fields["query"]++
				s.checkQueryParameter(name)
			case field.Type.Kind() == reflect.Slice && name != "":
				fields["list"]++
				s.checkQueryList(name, list)
			case optional && member != "":
				fields["body"]++
				s.checkBodyMember(member)
			}
		}
	}
	if fields["query"] < 150 || fields["list"] < 25 || fields["body"] < 300 {
		t.Errorf("%v fields", fields)
	}
}

// state sends one field of the params of a function.
type state struct {
	*testing.T
	listener *listener
	client   *clerk.Client
	function function
	params   reflect.Type
	field    int
	name     string
}

// sendField calls the function with the field decoded from raw, or absent for "". It
// reports whether raw fits the type of the field.
func (s *state) sendField(raw string) (err error, fits bool) {
	params := completeParams(s.T, s.params)
	if actor := params.FieldByName("Actor"); actor.IsValid() {
		actor.Set(reflect.ValueOf(api.Actor{Subject: "user_1"})) // without which nothing is sent
	}
	if raw != "" && json.Unmarshal([]byte(raw), params.Field(s.field).Addr().Interface()) != nil {
		return nil, false
	}
	var args []reflect.Value
	typ := reflect.TypeOf(s.function.function)
	for i := 2; i < typ.NumIn()-2; i++ {
		args = append(args, reflect.ValueOf("id_1").Convert(typ.In(i)))
	}
	*s.listener = listener{}
	out := callFunction(s.T, s.client, s.function.function, append(args, params))
	err, _ = out[len(out)-1].Interface().(error)
	return err, true
}

// sendEmpty sends the empty value of the field's type and returns it.
func (s *state) sendEmpty() string {
	for _, raw := range empties {
		if _, fits := s.sendField(raw); fits {
			return raw
		}
	}
	s.Fatalf("%s: no empty value fits", s.name)
	return ""
}

func (s *state) checkQueryParameter(name string) {
	if _, _ = s.sendField(""); s.listener.query.Has(name) {
		s.Errorf("%s: sent though absent: %q", s.name, s.listener.query)
	}
	want := strings.Trim(s.sendEmpty(), `"`)
	if at, err := time.Parse(time.RFC3339, want); err == nil {
		want = strconv.FormatInt(at.UnixMilli(), 10)
	}
	if got := s.listener.query[name]; !slices.Equal(got, []string{want}) {
		s.Errorf("%s: %q sent for %q", s.name, got, want)
	}
	var refused *clerk.RequestError
	if err, _ := s.sendField("null"); !errors.As(err, &refused) || s.listener.sent {
		s.Errorf("%s: the error for null is %v", s.name, err)
	}
	if err, fits := s.sendField("true"); fits && s.listener.query.Get(name) != "true" {
		s.Errorf("%s: true is sent as %q, %v", s.name, s.listener.query[name], err)
	}
}

func (s *state) checkQueryList(name string, comma bool) {
	for _, raw := range []string{"", "null"} {
		if _, _ = s.sendField(raw); !s.listener.sent || s.listener.query.Has(name) {
			s.Errorf("%s: %s is sent as %q", s.name, raw, s.listener.query)
		}
	}
	var refused *clerk.RequestError
	if err, _ := s.sendField("[]"); !errors.As(err, &refused) || refused.Field != name || s.listener.sent {
		s.Errorf("%s: the error for an empty list is %v", s.name, err)
	}
	want := []string{"a", "b c"}
	if comma {
		want = []string{"a,b c"}
	}
	if _, _ = s.sendField(`["a","b c"]`); !slices.Equal(s.listener.query[name], want) {
		s.Errorf("%s: %q, want %q", s.name, s.listener.query, want)
	}
}

func (s *state) checkBodyMember(name string) {
	_, _ = s.sendField("")
	required := slices.Collect(maps.Keys(s.listener.body))
	if slices.Contains(required, name) || !s.listener.sent {
		s.Errorf("%s: sent though absent: %q", s.name, required)
	}
	for _, want := range []string{"null", s.sendEmpty()} {
		_, _ = s.sendField(want)
		got := string(s.listener.body[name])
		if want == "{}" && strings.HasPrefix(got, "{") {
			got = want // some objects have members that are always sent
		}
		if got != want || len(s.listener.body) != len(required)+1 {
			s.Errorf("%s: %s is sent as %s among %q", s.name, want, got, slices.Collect(maps.Keys(s.listener.body)))
		}
	}
}
