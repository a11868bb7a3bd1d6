package main

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// nowhere is an address at which nothing listens. The port of a server that was closed may
// be somebody else's in the next moment.
const nowhere = "http://127.0.0.1:1"

// A wire leads from an address that stays the same to an emulator, or to none during an
// outage, when it ends connections.
type wire struct {
	listener net.Listener

	mu   sync.Mutex
	addr string // empty during an outage
}

// startBehindWire starts a demonstration whose service reaches the emulator over a wire.
func startBehindWire(t *testing.T) (*demonstration, *wire) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	w := &wire{listener: listener}
	go w.serve()
	d := &demonstration{}
	t.Cleanup(d.stop)
	if err := d.launchEmulator(testContext(t), emulator); err != nil {
		t.Fatal(err)
	}
	w.connect(d.api)
	d.api = "http://" + listener.Addr().String()
	d.env[2] = apiURL + d.api
	if err := d.launchService(testContext(t), service); err != nil {
		t.Fatal(err)
	}
	return d, w
}

// connect leads new connections to the emulator with this URL, or to none.
func (w *wire) connect(url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.addr = strings.TrimPrefix(url, "http://")
}

func (w *wire) serve() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		go w.carry(near)
	}
}

// carry copies in both directions until one of the ends closes.
func (w *wire) carry(near net.Conn) {
	defer near.Close()
	w.mu.Lock()
	addr := w.addr
	w.mu.Unlock()
	if addr == "" {
		return
	}
	far, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer far.Close()
	go func() {
		defer far.Close()
		io.Copy(far, near)
	}()
	io.Copy(near, far)
}
