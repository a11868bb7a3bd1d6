package clerktest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// TestSeedsAfterRandomRequests checks that an export and a seed lead to the same content and
// the same responses, after whatever the API accepts. CLERKTEST_WANDERERS is how many
// instances are tried.
func TestSeedsAfterRandomRequests(t *testing.T) {
	t.Parallel()
	wanderers, _ := strconv.Atoi(os.Getenv("CLERKTEST_WANDERERS"))
	var accepted int
	operations := map[string]bool{}
	for n := range max(wanderers, 6) {
		w := &wanderer{T: t, instance: startPopulated(t), random: rand.New(rand.NewPCG(1, uint64(n)))}
		w.look()
		for range 8 {
			for range 25 {
				w.step()
			}
			if w.compare(); t.Failed() {
				t.Fatalf("wanderer %d, whose requests were:\n%s", n, strings.Join(w.sent, "\n"))
			}
		}
		accepted += len(w.sent)
		for _, name := range w.accepted {
			operations[name] = true
		}
	}
	t.Logf("%d requests were accepted, of %d operations", accepted, len(operations))
	if accepted < 300 || len(operations) < 80 {
		t.Errorf("only %d requests of %d operations were accepted", accepted, len(operations))
	}
}

// wanderer sends random requests to an instance.
type wanderer struct {
	*testing.T
	instance *clerktest.Instance
	random   *rand.Rand
	export   string
	known    map[string][]string // texts of the export by the name of their member
	sent     []string            // the requests that were accepted
	accepted []string            // and their operations
}

// look exports the content of the instance.
func (w *wanderer) look() {
	w.export, w.known = dump(w.T, w.instance), map[string][]string{}
	var content any
	unmarshal(w.T, &content, w.export)
	w.collect("", content)
	w.known["email_address"] = append(w.known["email_address"], fmt.Sprintf("new%d@example.com", len(w.sent)))
}

func (w *wanderer) collect(name string, v any) {
	switch v := v.(type) {
	case string:
		if !slices.Contains(w.known[name], v) {
			w.known[name] = append(w.known[name], v)
		}
	case []any:
		for _, item := range v {
			w.collect(name, item)
		}
	case map[string]any:
		for member, item := range v {
			w.collect(member, item)
		}
		slices.Sort(w.known[name])
	}
}

// step sends one request that may change something.
func (w *wanderer) step() {
	all := description.Operations()
	o := all[w.random.IntN(len(all))]
	if o.Method == "GET" || o.Name == "RefreshSession" || strings.Contains(o.Path, "bulk") && w.random.IntN(2) == 0 {
		return
	}
	r := rightRequests[o.Name]
	r.ids = slices.Clone(r.ids)
	for n, id := range r.ids {
		prefix, _, _ := strings.Cut(id, "_")
		if others := w.withPrefix(prefix + "_"); len(others) > 0 && w.random.IntN(2) == 0 {
			r.ids[n] = others[w.random.IntN(len(others))]
		}
	}
	if r.list == nil && o.Body != nil {
		body := map[string]any{}
		maps.Copy(body, r.body)
		for _, m := range o.Body.Schema.Members {
			if w.random.IntN(4) == 0 && m.Schema.Format != "binary" {
				body[m.Name] = w.value(m.Name, m.Schema)
			}
		}
		r.body = body
	}
	var key []string
	if got := r.send(w.T, w.instance, o, key); got.status/100 == 2 {
		body, _ := json.Marshal(r.body)
		w.sent = append(w.sent, o.Method+" "+r.pathOf(o)+" "+string(body))
		w.accepted = append(w.accepted, o.Name)
	} else if got.status >= 500 {
		w.Errorf("%s %s %v: %d %s", o.Method, r.pathOf(o), r.body, got.status, got.body)
	}
}

func (w *wanderer) withPrefix(prefix string) []string {
	return slices.DeleteFunc(slices.Clone(w.known["id"]), func(id string) bool { return !strings.HasPrefix(id, prefix) })
}

// value returns a random value that mostly fits a schema.
func (w *wanderer) value(name string, s *description.Schema) any {
	pick := func(list ...any) any { return list[w.random.IntN(len(list))] }
	if s.Nullable && w.random.IntN(3) == 0 {
		return nil
	}
	if branches := append(slices.Clone(s.AnyOf), s.AllOf...); len(branches) > 0 {
		return w.value(name, branches[w.random.IntN(len(branches))])
	}
	if len(s.Enum) > 0 {
		return s.Enum[w.random.IntN(len(s.Enum))]
	}
	switch s.Type {
	case description.Integer:
		return pick(0, 1, 5, 60, 3600)
	case description.Number:
		return pick(0, 0.5, 1)
	case description.Boolean:
		return pick(true, false)
	case description.Array:
		list := []any{}
		for range w.random.IntN(3) {
			list = append(list, w.value(name, s.Items))
		}
		return list
	case description.Object:
		o := map[string]any{}
		for _, m := range s.Members {
			if m.Required || w.random.IntN(2) == 0 {
				o[m.Name] = w.value(m.Name, m.Schema)
			}
		}
		if s.Open && len(o) == 0 {
			o["a"] = pick(nil, 0, "", false)
		}
		return o
	}
	return w.text(name, s)
}

func (w *wanderer) text(name string, s *description.Schema) string {
	texts := []string{"", "a", "other text"}
	switch {
	case s.Format == "date-time" || strings.HasSuffix(name, "_at"):
		texts = []string{"1970-01-01T00:00:00Z", "2026-03-04T05:06:07Z"}
	case s.Format == "uri" || strings.HasSuffix(name, "url"):
		texts = []string{"", "https://example.com/x"}
	case strings.HasSuffix(name, "_id"), strings.HasSuffix(name, "_ids"):
		name = strings.TrimSuffix(name, "s")
		texts = append(w.known["id"], "")
		if prefix, known := map[string]string{"user_id": "user_", "organization_id": "org_", "role_id": "role_"}[name]; known {
			texts = append(w.withPrefix(prefix), prefix+"none")
		}
	}
	texts = append(texts, w.known[name]...)
	return texts[w.random.IntN(len(texts))]
}

// compare checks that an instance with the export is the same.
func (w *wanderer) compare() {
	w.look()
	seed, err := clerktest.ParseSeed([]byte(w.export))
	if err != nil {
		w.Errorf("the export is refused: %v", err)
		return
	}
	other, err := clerktest.NewInstance(seed)
	if err == nil {
		err = other.Start("127.0.0.1:0")
	}
	if err != nil {
		w.Errorf("the export is refused: %v", err)
		return
	}
	defer other.Close()
	if diff := cmp.Diff(strings.Split(w.export, "\n"), strings.Split(dump(w.T, other), "\n")); diff != "" {
		w.Errorf("the seed of a seed differs (-first +second):\n%s", diff)
	}
	for _, o := range description.Operations() {
		r := rightRequests[o.Name]
		if o.Method != "GET" || strings.Contains(o.Path, "{") && len(r.ids) == 0 {
			continue
		}
		r.body = nil
		one, two := r.send(w.T, w.instance, o, nil), r.send(w.T, other, o, nil)
		got := strings.ReplaceAll(string(two.body), other.URL(), w.instance.URL())
		if one.status != two.status || one.status == 200 && string(one.body) != got {
			w.Errorf("GET %s (-first +second):\n%s", r.pathOf(o), cmp.Diff(string(one.body), got))
		}
	}
}
