package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/backend-sdk/clerk-go/internal/tools/description"
	"github.com/backend-sdk/clerk-go/internal/tools/facts"
	"github.com/backend-sdk/clerk-go/internal/tools/lower/rules"
)

// events is a description of webhook events before it takes over another document.
type events struct {
	doc *yaml.Node // as in its file; nil without one
	// whole is doc with the schemas of components.yaml that it refers to, whose names
	// shared has.
	whole  *yaml.Node
	shared map[string]bool
	// own has the names of the schemas that are models of package webhooks.
	own map[string]bool
}

// loadEvents reads the events beside the description of the Backend API, none without
// their file.
func loadEvents(dir string, api *yaml.Node) (e events, err error) {
	e.doc, err = description.LoadWebhooks(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return events{}, nil
	}
	if err != nil {
		return e, err
	}
	e.whole, e.shared = description.WholeWebhooks(e.doc, api)
	e.own = map[string]bool{}
	for name, s := range description.Pairs(schemasOf(e.doc)) {
		if description.Text(s, description.SameAsKey) == "" {
			e.own[name] = true
		}
	}
	return e, nil
}

func schemasOf(doc *yaml.Node) *yaml.Node { return description.Get(doc, "components", "schemas") }

// facts are those of the published document that the events come from.
func (e events) facts(api *yaml.Node) (facts.Set, error) {
	if e.doc == nil {
		return facts.Set{}, nil
	}
	return facts.Of(description.PublishedWebhooks(e.doc, api))
}

// takeWebhooks is take for a document of webhook events. The description of the Backend
// API stays as it is.
func takeWebhooks(dir string, p *published) (*takeover, error) {
	packages, api, err := loadIfAny(dir)
	if err != nil {
		return nil, err
	}
	if api == nil {
		return nil, errors.New("the events refer to schemas of the Backend API, whose document is imported first")
	}
	before, err := loadEvents(dir, api)
	if err != nil {
		return nil, err
	}
	old, err := readKept(dir, retiredWebhooksFile)
	if err != nil {
		return nil, err
	}
	t := &takeover{dir: dir, retiredFile: retiredWebhooksFile, published: p.set, placement: placement{packages: packages}}
	if t.ours, err = before.facts(api); err != nil {
		return nil, err
	}
	t.renames = findRenames(before.whole, p.facts, old.retired)
	t.before = t.renames.rename(before.whole)
	old.retired = t.renames.carry(old.retired)
	t.renames.followShared(t.before, before.shared, schemasOf(api))
	old.doc, old.shared = t.before, t.renames.names(before.shared)
	own := t.renames.names(before.own)
	decideShared(t.before, old)

	with := *p
	with.facts = description.Clone(p.facts)
	description.KeepUnpublished(with.facts, t.before, old.retired)
	t.merged = merge(&with, old)
	t.settleUnpublished(p)
	assumed := t.assumeSame(api, own, old.retired)
	var shared map[string]bool
	t.doc, shared = description.ShareWebhooks(t.doc, api, own)
	t.fresh = slices.DeleteFunc(t.fresh, func(address string) bool { return shared[strings.TrimPrefix(address, "schema ")] })
	t.difference = facts.Compare(t.ours, t.published)
	t.names = eventNames(api, before.doc, t.doc)
	if err := t.compareEvents(api, before.doc); err != nil {
		return nil, err
	}
	t.decide(sameDecision(t, assumed))
	t.decide(t.renames.decision(t))
	t.decide(t.goAfter.decision(filepath.Join(dir, retiredWebhooksFile)))
	if len(t.decisions) == 0 {
		if err := t.holds(api); err != nil {
			return nil, err
		}
	}
	return t, t.renderEvents(p)
}

// names returns the names of schemas after the renames.
func (r renames) names(all map[string]bool) map[string]bool {
	out := map[string]bool{}
	for name := range all {
		if now := r.now[name]; now != "" {
			name = now
		}
		out[name] = true
	}
	return out
}

// followShared keeps the Go type of what is the same as a schema of the description of the
// Backend API, when either has another name.
func (r renames) followShared(whole *yaml.Node, shared map[string]bool, components *yaml.Node) {
	for old, name := range r.now {
		if shared[old] && description.Get(components, name) == nil {
			description.Set(description.Get(schemasOf(whole), name), description.SameAsKey, old)
		}
	}
	r.followSame(whole, components)
}

