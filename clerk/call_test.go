package clerk_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/backend-sdk/clerk-go/clerk"
)

func TestWhatIsSentWithARequest(t *testing.T) {
	t.Parallel()
	type sent struct {
		Method, URI, Body string
		Length            int64
		Encoding          []string
		Header            map[string]string
	}
	seen := make(chan sent, 1)
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		header := map[string]string{}
		for name, values := range r.Header {
			header[name] = strings.Join(values, "|")
		}
		delete(header, "Accept-Encoding")
		delete(header, "Content-Length")
		seen <- sent{r.Method, r.RequestURI, string(body), r.ContentLength, r.TransferEncoding, header}
		write(w, `{}`)
	})
	header := func(more map[string]string) map[string]string {
		h := map[string]string{
			"Accept":            "application/json",
			"Authorization":     "Bearer " + testKey,
			"Clerk-Api-Version": clerk.APIVersion,
			"User-Agent":        "clerk-go/devel",
		}
		maps.Copy(h, more)
		return h
	}
	var nothing *thing
	for _, test := range []struct {
		name string
		req  clerk.Request
		opts []clerk.CallOption
		want sent
	}{
		{"get", get("/things"), nil, sent{Method: "GET", Header: header(nil)}},
		{"post without a body", post("/things", nil), nil, sent{Method: "POST", Header: header(nil)}},
		{"post of a nil pointer", post("/things", nothing), nil, sent{Method: "POST", Header: header(nil)}},
		{"delete", clerk.Request{Method: "DELETE", Path: "/things"}, nil, sent{Method: "DELETE", Header: header(nil)}},
		{
			"post with a body", post("/things", map[string]any{"a": clerk.Null[string]()}), nil,
			sent{Method: "POST", Body: `{"a":null}`, Length: 10, Header: header(map[string]string{"Content-Type": "application/json"})},
		},
		{
			"options", get("/things"),
			[]clerk.CallOption{clerk.WithKey("ak_other"), clerk.WithHeader("x-one", "1"), clerk.WithHeader("X-One", "2"), clerk.WithHeader("clerk-api-version", "2025-11-10")},
			sent{Method: "GET", Header: header(map[string]string{"Authorization": "Bearer ak_other", "X-One": "2", "Clerk-Api-Version": "2025-11-10"})},
		},
	} {
		if _, err := clerk.Call[thing](t.Context(), c, test.req, test.opts...); err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		test.want.URI = "/trap/v1/things"
		if diff := cmp.Diff(test.want, <-seen); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestRequestsThatCannotBeEncodedAreRefused(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, req := range map[string]clerk.Request{
		"no method":           {Path: "/things"},
		"method with a space": {Method: "GET /x", Path: "/things"},
		"body of a channel":   post("/things", make(chan int)),
		"body and form":       {Method: "POST", Path: "/things", Body: 1, Form: clerk.Form{"a": 1}},
		"metadata of a list":  post("/things", map[string]any{"m": clerk.SetMetadata([]int{1})}),
	} {
		_, err := clerk.Call[thing](t.Context(), c, req)
		var refused *clerk.RequestError
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v, want a RequestError", name, err)
		}
	}
	var none context.Context
	_, err := clerk.Call[thing](none, c, get("/things"))
	var refused *clerk.RequestError
	if !errors.As(err, &refused) {
		t.Errorf("nil context: %v, want a RequestError", err)
	}
}

func TestTheUserAgentHasTheVersionOfTheModule(t *testing.T) {
	t.Parallel()
	module := func(version string) *debug.Module { return &debug.Module{Path: clerk.ModulePath, Version: version} }
	other := &debug.Module{Path: "example.com/app", Version: "v9.9.9"}
	replaced := &debug.Module{Path: clerk.ModulePath, Version: "v0.1.0", Replace: &debug.Module{Path: "../clerk-go"}}
	fork := &debug.Module{Path: clerk.ModulePath, Version: "v0.1.0", Replace: &debug.Module{Path: "example.com/fork", Version: "v0.2.0"}}
	for name, test := range map[string]struct {
		info debug.BuildInfo
		want string
	}{
		"dependency":    {debug.BuildInfo{Main: *other, Deps: []*debug.Module{other, module("v0.3.1")}}, "v0.3.1"},
		"main module":   {debug.BuildInfo{Main: *module("v0.4.0")}, "v0.4.0"},
		"working copy":  {debug.BuildInfo{Main: *module("(devel)")}, "devel"},
		"local replace": {debug.BuildInfo{Main: *other, Deps: []*debug.Module{replaced}}, "devel"},
		"fork":          {debug.BuildInfo{Main: *other, Deps: []*debug.Module{fork}}, "v0.2.0"},
		"absent":        {debug.BuildInfo{Main: *other}, "devel"},
	} {
		if got := clerk.ModuleVersion(&test.info); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
