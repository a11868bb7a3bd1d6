package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// transcript prints each request that it sends and what the response says, without tokens
// and codes.
type transcript struct {
	next http.RoundTripper
	out  io.Writer
}

func (t transcript) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		var err error
		if sent, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	plain := *r.URL
	plain.RawQuery = ""
	fmt.Fprintf(t.out, "\n  %s %s%s\n", r.Method, plain.String(), summary(r, sent))
	response, err := t.next.RoundTrip(r)
	if err != nil {
		fmt.Fprintln(t.out, "   ", err)
		return nil, err
	}
	received, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(received))
	fmt.Fprintf(t.out, "    %d\n", response.StatusCode)
	if challenge := response.Header.Get("WWW-Authenticate"); challenge != "" {
		fmt.Fprintln(t.out, "    WWW-Authenticate:", challenge)
	}
	if strings.HasPrefix(r.URL.Path, "/.well-known/") && response.StatusCode == http.StatusOK {
		fmt.Fprintf(t.out, "    %s\n", bytes.TrimSpace(received))
	}
	return response, nil
}

// summary says what a request asks for.
func summary(r *http.Request, body []byte) string {
	var parts []string
	var message struct{ Method string }
	if json.Unmarshal(body, &message) == nil && message.Method != "" {
		parts = append(parts, message.Method)
	}
	values := r.URL.Query()
	if form, err := url.ParseQuery(string(body)); err == nil && r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		values = form
	}
	for _, name := range []string{"scope", "resource"} {
		if value := values.Get(name); value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	if r.Header.Get("Authorization") != "" {
		parts = append(parts, "with a token")
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
