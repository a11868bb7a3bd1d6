package description

import "go.yaml.in/yaml/v3"

// WebhooksKey is the member of a merged document with the description of the events.
const WebhooksKey = "x-go-webhooks"

// webhooksFile lists the events, with the components that only they have.
const webhooksFile = "webhooks.yaml"

// LoadWebhooks is [Load] with webhooks.yaml under WebhooksKey, whose references are local
// to the merged document as well.
func LoadWebhooks(dir string) (*yaml.Node, error) {
	doc, err := Load(dir)
	if err != nil {
		return nil, err
	}
	events, err := read(dir, webhooksFile)
	if err != nil {
		return nil, err
	}
	AddWebhooks(doc, events)
	return doc, nil
}

// AddWebhooks adds a description of events to a merged document.
func AddWebhooks(doc, events *yaml.Node) {
	rewriteRefs(events, "#/", "#/"+WebhooksKey+"/")
	rewriteRefs(events, componentsFile+"#/", "#/")
	Set(doc, WebhooksKey, events)
}
