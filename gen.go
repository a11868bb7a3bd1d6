// Package clerk is the runtime under every package of this module: the client,
// the one road to Clerk's Backend API, its errors and its values.
package clerk
