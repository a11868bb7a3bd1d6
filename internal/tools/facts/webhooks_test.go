package facts_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
	"github.com/backend-sdk/clerk-go/internal/tools/publishedtest"
)

// TestEventsHaveThePublishedFacts compares the events with the published document that
// LOCK names, both ways. What components.yaml has is followed there.
func TestEventsHaveThePublishedFacts(t *testing.T) {
	t.Parallel()
	lock, err := description.ReadLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	published := publishedtest.Webhooks(t, lock.Webhooks.Version)
	// The document calls each of its versions v1; the date stands in the name of its file.
	description.Set(description.Get(published, "info"), "version", lock.Webhooks.Version)
	theirs := of(t, published)
	d := facts.Compare(theirs, of(t, publishedEvents(t)))
	for _, key := range d.Lost {
		t.Errorf("lost: %s", key)
	}
	for _, key := range d.Added {
		t.Errorf("added: %s", key)
	}
	for _, c := range d.Changed {
		t.Errorf("changed: %s: %s, now %s", c.Key, c.Was, c.Is)
	}
	if got := of(t, publishedEvents(t)).Digest(); got != lock.Webhooks.Facts {
		t.Errorf("LOCK has the facts %s, the description has %s", lock.Webhooks.Facts, got)
	}
	t.Logf("version %s: %d events, %d facts, %d lost, %d added, %d changed", lock.Webhooks.Version,
		len(types(published)), len(theirs), len(d.Lost), len(d.Added), len(d.Changed))
}

// TestFortyFiveEventsArePublished has the events that are published and the one that is
// known from Clerk's JavaScript types alone.
func TestFortyFiveEventsArePublished(t *testing.T) {
	t.Parallel()
	events, err := description.LoadWebhooks(dir)
	if err != nil {
		t.Fatal(err)
	}
	ours := types(events)
	if len(ours) != 46 {
		t.Errorf("%d events, want 46", len(ours))
	}
	others := slices.DeleteFunc(ours, func(typ string) bool {
		return description.Text(events, "x-webhooks", typ, "post", description.UnpublishedKey) != "true"
	})
	if !slices.Equal(others, []string{"subscriptionItem.created"}) {
		t.Errorf("not published: %q", others)
	}
	published := types(publishedtest.Webhooks(t, description.Text(events, "info", "version")))
	if len(published) != 45 {
		t.Errorf("the published document has %d events, want 45: was it read completely?", len(published))
	}
	if want := slices.Sorted(slices.Values(append(published, others...))); !slices.Equal(slices.Sorted(slices.Values(types(events))), want) {
		t.Errorf("the events are %q, want %q", types(events), want)
	}
}

// TestEveryKindOfLossOfEventsIsNoticed removes members from the description of the events
// and from the schemas that they share with the Backend API, some of each kind.
func TestEveryKindOfLossOfEventsIsNoticed(t *testing.T) {
	t.Parallel()
	doc := publishedEvents(t)
	whole := of(t, doc)
	kinds := cuts(doc)
	random := rand.New(rand.NewPCG(20250415, 45))
	noticed := 0
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		for range min(4, len(kinds[kind])) {
			c := kinds[kind][random.IntN(len(kinds[kind]))]
			c.without(func() {
				less, err := facts.Of(doc)
				if err == nil && facts.Compare(whole, less).Empty() && facts.Compare(less, whole).Empty() {
					t.Errorf("removed unnoticed: %s", c.where)
					return
				}
				noticed++
			})
		}
	}
	if len(kinds) < 30 || noticed < 80 {
		t.Errorf("%d kinds of members, %d noticed: the description was not read completely", len(kinds), noticed)
	}
	t.Logf("%d kinds of members, %d removed and noticed", len(kinds), noticed)
}

// TestAChangedFactOfAnEventIsNoticed changes one fact at a time.
func TestAChangedFactOfAnEventIsNoticed(t *testing.T) {
	t.Parallel()
	was := of(t, publishedEvents(t))
	const sms = "schema SmsEventPayload"
	for key, change := range map[string]func(doc, schemas *yaml.Node){
		"event role.created": func(doc, _ *yaml.Node) { description.Delete(description.Get(doc, "x-webhooks"), "role.created") },
		"event role.made": func(doc, _ *yaml.Node) {
			all := description.Get(doc, "x-webhooks")
			description.Set(all, "role.made", description.Clone(description.Get(all, "role.created")))
		},
		sms + " > .new": func(_, s *yaml.Node) {
			description.Set(description.Get(s, "SmsEventPayload", "properties"), "new", description.Map("type", "string"))
		},
		sms + " > .message": func(_, s *yaml.Node) {
			description.Delete(description.Get(s, "SmsEventPayload", "properties"), "message")
		},
		sms + " > .slug > nullable": func(_, s *yaml.Node) {
			description.Delete(description.Get(s, "SmsEventPayload", "properties", "slug"), "nullable")
		},
		sms + ` > required > "id"`: func(_, s *yaml.Node) { item(description.Get(s, "SmsEventPayload", "required"), "id") },
		"schema BillingAmount > .amount > format": func(_, s *yaml.Node) {
			description.Set(description.Get(s, "BillingAmount", "properties", "amount"), "format", "double")
		},
		`schema PaymentAttemptEventPayload > .status > enum > "paid"`: func(_, s *yaml.Node) {
			item(description.Get(s, "PaymentAttemptEventPayload", "properties", "status", "enum"), "paid")
		},
		`schema User > .banned > type`: func(_, s *yaml.Node) {
			description.Set(description.Get(s, "User", "properties", "banned"), "type", "string")
		},
	} {
		doc := publishedEvents(t)
		change(doc, description.Get(doc, "components", "schemas"))
		d := facts.Compare(was, of(t, doc))
		keys := slices.Concat(d.Lost, d.Added)
		for _, c := range d.Changed {
			keys = append(keys, c.Key)
		}
		if !slices.Equal(keys, []string{key}) {
			t.Errorf("%s: the comparison finds %q", key, keys)
		}
	}
}

// publishedEvents is the description of the events, as one document and without what is
// not published.
func publishedEvents(t *testing.T) *yaml.Node {
	t.Helper()
	doc, err := description.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	events, err := description.LoadWebhooks(dir)
	if err != nil {
		t.Fatal(err)
	}
	return description.PublishedWebhooks(events, doc)
}

// types lists the types of events of a document.
func types(doc *yaml.Node) []string {
	var all []string
	for typ := range description.Pairs(description.Get(doc, "x-webhooks")) {
		all = append(all, typ)
	}
	return all
}
