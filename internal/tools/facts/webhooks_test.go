package facts_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/publishedtest"
)

// TestEventsHaveThePublishedFacts compares what events consist of with the published
// document, both ways. What is required does not count, because events are sent without
// it, and references do not, because what package api has is referred to there.
func TestEventsHaveThePublishedFacts(t *testing.T) {
	t.Parallel()
	ours := webhooks(t)
	theirs := publishedtest.Webhooks(t, description.Text(description.Get(ours, description.WebhooksKey), "info", "version"))
	was, is := eventsOf(theirs, theirs), eventsOf(ours, description.Get(ours, description.WebhooksKey))
	if len(was) < 6_000 {
		t.Errorf("%d facts are published: was the document read completely?", len(was))
	}
	found := differences(was, is)
	for _, difference := range found {
		if !slices.ContainsFunc(deliberate, func(of *regexp.Regexp) bool { return of.MatchString(difference) }) {
			t.Error(difference)
		}
	}
	for _, of := range deliberate {
		if !slices.ContainsFunc(found, of.MatchString) {
			t.Errorf("not a difference any more: %s", of)
		}
	}
	own := description.Get(ours, description.WebhooksKey, "components", "schemas")
	shared := description.Get(ours, "components", "schemas")
	for name := range description.Pairs(description.Get(theirs, "components", "schemas")) {
		if (description.Get(own, name) != nil) == (description.Get(shared, name) != nil) {
			t.Errorf("the schema %s is not described exactly once", name)
		}
	}
	for name := range description.Pairs(own) {
		if description.Get(theirs, "components", "schemas", name) == nil {
			t.Errorf("the schema %s is not published", name)
		}
	}
}

// deliberate are the differences on purpose.
var deliberate = []*regexp.Regexp{
	// Clerk's JavaScript types have these.
	regexp.MustCompile(`^\+ organizationInvitation\.(created|accepted|revoked) data\.public_organization_data[. ]`),
	regexp.MustCompile(`^\+ subscriptionItem\.created `),
	// All invitations are one model.
	regexp.MustCompile(`^\+ organizationInvitation\.(created|revoked) data\.user_id string$`),
	// The Backend API has more of a session than the published events.
	regexp.MustCompile(`^\+ session\.\w+ data\.tasks[][. ]`),
	regexp.MustCompile(`^[-+] session\.\w+ data\.status enum `),
	// The credit for a period is deprecated as a member of an item, which now has several.
	// It is one of those several.
	regexp.MustCompile(`^- paymentAttempt\.\w+ data\.subscription_items\[\]\.credits\.proration deprecated$`),
}

// TestFortyFiveEventsArePublished has the events that are published and the one that is known from
// Clerk's JavaScript types alone.
func TestFortyFiveEventsArePublished(t *testing.T) {
	t.Parallel()
	published, others := 0, []string{}
	for typ, item := range description.Pairs(description.Get(webhooks(t), description.WebhooksKey, "x-webhooks")) {
		if id := description.Text(item, "post", "operationId"); id != typ {
			t.Errorf("%s has the operationId %s", typ, id)
		}
		if description.Text(item, "post", "x-go-unpublished") == "true" {
			others = append(others, typ)
			continue
		}
		published++
	}
	if published != 45 || !slices.Equal(others, []string{"subscriptionItem.created"}) {
		t.Errorf("%d published events, and %q", published, others)
	}
}

// TestAChangedFactOfAnEventIsNoticed changes one fact at a time.
func TestAChangedFactOfAnEventIsNoticed(t *testing.T) {
	t.Parallel()
	was := eventsOf(webhooks(t), description.Get(webhooks(t), description.WebhooksKey))
	for name, change := range map[string]func(schemas *yaml.Node){
		"+ sms.created data.new string": func(s *yaml.Node) {
			description.Set(description.Get(s, "SmsEventPayload", "properties"), "new", description.Map("type", "string"))
		},
		"- sms.created data.message string": func(s *yaml.Node) {
			description.Delete(description.Get(s, "SmsEventPayload", "properties"), "message")
		},
		"- sms.created data.slug nullable": func(s *yaml.Node) {
			description.Delete(description.Get(s, "SmsEventPayload", "properties", "slug"), "nullable")
		},
		"+ paymentAttempt.created data.totals.subtotal.amount double": func(s *yaml.Node) {
			description.Set(description.Get(s, "BillingAmount", "properties", "amount"), "format", "double")
		},
		"- paymentAttempt.created data.status enum pending, paid, failed": func(s *yaml.Node) {
			description.Set(description.Get(s, "PaymentAttemptEventPayload", "properties", "status"), "enum", description.Seq("pending"))
		},
	} {
		doc := webhooks(t)
		events := description.Get(doc, description.WebhooksKey)
		change(description.Get(events, "components", "schemas"))
		if found := differences(was, eventsOf(doc, events)); !slices.Contains(found, name) {
			t.Errorf("%s is not among %q", name, found)
		}
	}
}

func webhooks(t *testing.T) *yaml.Node {
	t.Helper()
	doc, err := description.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	events, err := description.LoadWebhooks(dir)
	if err != nil {
		t.Fatal(err)
	}
	description.AddWebhooks(doc, events)
	return doc
}

// differences lists what was and is not, and the other way round.
func differences(was, is map[string]bool) []string {
	var found []string
	for fact := range was {
		if !is[fact] {
			found = append(found, "- "+fact)
		}
	}
	for fact := range is {
		if !was[fact] {
			found = append(found, "+ "+fact)
		}
	}
	slices.Sort(found)
	return found
}

// eventsOf lists the facts of all events: a type, a path and what is there.
func eventsOf(root, events *yaml.Node) map[string]bool {
	f := eventFacts{root: root, found: map[string]bool{}}
	for typ, item := range description.Pairs(description.Get(events, "x-webhooks")) {
		f.look(description.Get(item, "post", "requestBody", "content", "application/json", "schema"), typ, "", 0)
	}
	return f.found
}

type eventFacts struct {
	root  *yaml.Node
	found map[string]bool
}

func (f *eventFacts) look(s *yaml.Node, typ, path string, depth int) {
	if depth > 64 {
		panic(typ + path + " contains itself")
	}
	add := func(format string, args ...any) {
		f.found[typ+" "+strings.TrimPrefix(path, ".")+" "+fmt.Sprintf(format, args...)] = true
	}
	for _, key := range []string{"nullable", "deprecated"} {
		if description.Text(s, key) == "true" {
			add("%s", key)
		}
	}
	if target := description.Resolve(f.root, s); target != s {
		f.look(target, typ, path, depth+1)
		return
	}
	if values := description.Strings(description.Get(s, "enum")); len(values) > 0 {
		add("enum %s", strings.Join(values, ", "))
	}
	switch kind := description.Text(s, "type"); {
	case description.Get(s, "properties") != nil:
		add("%s", "object")
	case kind != "":
		add("%s", kind)
	}
	if format := description.Text(s, "format"); format != "" {
		add("%s", format)
	}
	for name, property := range description.Pairs(description.Get(s, "properties")) {
		f.look(property, typ, path+"."+name, depth+1)
	}
	if items := description.Get(s, "items"); items != nil {
		f.look(items, typ, path+"[]", depth+1)
	}
	for _, part := range description.Items(description.Get(s, "allOf")) {
		f.look(part, typ, path, depth+1)
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		for i, branch := range description.Items(description.Get(s, key)) {
			f.look(branch, typ, fmt.Sprintf("%s(%d)", path, i), depth+1)
		}
	}
}
