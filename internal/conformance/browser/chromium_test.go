// Package browser tests services that use package auth in a real browser: headless
// Chromium, controlled through the DevTools protocol.
package browser

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// testTimeout limits the time of one test.
const testTimeout = 30 * time.Second

// internet and chromium are set if there is a browser.
var (
	internet *web
	chromium context.Context
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run starts one Chromium for all tests. Each tab has a browser context of its own,
// which starts without cookies.
func run(m *testing.M) int {
	path := os.Getenv("CLERK_BROWSER")
	if path == "" {
		return m.Run()
	}
	var err error
	if internet, err = newWeb(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer internet.server.Close()
	hash, err := internet.keyHash()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * "+internet.server.Listener.Addr().String()+", EXCLUDE localhost, EXCLUDE 127.0.0.1"),
		chromedp.Flag("ignore-certificate-errors-spki-list", hash))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, closeBrowser := chromedp.NewContext(allocator)
	defer closeBrowser()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "cannot start %s: %v\n", path, err)
		return 1
	}
	chromium = ctx
	return m.Run()
}

// A tab is a page of a browser that has no cookies and no history.
type tab struct {
	ctx context.Context

	mu      sync.Mutex
	refused []string // cookies that the browser blocked
}

func newTab(t *testing.T) *tab {
	t.Helper()
	if chromium == nil {
		t.Skip("CLERK_BROWSER names no browser: make test-browser installs Chromium and runs this test")
	}
	ctx, closeTab := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, testTimeout)
	t.Cleanup(cancel)
	b := &tab{ctx: ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// hear records the cookies that the browser blocks.
func (b *tab) hear(event any) {
	if e, ok := event.(*network.EventResponseReceivedExtraInfo); ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, c := range e.BlockedCookies {
			b.refused = append(b.refused, fmt.Sprintf("%s: %v", c.CookieLine, c.BlockedReasons))
		}
	}
}

// refusals returns the cookies that the browser blocked since the last call.
func (b *tab) refusals() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := b.refused
	b.refused = nil
	return list
}

// shown is what the tab shows.
type shown struct {
	url, text string
	status    int
}

// open loads a URL and follows redirects.
func (b *tab) open(t *testing.T, address string) shown {
	t.Helper()
	return b.load(t, chromedp.Navigate(address))
}

// click clicks a button or link that loads another page.
func (b *tab) click(t *testing.T, id string) shown {
	t.Helper()
	return b.load(t, chromedp.Click(chromedp.ID(id)))
}

func (b *tab) load(t *testing.T, step chromedp.Action[chromedp.Void]) shown {
	t.Helper()
	resp, err := chromedp.RunResponse(b.ctx, step)
	if err != nil {
		t.Fatal(err)
	}
	page := shown{status: int(resp.Status)}
	if page.url, err = chromedp.Run(b.ctx, chromedp.Location()); err != nil {
		t.Fatal(err)
	}
	page.text = script[string](t, b, "document.body.innerText")
	return page
}

// script returns the value of a JavaScript expression in the page.
func script[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// headers adds headers to every later request of the tab.
func (b *tab) headers(t *testing.T, pairs map[string]any) {
	t.Helper()
	if _, err := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: pairs}); err != nil {
		t.Fatal(err)
	}
}

// cookies returns the cookies of the tab whose domain has that suffix.
func (b *tab) cookies(t *testing.T, domain string) []*network.Cookie {
	t.Helper()
	id := chromedp.FromContext(b.ctx).BrowserContextID
	all, err := chromedp.CallBrowser(b.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: id})
	if err != nil {
		t.Fatal(err)
	}
	list := slices.DeleteFunc(all.Cookies, func(c *network.Cookie) bool { return !strings.HasSuffix(c.Domain, domain) })
	slices.SortFunc(list, func(x, y *network.Cookie) int { return strings.Compare(x.Name, y.Name) })
	return list
}

// drop removes a cookie from the browser, as if it had expired.
func (b *tab) drop(t *testing.T, address, name string) {
	t.Helper()
	if _, err := chromedp.Call(b.ctx, network.DeleteCookies, network.DeleteCookiesParams{Name: name, URL: address}); err != nil {
		t.Fatal(err)
	}
}
