package frontendproxy

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestResponsesPassAsTheyAre(t *testing.T) {
	t.Parallel()
	const compressed = "\x0b\x02\x80br\x03"
	for name, test := range map[string]struct {
		respond http.HandlerFunc
		status  int
		header  http.Header
		body    string
	}{
		"cookies": {func(w http.ResponseWriter, r *http.Request) {
			for i := range 3 {
				w.Header().Add("Set-Cookie", fmt.Sprintf("__client=%d; Path=/; HttpOnly", i))
			}
		}, http.StatusOK, http.Header{"Set-Cookie": {"__client=0; Path=/; HttpOnly", "__client=1; Path=/; HttpOnly", "__client=2; Path=/; HttpOnly"}}, ""},
		"coding": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", r.Header.Get("Accept-Encoding"))
			io.WriteString(w, compressed)
		}, http.StatusOK, http.Header{"Content-Encoding": {"br"}, "Content-Length": {"6"}}, compressed},
		"not modified": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Etag", `"1"`)
			w.WriteHeader(http.StatusNotModified)
		}, http.StatusNotModified, http.Header{"Etag": {`"1"`}}, ""},
		"no content": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }, http.StatusNoContent, nil, ""},
		"error":      {func(w http.ResponseWriter, r *http.Request) { http.Error(w, `{"errors":[]}`, http.StatusUnauthorized) }, http.StatusUnauthorized, nil, "{\"errors\":[]}\n"},
		"page of a gateway": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusBadGateway)
			io.WriteString(w, "<html>")
		}, http.StatusBadGateway, http.Header{"Content-Type": {"text/html; charset=utf-8"}}, "<html>"},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/x", http.StatusSeeOther)
		}, http.StatusSeeOther, http.Header{"Location": {"https://elsewhere.example/x"}}, "<a href=\"https://elsewhere.example/x\">See Other</a>.\n\n"},
		"fields of the connection": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "X-Mine")
			w.Header().Set("X-Mine", "1")
			w.Header().Set("Keep-Alive", "5")
		}, http.StatusOK, http.Header{"X-Mine": nil, "Keep-Alive": nil, "Connection": nil}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := front(t, newProxy(t, newTarget(t, test.respond)))
			response := sendRaw(t, proxy, get("/__clerk/x", "Accept-Encoding: br"))
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status || string(body) != test.body {
				t.Errorf("status %d, body %q, %v, want %d and %q", response.StatusCode, body, err, test.status, test.body)
			}
			for field, want := range test.header {
				if got := response.Header[field]; !slices.Equal(got, want) {
					t.Errorf("%s is %q, want %q", field, got, want)
				}
			}
		})
	}
}

func TestEarlyHintsAndTrailersPassWithoutTheKey(t *testing.T) {
	t.Parallel()
	proxy := front(t, newProxy(t, newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Clerk-Secret-Key")
		w.Header().Set("Link", "</x.js>; rel=preload")
		w.Header().Set("Clerk-Secret-Key", key)
		w.Header().Set("X-Key", "the key is "+key)
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Set("Trailer", "Clerk-Secret-Key, X-Sum")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "1")
		w.Header().Set("Clerk-Secret-Key", key)
		w.Header().Set(http.TrailerPrefix+"X-Late", key)
	})))
	var early []http.Header
	r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(_ int, header textproto.MIMEHeader) error {
			early = append(early, http.Header(header).Clone())
			return nil
		},
	}), http.MethodGet, proxy.URL+"/__clerk/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err != nil {
		t.Fatal(err)
	}
	if len(early) != 1 || early[0].Get("Link") == "" || response.Trailer.Get("X-Sum") != "1" {
		t.Errorf("early hints are %v and the trailer is %v", early, response.Trailer)
	}
	if text := fmt.Sprint(early, response.Header, response.Trailer); strings.Contains(text, secretKey) {
		t.Errorf("the key is in %s", text)
	}
}

func TestKeyIsInNoHeaderOfAResponse(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			w.Header()[name] = values
			w.Header()["Echo-"+name] = values
		}
		r.Header.Write(w)
	})
	response := serve(t, newProxy(t, clerk), newRequest(t, http.MethodGet, "/__clerk/x", nil))
	if text := fmt.Sprint(response.Header); strings.Contains(text, secretKey) || response.Header.Get("Echo-Clerk-Proxy-Url") == "" {
		t.Errorf("the header is %s", text)
	}
	if body, err := io.ReadAll(response.Body); err != nil || !strings.Contains(string(body), secretKey) {
		t.Errorf("the body is %q, %v, want the target's own", body, err)
	}
}

