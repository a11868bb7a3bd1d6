package migration_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// A side is one version of a service, with an instance of its own.
type side struct {
	instance *clerktest.Instance
	service  http.Handler
}

// An outcome is the response to a request, and what has become of the instance: each
// effect is a resource that is there since then (+), or was there before (-).
type outcome struct {
	Status            int
	ContentType, Body string
	Effects           []string
}

func (s *side) serve(t *testing.T, r request) outcome {
	t.Helper()
	sent := httptest.NewRequest(r.method, r.path, strings.NewReader(r.body))
	if r.session != "" {
		options := append([]clerktest.TokenOption{
			clerktest.ForSession(r.session), clerktest.WithAuthorizedParty("https://app.example.com"), clerktest.WithLifetime(time.Hour),
		}, r.token...)
		sent.Header.Set("Authorization", cmp.Or(r.scheme, "Bearer")+" "+s.instance.Token(options...))
	}
	for _, fault := range r.faults {
		s.instance.Inject(fault)
	}
	earlier := s.resources(t)
	w := httptest.NewRecorder()
	s.service.ServeHTTP(w, sent)
	s.instance.ClearFaults()
	o := outcome{Status: w.Code, ContentType: w.Header().Get("Content-Type"), Body: strings.TrimSpace(s.masked(w.Body.String()))}
	for resource, n := range s.resources(t) {
		for ; n > earlier[resource]; n-- {
			o.Effects = append(o.Effects, "+ "+resource)
		}
		earlier[resource] -= n
	}
	for resource, n := range earlier {
		for ; n > 0; n-- {
			o.Effects = append(o.Effects, "- "+resource)
		}
	}
	slices.Sort(o.Effects)
	return o
}

// resources returns what the instance has, each with how often: new ones may look the same.
func (s *side) resources(t *testing.T) map[string]int {
	t.Helper()
	raw, err := json.Marshal(s.instance.Seed())
	if err != nil {
		t.Fatal(err)
	}
	var content map[string]json.RawMessage
	if err := json.Unmarshal(raw, &content); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]int)
	for name, value := range content {
		var list []json.RawMessage
		if json.Unmarshal(value, &list) != nil { // keys and settings
			list = []json.RawMessage{value}
		}
		for _, resource := range list {
			all[name+" "+s.masked(string(resource))]++
		}
	}
	for _, message := range s.instance.Messages() {
		all[fmt.Sprintf("messages %s to %s", message.Kind, message.To)]++
	}
	return all
}

// drawn matches what an instance draws at random: IDs of new resources, and tickets.
var drawn = regexp.MustCompile(`\b(?:[a-z]+_[0-9A-Za-z]{27}|[0-9a-f]{40}|[0-9a-f]{64})\b`)

// masked returns a text without what differs between two instances with the same content.
func (s *side) masked(text string) string {
	return drawn.ReplaceAllString(strings.ReplaceAll(text, s.instance.URL(), "URL"), "DRAWN")
}

// cells returns what differs between two outcomes: the status, or else the members of the
// body, and whether the instance changes on one side alone.
func cells(before, after outcome) (string, string) {
	cell := func(this, other outcome) string {
		text := fmt.Sprint(this.Status)
		if this.Status == other.Status && this.Body != other.Body {
			text += " `" + rest(this.Body, other.Body) + "`"
		}
		if (this.Effects == nil) == (other.Effects == nil) {
			return text
		}
		if this.Effects == nil {
			return text + ", nothing changes"
		}
		var tables []string
		for _, effect := range this.Effects {
			tables = append(tables, strings.Fields(effect)[1])
		}
		slices.Sort(tables)
		return text + ", changes " + strings.ReplaceAll(strings.Join(slices.Compact(tables), " and "), "_", " ")
	}
	return cell(before, after), cell(after, before)
}

// rest returns the members of an object that another one does not have with the same value.
func rest(body, other string) string {
	var members, others map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &members) != nil || json.Unmarshal([]byte(other), &others) != nil {
		return body
	}
	maps.DeleteFunc(members, func(name string, value json.RawMessage) bool { return string(others[name]) == string(value) })
	raw, err := json.Marshal(members)
	if err != nil {
		return body
	}
	return string(raw)
}
