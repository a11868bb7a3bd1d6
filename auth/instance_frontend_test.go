package auth

import (
	"net/url"
	"testing"

	"github.com/backend-sdk/clerk-go/auth/internal/weburl"
	"github.com/backend-sdk/clerk-go/clerk"
)

func TestFrontendKnowsThePagesOfClerk(t *testing.T) {
	t.Parallel()
	const dev, live = clerk.Development, clerk.Production
	tests := map[string]struct {
		host, proxy  string
		instanceType clerk.InstanceType
		referrer     string
		want         bool
	}{
		"frontend API":                         {host: "clerk.example.com", instanceType: live, referrer: "https://clerk.example.com/x", want: true},
		"frontend API on another port":         {host: "clerk.example.com", instanceType: live, referrer: "https://clerk.example.com:8443/", want: true},
		"below the frontend API":               {host: "clerk.example.com", instanceType: live, referrer: "https://x.clerk.example.com/"},
		"account portal":                       {host: "clerk.example.com", instanceType: live, referrer: "https://accounts.example.com/", want: true},
		"account portal over http":             {host: "clerk.example.com", instanceType: live, referrer: "http://accounts.example.com/"},
		"any other portal":                     {host: "clerk.example.com", instanceType: live, referrer: "https://accounts.example.org/"},
		"portal of a development instance":     {host: "cat-1.clerk.accounts.dev", instanceType: dev, referrer: "https://cat-1.accounts.dev/", want: true},
		"portal of a staging instance":         {host: "cat-1.clerk.accountsstage.dev", instanceType: dev, referrer: "https://cat-1.accountsstage.dev/", want: true},
		"shared portal, development":           {host: "clerk.example.com", instanceType: dev, referrer: "https://dog-2.accounts.dev/", want: true},
		"shared portal, production":            {host: "clerk.example.com", instanceType: live, referrer: "https://dog-2.accounts.dev/"},
		"frontend API of another, dev":         {host: "clerk.example.com", instanceType: dev, referrer: "https://dog-2.clerk.accounts.dev/"},
		"old shared portal, development":       {host: "clerk.example.com", instanceType: dev, referrer: "https://accounts.cat.lcl.dev/", want: true},
		"old shared portal, production":        {host: "clerk.example.com", instanceType: live, referrer: "https://accounts.cat.lcl.dev/"},
		"not a portal of the old form":         {host: "clerk.example.com", instanceType: dev, referrer: "https://cat.lcl.dev/"},
		"proxy":                                {host: "clerk.example.com", proxy: "https://proxy.example/__clerk", instanceType: live, referrer: "https://proxy.example/", want: true},
		"frontend API behind a proxy":          {host: "clerk.example.com", proxy: "https://proxy.example/__clerk", instanceType: live, referrer: "https://clerk.example.com/"},
		"proxy on the request's own host":      {host: "clerk.example.com", proxy: "/__clerk", instanceType: live, referrer: "https://app.example.com:8443/", want: true},
		"beside the proxy on the own host":     {host: "clerk.example.com", proxy: "/__clerk", instanceType: live, referrer: "https://other.example/"},
		"page with no host":                    {host: "clerk.example.com", instanceType: dev, referrer: "android-app:x"},
		"only the first clerk. makes accounts": {host: "clerk.x.clerk.accounts.dev", instanceType: live, referrer: "https://accounts.x.clerk.accounts.dev/", want: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			referrer, err := url.Parse(test.referrer)
			if err != nil {
				t.Fatal(err)
			}
			var proxy weburl.URL
			if test.proxy != "" {
				if proxy, err = weburl.ParsePage(test.proxy); err != nil {
					t.Fatal(err)
				}
			}
			f := newFrontend(test.host, proxy, test.instanceType)
			if got := f.knows(referrer, weburl.Origin{Scheme: "https", Host: "app.example.com"}); got != test.want {
				t.Errorf("knows(%q) = %t, want %t", test.referrer, got, test.want)
			}
		})
	}
}