func TestLocationOfTheTargetIsThatOfTheProxy(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"", "/base"} {
		var location string
		clerk := newTarget(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Location"] = []string{location}
			w.WriteHeader(http.StatusFound)
		})
		host := clerk.Listener.Addr().String()
		h := newProxy(t, clerk, WithTarget(clerk.URL+base))
		for sent, want := range map[string]string{
			clerk.URL + base + "/v1?a=b#c":   publicURL + "/__clerk/v1?a=b#c",
			"https://" + host + base + "/v1": publicURL + "/__clerk/v1",
			"//" + host + base + "/x":        publicURL + "/__clerk/x",
			base + "/x":                      publicURL + "/__clerk/x",
			"x":                              publicURL + "/__clerk/v1/x",
			"?q":                             publicURL + "/__clerk/v1/client?q",
			base + "/a%2Fb?c%2Fd":            publicURL + "/__clerk/a%2Fb?c%2Fd",
			clerk.URL + base:                 publicURL + "/__clerk",
			"https://accounts.google.com/o?x=" + host: "https://accounts.google.com/o?x=" + host,
			"http://evil@elsewhere.example/":          "http://evil@elsewhere.example/",
			"https://%zz/":                            "https://%zz/",
			"mailto:a@b":                              "mailto:a@b",
			base + "/%2e%2e/admin":                    base + "/%2e%2e/admin",
		} {
			location = sent
			response := serve(t, h, newRequest(t, http.MethodGet, "/__clerk/v1/client", nil))
			if got := response.Header.Get("Location"); got != want || response.StatusCode != http.StatusFound {
				t.Errorf("%d, and %q becomes %q, want %q", response.StatusCode, sent, got, want)
			}
		}
		if base != "" {
			location = clerk.URL + "/other"
			if got := serve(t, h, newRequest(t, http.MethodGet, "/__clerk/v1", nil)).Header.Get("Location"); got != location {
				t.Errorf("%q, which is not below the target, becomes %q", location, got)
			}
		}
	}
	clerk := newTarget(t, nil)
	h := newProxy(t, clerk, WithTarget("https://clerk.example"))
	r := newRequest(t, http.MethodGet, "https://clerk.example/v1", nil)
	r.Header.Set("Clerk-Proxy-Url", publicURL+"/__clerk")
	if got := h.p.publicLocation("https://CLERK.example:443/x", r); got != publicURL+"/__clerk/x" {
		t.Errorf("with the scheme's own port it becomes %q", got)
	}
}

func TestTargetThatFails(t *testing.T) {
	t.Parallel()
	encrypted := httptest.NewTLSServer(nil)
	encrypted.Config.ErrorLog = quiet()
	t.Cleanup(encrypted.Close)
	stop := make(chan struct{})
	hangs := newTarget(t, func(http.ResponseWriter, *http.Request) { <-stop })
	t.Cleanup(func() { close(stop) })
	breaks := newTarget(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	for name, test := range map[string]struct {
		url    string
		status int
		code   string
		logged string
	}{
		"down":             {"http://127.0.0.1:1", http.StatusBadGateway, "proxy_request_failed", "no connection"},
		"TLS":              {encrypted.URL, http.StatusBadGateway, "proxy_request_failed", "TLS"},
		"no TLS":           {"https" + strings.TrimPrefix(hangs.URL, "http"), http.StatusBadGateway, "proxy_request_failed", "TLS"},
		"hangs":            {hangs.URL, http.StatusGatewayTimeout, "proxy_timeout", "timeout"},
		"ends connections": {breaks.URL, http.StatusBadGateway, "proxy_request_failed", "connection broken"},
	} {
		t.Run(name, func(t *testing.T) {
			records := &strings.Builder{}
			h := newProxy(t, hangs, WithTarget(test.url), WithLogger(textLogger(records)))
			if h.p.transport.ResponseHeaderTimeout != 10*time.Second {
				t.Errorf("the target has %v", h.p.transport.ResponseHeaderTimeout)
			}
			if name == "hangs" {
				h.p.transport.ResponseHeaderTimeout = 100 * time.Millisecond
			}
			for range 2 {
				wantError(t, serve(t, h, newRequest(t, http.MethodPost, "/__clerk/x", strings.NewReader("x"))), test.status, test.code)
			}
			if text := records.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, test.logged) || strings.Contains(text, "127.0.0.1") {
				t.Errorf("logged %q, want a single record with %q and no address", text, test.logged)
			}
		})
	}
}

