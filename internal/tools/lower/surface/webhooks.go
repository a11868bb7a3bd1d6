package surface

import "slices"

// Event is one event that the service receives.
type Event struct {
	Name string // of the constant and of the field of Handlers
	Type string // such as user.created
	Doc  string // when it is sent
	// Data is the type of its data, as package webhooks writes it, and Argument the name
	// that such data has as an argument.
	Data, Argument string
}

// handler is the type of the data that the field of Handlers takes, as callers write it.
func (e Event) handler() string { return "*" + Qualify("webhooks", e.Data) }

// webhooks is the package of the events, an empty one without any.
func (s *Surface) webhooks() *Package {
	if s.Webhooks == nil {
		return &Package{Name: "webhooks"}
	}
	return s.Webhooks
}

// events compares the constants of events and the functions of their handlers.
func (c *comparison) events(was, is *Package) {
	for _, e := range was.Events {
		name := was.Name + "." + e.Name
		i := slices.IndexFunc(is.Events, func(now Event) bool { return now.Name == e.Name })
		if i < 0 {
			c.say("%s is gone, and Handlers.%s with it", name, e.Name)
			continue
		}
		now := is.Events[i]
		if now.Type != e.Type {
			c.say("%s: %q, now %q", name, e.Type, now.Type)
		}
		if now.Data != e.Data {
			c.say("%s.Handlers.%s: the data is %s, now %s", was.Name, e.Name, e.handler(), now.handler())
		}
	}
}
