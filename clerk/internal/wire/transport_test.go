package wire

import (
	"net/http"
	"testing"
)

// It replaces http.DefaultTransport, so it is not parallel.
func TestTheDefaultTransportIsTheProgramsOwnOrACopy(t *testing.T) {
	before, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		t.Skip("the default transport is not net/http's")
	}
	limit := before.MaxIdleConnsPerHost
	got, ok := newTransport().(*http.Transport)
	if !ok || got == before || got.MaxIdleConnsPerHost < 64 || got.MaxIdleConns < 64 || got.Proxy == nil || !got.ForceAttemptHTTP2 {
		t.Errorf("%+v", got)
	}
	if before.MaxIdleConnsPerHost != limit {
		t.Error("http.DefaultTransport was changed")
	}
	replaced := transport(nil)
	http.DefaultTransport = replaced
	defer func() { http.DefaultTransport = before }()
	if _, ok := newTransport().(transport); !ok {
		t.Error("what stands in place of http.DefaultTransport is not used")
	}
}