func TestTargetCannotSwitchProtocols(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		buffered.WriteString("HTTP/1.1 101 Switching Protocols\r\n\r\n")
		buffered.Flush()
	})
	wantError(t, sendRaw(t, front(t, newProxy(t, clerk)), get("/__clerk/x")), http.StatusBadGateway, "proxy_request_failed")
}

func TestUnknownHostIsAFailureOfItsOwn(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{
		&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "a"}}: "name not resolved",
		&net.OpError{Op: "dial", Err: errors.New("refused")}:                         "no connection",
		&net.OpError{Op: "read", Err: errors.New("reset")}:                           "connection broken",
	} {
		if got := failureKind(err); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}

func TestBodyThatBreaksOffEndsTheConnection(t *testing.T) {
	t.Parallel()
	proxy := front(t, newProxy(t, newTarget(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "begin")
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})))
	proxy.Config.ErrorLog = quiet()
	response := sendRaw(t, proxy, get("/__clerk/x"))
	if body, err := io.ReadAll(response.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the body is %q, %v", body, err)
	}
}

func TestRequestToTheTargetEndsWithTheClients(t *testing.T) {
	t.Parallel()
	arrived, ended := make(chan struct{}), make(chan struct{})
	records := &strings.Builder{}
	clerk := newTarget(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(ended)
	})
	proxy := front(t, newProxy(t, clerk, WithLogger(textLogger(records))))
	conn, err := net.Dial("tcp", proxy.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, get("/__clerk/x"))
	<-arrived
	conn.Close()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Error("the request to the target goes on")
	}
	proxy.Close() // waits for the handler
	if records.Len() > 0 {
		t.Errorf("logged: %s", records)
	}
}

func TestManyRequestsOverHTTP2(t *testing.T) {
	t.Parallel()
	clerk := &target{}
	clerk.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 {
			io.Copy(w, r.Body)
		}
	}))
	clerk.EnableHTTP2, clerk.Config.ErrorLog = true, quiet()
	clerk.StartTLS()
	t.Cleanup(clerk.Close)
	h := newProxy(t, clerk)
	h.p.transport.TLSClientConfig = clerk.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	proxy := httptest.NewUnstartedServer(h)
	proxy.EnableHTTP2, proxy.Config.ErrorLog = true, quiet()
	proxy.StartTLS()
	t.Cleanup(proxy.Close)
	client := proxy.Client()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			sent := make([]byte, 1<<20)
			rand.Read(sent)
			response, err := client.Post(proxy.URL+"/__clerk/x", "application/octet-stream", bytes.NewReader(sent))
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			if got, err := io.ReadAll(response.Body); err != nil || response.ProtoMajor != 2 || !bytes.Equal(got, sent) {
				t.Errorf("HTTP/%d, %d bytes, %v", response.ProtoMajor, len(got), err)
			}
		})
	}
	wg.Wait()
	limited := newProxy(t, clerk, WithBodyLimit(4))
	limited.p.transport.TLSClientConfig = h.p.transport.TLSClientConfig.Clone()
	wantError(t, serve(t, limited, newRequest(t, http.MethodPost, "/__clerk/x", struct{ io.Reader }{strings.NewReader("five!")})),
		http.StatusRequestEntityTooLarge, "proxy_request_invalid")
}

// The guard is the last to look, whatever the rewriting did.
func TestGuardSendsNothingElsewhere(t *testing.T) {
	t.Parallel()
	clerk := newTarget(t, nil)
	h := newProxy(t, clerk)
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.URL.Host = "elsewhere.example" },
		func(r *http.Request) { r.Host = "elsewhere.example" },
		func(r *http.Request) { r.URL.Scheme = "https" },
		func(r *http.Request) { r.URL.Opaque = "//elsewhere.example/x" },
		func(r *http.Request) { r.URL.User = nil; r.URL.Host = "" },
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, clerk.URL+"/x", nil)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		if response, err := (guard{h.p}).RoundTrip(r); !errors.Is(err, errOtherHost) {
			response.Body.Close()
			t.Errorf("a request for %s %s is sent", r.Host, r.URL)
		}
	}
	if list := clerk.take(); list != nil {
		t.Errorf("the target received %d requests", len(list))
	}
}

func TestZeroHandlerResponds(t *testing.T) {
	t.Parallel()
	for _, h := range []*Handler{nil, {}} {
		wantError(t, serve(t, h, newRequest(t, http.MethodGet, "/__clerk/x", nil)), http.StatusInternalServerError, "proxy_configuration_error")
		if diff := cmp.Diff("frontendproxy.Handler(unconfigured)", h.String()); diff != "" {
			t.Error(diff)
		}
	}
}
