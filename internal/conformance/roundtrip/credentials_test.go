package roundtrip

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/webhooks"
)

const credential = "Qx7credential"

// Whatever a program prints or logs of what it sends and receives, credentials are not in
// it, at any depth.
func TestNoPrintedValueShowsACredential(t *testing.T) {
	marked := 0
	for _, of := range structs() {
		v := reflect.New(of)
		count := fill(t, v.Elem(), 6)
		if count == 0 {
			continue
		}
		marked++
		t.Run(strings.ReplaceAll(of.String(), "/", "."), func(t *testing.T) {
			for name, value := range map[string]any{
				"value": v.Elem().Interface(), "pointer": v.Interface(), "field": struct{ Of any }{v.Elem().Interface()},
				"list": sliceOf(v.Elem()), "list of pointers": sliceOf(v), "error": fmt.Errorf("refused: %v", v.Elem().Interface()),
			} {
				for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%t", "%x", "%X", "% x", "%08v"} {
					if text := fmt.Sprintf(verb, value); shows(text) {
						t.Errorf("%s of a %s: %s", verb, name, text)
					}
				}
			}
			for name, value := range map[string]any{"value": v.Elem().Interface(), "pointer": v.Interface()} {
				var out bytes.Buffer
				slog.New(slog.NewJSONHandler(&out, nil)).Info("", "it", value, slog.Group("group", "it", value))
				slog.New(slog.NewTextHandler(&out, nil)).Info("", "it", value, slog.Group("group", "it", value))
				if shows(out.String()) {
					t.Errorf("a log record of a %s: %s", name, &out)
				}
			}
			if encoded, err := json.Marshal(v.Interface()); err != nil || of.Kind() == reflect.Struct && !bytes.Contains(encoded, []byte(credential)) {
				t.Errorf("encoded in JSON it is %s, %v", encoded, err)
			}
		})
	}
	if marked < 50 {
		t.Errorf("only %d types hold credentials", marked)
	}
}

func shows(text string) bool {
	lower := strings.ToLower(text)
	return strings.Contains(lower, strings.ToLower(credential)) || strings.Contains(strings.ReplaceAll(lower, " ", ""), fmt.Sprintf("%x", credential))
}

func sliceOf(v reflect.Value) any {
	return reflect.Append(reflect.MakeSlice(reflect.SliceOf(v.Type()), 0, 1), v).Interface()
}

// structs returns the types of all params, results, data of events and resources of seeds,
// and of what they hold.
func structs() []reflect.Type {
	var found []reflect.Type
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
			visit(t.Elem())
		case reflect.Struct:
			if slices.Contains(found, t) || strings.HasPrefix(t.PkgPath(), "time") {
				return
			}
			found = append(found, t)
			for field := range t.Fields() {
				visit(field.Type)
			}
		}
	}
	for i := range All {
		if params := All[i].Params(); params != nil {
			visit(params)
		}
		if of := All[i].Result(); of != nil {
			visit(of)
		}
	}
	for handler := range reflect.TypeFor[webhooks.Handlers]().Fields() {
		if handler.Type.NumIn() == 3 && handler.Name != "Malformed" {
			visit(handler.Type.In(2))
		}
	}
	visit(reflect.TypeFor[clerktest.Seed]())
	visit(reflect.TypeFor[clerktest.Message]())
	return found
}

// fill sets every field of v, and every credential to a text to look for. It returns
// the number of credentials.
func fill(t *testing.T, v reflect.Value, depth int) (count int) {
	switch v.Kind() {
	case reflect.Pointer:
		if depth > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			return fill(t, v.Elem(), depth-1)
		}
	case reflect.Slice:
		if depth > 0 && v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			return fill(t, v.Index(0), depth-1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			switch {
			case !f.IsExported():
			case f.Tag.Get("clerk") == "credential":
				set(t, v.Field(i))
				count++
			case f.Tag.Get("clerk") == "raw":
				raw := `{}`
				if _, hides := v.Interface().(fmt.Formatter); hides {
					raw = `{"member":"` + credential + `"}`
				}
				v.Field(i).SetBytes([]byte(raw))
			default:
				count += fill(t, v.Field(i), depth)
			}
		}
	case reflect.String:
		v.SetString("x")
	}
	return count
}

// set sets a credential of any type to a text.
func set(t *testing.T, v reflect.Value) {
	t.Helper()
	for _, form := range []string{`"%s"`, `["%s"]`, `{"%s": ["%[1]s"]}`, `{"%s":"%[1]s"}`} {
		if json.Unmarshal(fmt.Appendf(nil, form, credential), v.Addr().Interface()) == nil {
			return
		}
	}
	t.Errorf("no text fits %v", v.Type())
}

// A member that is called like a credential is one, or is known not to be.
func TestMembersNamedLikeCredentialsAreMarked(t *testing.T) {
	like := regexp.MustCompile(`(^|_)(secret|token|ticket|jwt|password|digest|key|codes?)$`)
	open := regexp.MustCompile(`^(` + strings.Join([]string{
		"promo_code",                 // that a customer entered
		"idempotency_key",            // of one call
		"provider_key",               // the kind of a provider
		"custom_signing_key",         // whether there is one
		"blocked_country_codes",      // ISO 3166
		"(.*_)?role_key",             // org:admin
		"(.*_)?role_set_key",         // role_set:default
		"key",                        // of a role, a permission, a member of metadata, a task
		"decline_code",               // of a payment
		"code",                       // of an error, where it is not marked
		"public_key|publishable_key", // public
	}, "|") + `)$`)
	for _, of := range structs() {
		for f := range of.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if like.MatchString(name) && !open.MatchString(name) && f.Tag.Get("clerk") != "credential" {
				t.Errorf("%v.%s is called like a credential: mark it in openapi/ with x-go-credential", of, f.Name)
			}
			if name == "code" && strings.HasSuffix(of.Name(), "Params") && f.Tag.Get("clerk") != "credential" {
				t.Errorf("%v.%s is a code that a user enters: mark it", of, f.Name)
			}
		}
	}
}
