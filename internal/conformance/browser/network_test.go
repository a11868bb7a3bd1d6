package browser

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// web is every HTTPS host that the browser can reach: one server on loopback, to which
// the browser's resolver rules map all names.
type web struct {
	server *httptest.Server
	key    *ecdsa.PrivateKey

	mu     sync.Mutex
	hosts  map[string]http.Handler
	strays []string
}

func newWeb() (*web, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	w := &web{key: key, hosts: map[string]http.Handler{}}
	w.server = httptest.NewUnstartedServer(w)
	w.server.TLS = &tls.Config{GetCertificate: w.certificate}
	// Chromium's own requests arrive here, too, some without TLS.
	w.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	w.server.StartTLS()
	return w, nil
}

// certificate creates a certificate for the host name that the browser asks for.
func (w *web) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		DNSNames:     []string{hello.ServerName},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &w.key.PublicKey, w.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: w.key}, nil
}

// keyHash returns the hash of the key of the certificates. The browser accepts a
// self-signed certificate only with this key.
func (w *web) keyHash() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(&w.key.PublicKey)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(der)
	return base64.StdEncoding.EncodeToString(sum[:]), nil
}

func (w *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	handler := w.hosts[r.Host]
	if handler == nil {
		w.strays = append(w.strays, r.Host)
	}
	w.mu.Unlock()
	if handler == nil {
		http.Error(rw, "no test serves this host", http.StatusMisdirectedRequest)
		return
	}
	handler.ServeHTTP(rw, r)
}

// host serves a host name until the test ends.
func (w *web) host(t *testing.T, name string, handler http.Handler) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hosts[name] != nil {
		t.Fatalf("two tests serve %s", name)
	}
	w.hosts[name] = handler
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.hosts, name)
	})
}

// visited reports whether the browser requested a host that no test serves.
func (w *web) visited(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Contains(w.strays, name)
}
