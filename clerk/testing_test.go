package clerk_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
)

const testKey = "sk_test_0123456789abcdef"

// thing stands for the models of the API.
type thing struct {
	ID    string              `json:"id"`
	Count int                 `json:"count"`
	Tags  []string            `json:"tags,omitempty"`
	Mails []mail              `json:"email_addresses,omitempty"`
	Extra clerk.Metadata      `json:"public_metadata,omitzero"`
	At    *clerk.Timestamp    `json:"created_at,omitempty"`
	By    map[string]mail     `json:"by_name,omitempty"`
	Maybe clerk.Optional[int] `json:"maybe,omitzero"`
}

type mail struct {
	ID string `json:"id"`
}

// patch stands for the parameters of an operation.
type patch struct {
	Name  clerk.Optional[string]         `json:"name,omitzero"`
	Age   clerk.Optional[int]            `json:"age,omitzero"`
	Tags  clerk.Optional[[]string]       `json:"tags,omitzero"`
	Attrs clerk.Optional[map[string]int] `json:"attrs,omitzero"`
	Meta  clerk.Optional[clerk.Metadata] `json:"meta,omitzero"`
}

// newClient returns a client of a new server that runs h. The base URL has a path, so
// that a request to an absolute path does not reach h.
func newClient(t *testing.T, h http.HandlerFunc, opts ...clerk.Option) *clerk.Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/trap/v1/", http.StripPrefix("/trap/v1", h))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	c, err := clerk.New(testKey, append([]clerk.Option{clerk.WithBaseURL(srv.URL + "/trap")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// get returns a Request of the operation GetThing.
func get(path string, ids ...string) clerk.Request {
	return clerk.Request{Method: http.MethodGet, Path: path, IDs: ids, Operation: "GetThing"}
}

// post returns a Request of the operation CreateThing.
func post(path string, body any) clerk.Request {
	return clerk.Request{Method: http.MethodPost, Path: path, Body: body, Operation: "CreateThing"}
}

func write(w http.ResponseWriter, body string) { _, _ = io.WriteString(w, body) }

// roundTripper is a function as an http.RoundTripper.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// pipeNetwork connects a real transport to a real server inside the process, so that
// both can run in a synctest bubble.
type pipeNetwork struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// newPipeNetwork returns a transport that connects to a new server that runs h.
func newPipeNetwork(t *testing.T, h http.HandlerFunc) *http.Transport {
	t.Helper()
	n := &pipeNetwork{conns: make(chan net.Conn), done: make(chan struct{})}
	srv := &http.Server{Handler: h}
	go func() { _ = srv.Serve(n) }()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		client, server := net.Pipe()
		select {
		case n.conns <- server:
			return client, nil
		case <-n.done:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = srv.Close()
	})
	return transport
}

func (n *pipeNetwork) Accept() (net.Conn, error) {
	select {
	case c := <-n.conns:
		return c, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

func (n *pipeNetwork) Close() error {
	n.once.Do(func() { close(n.done) })
	return nil
}

func (n *pipeNetwork) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }
