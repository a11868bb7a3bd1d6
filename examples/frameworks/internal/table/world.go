package table

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// A world is an emulated Clerk and a running example.
type world struct {
	service  Service
	instance *clerktest.Instance
	origin   string
	app      *observed
}

func newWorld(t *testing.T, s Service) *world {
	t.Helper()
	w := &world{service: s, instance: emulate(t)}
	w.origin, w.app = w.serve(t)
	return w
}

// serve starts the example once more, with an Authenticator that has not seen a key yet.
func (w *world) serve(t *testing.T) (origin string, app *observed) {
	t.Helper()
	authn := authenticator(t, w.instance)
	app = &observed{app: w.service.App}
	return w.service.Serve(t, authn, app.call), app
}

// An observed App is counted, and a test may do something in its place.
type observed struct {
	app     App
	calls   atomic.Int32
	instead atomic.Pointer[App]
}

func (o *observed) call(ctx context.Context) string {
	o.calls.Add(1)
	if instead := o.instead.Load(); instead != nil {
		return (*instead)(ctx)
	}
	return o.app(ctx)
}

// replace lets app be called until the test ends.
func (o *observed) replace(t *testing.T, app App) {
	o.instead.Store(&app)
	t.Cleanup(func() { o.instead.Store(nil) })
}