// followSame renames schemas in the decisions that name them.
func (r renames) followSame(n, components *yaml.Node) {
	for p := range description.Places(n) {
		target := description.Text(p.Node, description.SameAsKey)
		if now := r.now[target]; now != "" && description.Get(components, target) == nil {
			description.Set(p.Node, description.SameAsKey, now)
		}
	}
}

// decideShared applies what the retired words decide about schemas that were shared, which
// have no place of their own.
func decideShared(whole *yaml.Node, old kept) {
	for name := range old.shared {
		for key, v := range description.Pairs(old.retired["schema "+name]) {
			if s := description.Get(schemasOf(whole), name); s != nil {
				description.Set(s, key, description.Clone(v))
			}
		}
	}
}

// settleUnpublished marks what a document has by now and was known from elsewhere, and
// what it has no longer.
func (t *takeover) settleUnpublished(p *published) {
	here := description.Index(p.facts)
	for place := range description.Places(t.doc) {
		if description.Get(place.Node, description.UnpublishedKey) == nil {
			continue
		}
		_, published := here[place.Address]
		description.Set(place.Node, description.UnpublishedKey, !published)
		if published {
			t.standings = append(t.standings, place.Address+": published now, "+description.UnpublishedKey+" can be deleted")
		}
	}
}

// assumeSame finds the schemas that differ from those of the same name in the description
// of the Backend API and nobody has decided about. They are assumed to be the same in Go.
func (t *takeover) assumeSame(api *yaml.Node, own map[string]bool, retired map[string]*yaml.Node) (assumed []string) {
	split, _ := description.ShareWebhooks(t.doc, api, own)
	for name, s := range description.Pairs(schemasOf(split)) {
		if description.Get(schemasOf(api), name) == nil || own[name] || description.Get(s, description.SameAsKey) != nil || description.Get(retired["schema "+name], description.SameAsKey) != nil ||
			description.Get(retired["schema "+name], nameKey) != nil {
			continue
		}
		assumed = append(assumed, name)
	}
	for _, name := range assumed {
		description.Set(description.Get(schemasOf(t.doc), name), description.SameAsKey, name)
	}
	// What differed only because it refers to another one is equal by that assumption.
	split, _ = description.ShareWebhooks(t.doc, api, own)
	assumed = slices.DeleteFunc(assumed, func(name string) bool { return description.Get(schemasOf(split), name) == nil })
	slices.Sort(assumed)
	return assumed
}

// sameDecision asks which schema Go has, that of the Backend API or one of its own.
func sameDecision(t *takeover, assumed []string) decision {
	d := decision{count: len(assumed)}
	d.title = "events have other facts than the schema of that name in components.yaml. The document of the Backend API, imported first, " +
		"may settle it. Otherwise the first line of each, which the report assumes, keeps the type of package api, and the second makes one of package webhooks. One of them decides in " +
		filepath.Join(t.dir, retiredWebhooksFile) + ":"
	for _, name := range assumed {
		d.lines = append(d.lines,
			fmt.Sprintf("schema %s: {%s: %s}", name, description.SameAsKey, name),
			fmt.Sprintf("schema %s: {%s: %sOfEvents}", name, nameKey, rules.GoName(name)))
	}
	return d
}

// eventNames has the Go names of events and of their schemas, by address.
func eventNames(api *yaml.Node, docs ...*yaml.Node) names {
	out := names{}
	for name, s := range description.Pairs(schemasOf(api)) {
		out["schema "+name] = "api." + rules.ModelName(name, s)
	}
	for _, doc := range docs {
		for p := range description.Places(doc) {
			name := strings.TrimPrefix(p.Step, "schema ")
			same := description.Text(p.Node, description.SameAsKey)
			switch {
			case p.Kind == description.Event:
				out[p.Address] = "webhooks." + rules.EventName(strings.TrimPrefix(p.Address, "event "), p.Node)
			case p.Kind != description.Schema || p.Up.Kind != description.Components:
			case same != "" && out["schema "+same] != "":
				out[p.Address] = out["schema "+same]
			default:
				out[p.Address] = "webhooks." + rules.ModelName(name, p.Node)
			}
		}
	}
	return out
}

