package wire

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// transport is a function as an http.RoundTripper.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func reply(status int, body string, header ...string) (*http.Response, error) {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}, nil
}

func message(method string, limits Limits) *Message {
	return &Message{Method: method, URL: url.URL{Scheme: "http", Host: "localhost"}, Limits: limits}
}

var usual = Limits{
	Attempt: 10 * time.Second, Call: 30 * time.Second, RetryAfter: 15 * time.Second, Retries: 2, Success: 1 << 20, Failure: 1 << 10,
}

// script is a transport that takes one step per attempt and repeats the last one.
// It counts the attempts.
func script(steps ...func() (*http.Response, error)) (transport, *int) {
	n := new(int)
	return func(*http.Request) (*http.Response, error) {
		step := steps[min(*n, len(steps)-1)]
		*n++
		return step()
	}, n
}

func status(code int, header ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return reply(code, "{}", header...) }
}

func lost() (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

// cutOff is a response whose connection is lost in the middle of the body.
func cutOff() (*http.Response, error) {
	return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1,
		Body: io.NopCloser(io.MultiReader(strings.NewReader(`{"a`), brokenReader{}))}, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
