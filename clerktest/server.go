package clerktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// apiPrefix is the version segment of paths. Some clients leave it out of some.
const apiPrefix = "/v1"

// Start starts a server for the instance on addr, a host:port of the loopback
// interface, where port 0 means any free port. It refuses any other address. When
// Start returns, the server accepts connections. [Instance.Close] stops it.
func (i *Instance) Start(addr string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.server != nil {
		return errors.New("clerktest: the instance is already started")
	}
	listener, err := listen(addr)
	if err != nil {
		return err
	}
	i.serve(listener)
	return nil
}

// serve starts the server. Its caller holds the lock.
func (i *Instance) serve(listener net.Listener) {
	i.server = &http.Server{Handler: i.forLocalHosts(i.servedHandler()), ReadHeaderTimeout: 10 * time.Second}
	i.url = "http://" + listener.Addr().String()
	go i.server.Serve(listener)
}

// listen listens on an address that other computers cannot reach.
func listen(addr string) (net.Listener, error) {
	if err := loopback(addr); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", addr)
	if failed, ok := errors.AsType[*net.OpError](err); ok {
		err = failed.Err // without the address, which may not be the one of the caller
	}
	if err != nil {
		return nil, fmt.Errorf("clerktest: cannot listen on %s: %w", addr, err)
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		listener.Close()
		return nil, fmt.Errorf("clerktest: address %q is not on the loopback interface", addr)
	}
	return listener, nil
}

// Close stops the server of a started instance and closes the file that persists its
// content. It waits for up to three seconds for requests in progress; faults do not delay
// it. The content of the instance can still be read.
func (i *Instance) Close() error {
	i.closeOnce.Do(func() { close(i.closing) })
	err := i.stop()
	i.deliveries.end()
	i.giveBackKey()
	if i.journal != nil {
		err = errors.Join(err, i.journal.Close())
		i.compactions.Wait()
	}
	return err
}

func (i *Instance) stop() error {
	i.mu.Lock()
	server := i.server
	i.mu.Unlock()
	if server == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err == nil {
		return nil
	}
	return server.Close()
}

// loopback returns an error for an address that other computers could reach.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("clerktest: address %q is not host:port", addr)
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("clerktest: address %q is not on the loopback interface", addr)
	}
	return nil
}

// ServeHTTP serves one request of the Backend API. It checks the secret key and then
// the request against the description before it calls the handler.
func (i *Instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if i.serveImage(w, r) {
		return
	}
	rec := &recorder{ResponseWriter: w}
	o, refusal := i.matchRequest(r)
	line, ended := i.begun(r, rec)
	if o != nil {
		line.Operation, line.Ignored = o.Name, o.UnknownParameters(r.URL.RawQuery)
	}
	defer func() {
		ended(&line)
		i.logRequest(line)
		i.record(line)
	}()
	fault, faulty := i.takeFault(o)
	if faulty && fault.apply(rec, r, i.closing) {
		return
	}
	if fault.Cut {
		half := &halfResponse{ResponseWriter: rec.ResponseWriter}
		rec.ResponseWriter = half
		defer half.cut()
	}
	if err := i.checkRate(rec, o); err != nil {
		writeError(rec, err)
		return
	}
	r = i.asMachine(r, o)
	if err := i.checkRequest(rec, r, o, refusal); err != nil {
		writeError(rec, err)
		return
	}
	if o == getHandshakePayload {
		i.serveHandshakePayload(rec, r)
		return
	}
	// The instance has only one version, and the handlers do not know the parameter.
	i.handlers.ServeHTTP(rec, withoutQuery(r, description.VersionParameter))
}

// withoutQuery returns a request without one of its query parameters.
func withoutQuery(r *http.Request, name string) *http.Request {
	query := r.URL.Query()
	if !query.Has(name) {
		return r
	}
	query.Del(name)
	inner := r.Clone(r.Context())
	inner.URL.RawQuery = query.Encode()
	return inner
}

// known reports whether a resource has an ID.
func (i *Instance) known(id string) (known bool) {
	i.store.Read(func() { known = i.store.Has(id) })
	return known
}

func (i *Instance) matchRequest(r *http.Request) (*description.Operation, *description.Refusal) {
	path := r.URL.EscapedPath()
	if rest, ok := strings.CutPrefix(path, apiPrefix+"/"); ok {
		path = "/" + rest
	}
	// The path would also match that of a client, so it comes first.
	if r.Method == getHandshakePayload.Method && path == getHandshakePayload.Path {
		return getHandshakePayload, nil
	}
	return description.Match(r.Method, path, i.known)
}

// checkRequest returns the error for a request that must not reach its handler, or
// nil. The body can be read again afterwards.
func (i *Instance) checkRequest(w http.ResponseWriter, r *http.Request, o *description.Operation, refusal *description.Refusal) *clerk.Error {
	if o == nil || !o.Public {
		if err := i.authenticate(r); err != nil {
			return err
		}
	}
	if refusal == nil {
		refusal = o.CheckQuery(r.URL.RawQuery, i.known)
	}
	if refusal == nil {
		refusal = i.checkBody(w, r, o)
	}
	if refusal == nil {
		return nil
	}
	if refusal.Problems[0].Param == "template_type" {
		return templateTypeUnsupported()
	}
	if refusal.Allow != nil {
		w.Header().Set("Allow", strings.Join(refusal.Allow, ", "))
	}
	return refusalError(refusal)
}

func (i *Instance) checkBody(w http.ResponseWriter, r *http.Request, o *description.Operation) *description.Refusal {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, o.MaxBody()))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return o.TooLarge()
	}
	if err != nil {
		return description.Unreadable()
	}
	if refusal := o.CheckBody(r.Header.Get("Content-Type"), data, i.known); refusal != nil {
		return refusal
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	r.ContentLength = int64(len(data))
	return nil
}
