package description

import "go.yaml.in/yaml/v3"

// WebhooksKey is the member of a merged document with the description of the events.
const WebhooksKey = "x-go-webhooks"

// webhooksFile lists the events, with the components that only they have.
const webhooksFile = "webhooks.yaml"

// LoadWebhooks reads the description of the events in dir, which [AddWebhooks] adds to the
// rest.
func LoadWebhooks(dir string) (*yaml.Node, error) { return read(dir, webhooksFile) }

// AddWebhooks adds a description of events to a merged document under WebhooksKey. Its
// references become local to that document.
func AddWebhooks(doc, events *yaml.Node) {
	rewriteRefs(events, "#/", "#/"+WebhooksKey+"/")
	rewriteRefs(events, componentsFile+"#/", "#/")
	Set(doc, WebhooksKey, events)
}
