module github.com/backend-sdk/clerk-go/examples/frameworks

go 1.26.0

replace github.com/backend-sdk/clerk-go => ../..

require (
	github.com/backend-sdk/clerk-go v0.0.0-00010101000000-000000000000
	github.com/go-chi/chi/v5 v5.5.0
	github.com/rs/cors v1.11.1
)

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	github.com/mattn/go-colorable v0.1.15 // indirect
	github.com/mattn/go-isatty v0.0.22 // indirect
	github.com/oapi-codegen/runtime v1.9.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
)
