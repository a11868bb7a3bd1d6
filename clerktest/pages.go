package clerktest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	html "html/template"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
)

// frontendPath is where a started instance serves its frontend API.
const frontendPath = "/__clerk"

// WithPages makes a started instance serve more than the Backend API:
//
//	/             for a browser, a page that shows the instance
//	/__clerk/     the handler of Frontend, to which [Instance.Env] points services
//	/_emulator/   what a program in any language steers the instance with; a GET
//	              request describes it
//
// No page of another origin can use them, except that it may lead the browser to a page.
func WithPages() Option { return func(c *config) { c.pages = true } }

// servedHandler returns the handler of a started instance.
func (i *Instance) servedHandler() http.Handler {
	if !i.pages {
		return i
	}
	frontend, admin, status := http.StripPrefix(frontendPath, i.Frontend()), i.admin(), sameOriginOnly(http.HandlerFunc(i.statusPage), navigatesTop)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case strings.HasPrefix(path, frontendPath+"/"):
			i.recorded(frontend, w, r)
		case strings.HasPrefix(path, adminPath):
			i.recorded(admin, w, r)
		case path == "/" && wantsHTML(r):
			i.recorded(status, w, r)
		default:
			i.ServeHTTP(w, r)
		}
	})
}

// recorded serves a request that is not one of the Backend API and writes it to the
// logger.
func (i *Instance) recorded(next http.Handler, w http.ResponseWriter, r *http.Request) {
	rec := &recorder{ResponseWriter: w}
	line, ended := i.begun(r, rec)
	defer func() {
		ended(&line)
		i.record(line)
	}()
	next.ServeHTTP(rec, r)
}

func wantsHTML(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

//go:embed pages/*.html pages/style.css
var pageFiles embed.FS

var (
	pageStyle     = readPageStyle()
	pageTemplates = html.Must(html.New("").Funcs(html.FuncMap{"style": func() html.CSS { return html.CSS(pageStyle) }}).ParseFS(pageFiles, "pages/*.html"))
	pagePolicy    = pageSecurityPolicy(pageStyle)
)

func readPageStyle() string {
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		panic(err) // it is embedded
	}
	return string(style)
}

// pageSecurityPolicy lets pages have their own stylesheet and nothing else. It does not
// limit where forms lead, because that includes the redirect to the service.
func pageSecurityPolicy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; frame-ancestors 'none'"
}

// showPage sends a page.
func showPage(w http.ResponseWriter, status int, name string, view any) {
	var page bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&page, name, view); err != nil {
		fail(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(page.Bytes())
}

// pageForm is what every form sends along.
type pageForm struct {
	Back      string // where the browser goes afterwards
	Browser   string // the development browser token
	Ticket    string
	Complaint string
}

// complain shows an error: to a browser as a page, to others as the API does.
func complain(w http.ResponseWriter, r *http.Request, err error) {
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		fail(w, err)
		return
	}
	showPage(w, statusOf(err), "complaint.html", pageForm{Complaint: complaintOf(err)})
}

func statusOf(err error) int {
	if refused, ok := errors.AsType[*clerk.Error](err); ok {
		return refused.StatusCode
	}
	return http.StatusInternalServerError
}

// complaintOf returns what a page says about an error.
func complaintOf(err error) string {
	if refused, ok := errors.AsType[*clerk.Error](err); ok && len(refused.Problems) > 0 {
		return cmp.Or(refused.Problems[0].LongMessage, refused.Problems[0].Message)
	}
	return err.Error()
}

// person is a user on a page.
type person struct {
	ID, Name, Identifier string
}

func showPerson(u *api.User) person {
	identifier := clerk.Value(u.Username)
	if p := u.PrimaryPhone(); p != nil {
		identifier = p.PhoneNumber
	}
	if e := u.PrimaryEmail(); e != nil {
		identifier = e.EmailAddress
	}
	name := cmp.Or(strings.TrimSpace(clerk.Value(u.FirstName)+" "+clerk.Value(u.LastName)), clerk.Value(u.Username), identifier, u.ID)
	if name == identifier {
		identifier = ""
	}
	return person{u.ID, name, identifier}
}