// compareEvents compares the Go API with the events before and after the takeover.
func (t *takeover) compareEvents(api, before *yaml.Node) error {
	if t.unchanged() {
		return nil
	}
	amendments, err := description.ReadAmendments(t.dir)
	if err != nil {
		return err
	}
	api = description.Clone(api)
	_ = description.Amend(api, amendments) // what does not fit was reported when it was imported
	t.goBefore, t.goAfter = goAPIOf(withEvents(api, before), t.placement.of), goAPIOf(withEvents(api, t.doc), t.placement.of)
	return nil
}

// withEvents returns a copy of a description with its events, if there are any.
func withEvents(api, events *yaml.Node) *yaml.Node {
	if api == nil || events == nil {
		return api
	}
	api = description.Clone(api)
	description.AddWebhooks(api, events)
	return api
}

// holds makes sure that the new description has the facts of the document.
func (t *takeover) holds(api *yaml.Node) error {
	set, err := facts.Of(description.PublishedWebhooks(t.doc, api))
	if err != nil {
		return err
	}
	if d := facts.Compare(t.published, set); !d.Empty() {
		return fmt.Errorf("the events would have other facts than the document: %d lost, %d added, %d changed, first %q",
			len(d.Lost), len(d.Added), len(d.Changed), slices.Concat(d.Lost, d.Added)[:min(1, len(d.Lost)+len(d.Added))])
	}
	return nil
}

// renderEvents makes the files of the events.
func (t *takeover) renderEvents(p *published) (err error) {
	t.files = map[string][]byte{}
	if t.files[description.WebhooksFile], err = description.RenderWebhooks(t.doc); err != nil {
		return err
	}
	if t.files[retiredWebhooksFile], err = renderRetired(t.retired); err != nil {
		return err
	}
	lock, err := description.ReadLock(t.dir)
	if err != nil {
		return err
	}
	here := description.Index(t.doc)
	own := slices.DeleteFunc(t.timestamps(), func(address string) bool { return here[address] == nil })
	lock.Webhooks = p.source(own)
	t.files[description.LockFile] = lock.Bytes()
	return nil
}

// followEvents returns the events after the description of the Backend API changed from
// ours: what they share with it refers to it again, and what it has otherwise by now keeps
// the facts of the events and its type in Go. nil means that there are no events.
func (t *takeover) followEvents(before events) *yaml.Node {
	if before.doc == nil {
		return nil
	}
	whole := description.Clone(before.whole)
	components := schemasOf(t.doc)
	for name := range before.shared {
		target := name
		if now := t.renames.now[name]; now != "" {
			target = now
		}
		if description.Get(components, target) != nil {
			description.Set(description.Get(schemasOf(whole), name), description.SameAsKey, target)
		}
	}
	t.renames.followSame(whole, components)
	after, _ := description.ShareWebhooks(whole, t.doc, before.own)
	for _, name := range slices.Sorted(maps.Keys(before.shared)) {
		if s := description.Get(schemasOf(after), name); s != nil {
			says := "has its last form in " + description.WebhooksFile
			if same := description.Text(s, description.SameAsKey); same != "" {
				says = "keeps its facts in " + description.WebhooksFile + ", and is " + t.title("schema "+same) + " in Go"
			}
			t.eventNotes = append(t.eventNotes, name+" "+says)
		}
	}
	return after
}

// checkEvents returns an error unless LOCK has the facts and the version of the events.
func checkEvents(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, description.WebhooksFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock, err := description.ReadLock(dir)
	if err != nil {
		return err
	}
	api, err := description.Load(dir)
	if err != nil {
		return err
	}
	e, err := loadEvents(dir, api)
	if err != nil {
		return err
	}
	if version := description.Text(e.doc, "info", "version"); version != lock.Webhooks.Version {
		return fmt.Errorf("%s has version %s of the webhook events, %s has %s", description.LockFile, lock.Webhooks.Version, description.WebhooksFile, version)
	}
	set, err := e.facts(api)
	if err != nil {
		return err
	}
	if set.Digest() != lock.Webhooks.Facts {
		return fmt.Errorf("the facts of %s are not those that %s records: only spec import may change facts", description.WebhooksFile, description.LockFile)
	}
	return nil
}
