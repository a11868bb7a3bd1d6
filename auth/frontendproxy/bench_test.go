package frontendproxy

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"testing"
	"time"
)

// BenchmarkProxy compares the proxy with a ReverseProxy that forwards everything with the
// same fields added, over the same transport and in turns, so that both meet the same noise:
// proxy/bare is the ratio of the medians.
func BenchmarkProxy(b *testing.B) {
	clerk := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	b.Cleanup(clerk.Close)
	h := newProxy(b, &target{Server: clerk})
	base, err := url.Parse(clerk.URL)
	if err != nil {
		b.Fatal(err)
	}
	bare := &httputil.ReverseProxy{Transport: h.p.transport, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(base)
		maps.Copy(r.Out.Header, ownFields("203.0.113.9"))
	}}
	took := func(handler http.Handler) time.Duration {
		w, r := httptest.NewRecorder(), newRequest(b, http.MethodGet, "/__clerk/v1/client?x=1", nil)
		began := time.Now()
		handler.ServeHTTP(w, r)
		return time.Since(began)
	}
	var bares, proxies []time.Duration
	for b.Loop() {
		bares, proxies = append(bares, took(bare)), append(proxies, took(h))
	}
	b.ReportMetric(float64(median(proxies))/float64(median(bares)), "proxy/bare")
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
