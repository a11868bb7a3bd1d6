package wire

import (
	"net/http"
	"testing"
)

// The test replaces http.DefaultTransport, so it is not parallel.
func TestNewTransportCopiesTheDefaultOrReturnsItsReplacement(t *testing.T) {
	before, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		t.Skip("http.DefaultTransport is not an *http.Transport")
	}
	limit := before.MaxIdleConnsPerHost
	got, ok := newTransport().(*http.Transport)
	if !ok || got == before || got.MaxIdleConnsPerHost < 64 || got.MaxIdleConns < 64 || got.Proxy == nil || !got.ForceAttemptHTTP2 {
		t.Errorf("got %+v, want a copy of http.DefaultTransport that keeps more connections", got)
	}
	if before.MaxIdleConnsPerHost != limit {
		t.Error("http.DefaultTransport was changed")
	}
	replaced := transport(nil)
	http.DefaultTransport = replaced
	defer func() { http.DefaultTransport = before }()
	if _, ok := newTransport().(transport); !ok {
		t.Error("the replacement of http.DefaultTransport is not used")
	}
}
