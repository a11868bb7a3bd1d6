// Package description reads and writes this project's own description of Clerk's
// Backend API: openapi/components.yaml and one file a Go package, which
// openapi/packages.yaml assigns to tags.
//
// The files are OpenAPI 3.0. Their facts are those of the published document (see
// package facts). Their words (summaries and descriptions) and their x-go- members
// (decisions about Go) are ours. Both are in one tree of yaml.Node, and a grammar of
// OpenAPI distinguishes them: it names each place of the tree by what is there, and
// knows for each member whether it is a fact or a word and whether its order matters.
//
//	doc, err := description.Load("openapi")
//	for place := range description.Places(doc) { … }
//	packages, err := description.ReadPackages("openapi")
//	files, err := packages.Files(doc)
package description
