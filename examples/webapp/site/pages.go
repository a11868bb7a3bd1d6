package site

import (
	"bytes"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed style.css
var styleSheet []byte

var pages = parsePages("home", "account", "organization", "settings", "leave", "keys", "problem")

// parsePages parses each page together with the layout.
func parsePages(names ...string) map[string]*template.Template {
	parsed := map[string]*template.Template{}
	for _, name := range names {
		parsed[name] = template.Must(template.ParseFS(pageFiles, "pages/layout.html", "pages/"+name+".html"))
	}
	return parsed
}

// A view is what the layout of a page shows. Page is for the page itself.
type view struct {
	Title         string
	SignedIn      bool
	Name          string // of the user
	Organizations []membership
	Active        *membership // nil in the personal account
	Tab           string      // the page of the organization
	Complaint     string
	Page          any
}

// A membership is an organization of the user.
type membership struct {
	Path, Name, Role string
	Admin, Active    bool
}

// maxListed limits lists that are shown on one page.
const maxListed = 100

// view returns the layout for the caller of a request, who is signed in.
func (s *site) view(r *http.Request, title string) (*view, error) {
	a := auth.FromContext(r.Context())
	user, err := auth.CurrentUser(r.Context())
	if err != nil {
		return nil, err
	}
	if user == nil {
		return nil, auth.ErrNotSignedIn
	}
	list, err := users.ListOrganizationMemberships(r.Context(), s.client, a.UserID, users.ListOrganizationMembershipsParams{Limit: clerk.Set(maxListed)})
	if err != nil {
		return nil, err
	}
	v := &view{Title: title, SignedIn: true, Name: nameOf(user)}
	for _, m := range list.Data {
		active := m.Organization.ID == a.OrganizationID
		shown := membership{
			Path: pathOf(m.Organization.ID, m.Organization.Slug), Name: m.Organization.Name,
			Role: roleName(m.Role), Admin: m.Role == "org:admin", Active: active,
		}
		v.Organizations = append(v.Organizations, shown)
		if active {
			// The role that protects the pages is the one in the token.
			shown.Role, shown.Admin = roleName(a.OrganizationRole), a.Has(auth.Role("org:admin"))
			v.Active = &shown
		}
	}
	return v, nil
}

func nameOf(u *users.User) string {
	if name := u.FullName(); name != "" {
		return name
	}
	if email := u.PrimaryEmail(); email != nil {
		return email.EmailAddress
	}
	return u.ID
}

// roleName returns a role as people read it: "admin" for "org:admin".
func roleName(role string) string { return strings.TrimPrefix(role, "org:") }

// show writes a page. Pages about a user are kept by no cache.
func show(w http.ResponseWriter, status int, name string, v *view) error {
	var body bytes.Buffer
	if err := pages[name].ExecuteTemplate(&body, "layout.html", v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // fails only when the client is gone
	return nil
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=300")
	_, _ = w.Write(styleSheet) // fails only when the client is gone
}

// A handler responds to a request or returns why it could not, before it has written
// anything.
type handler func(http.ResponseWriter, *http.Request) error

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		fail(w, r, err)
	}
}

// fail responds 404 for what Clerk does not have, 503 where authentication is down, and
// 502 where another call to Clerk failed.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody waits for the response
	}
	if errors.Is(err, clerk.ErrNotFound) {
		notFound(w, r)
		return
	}
	slog.Error("a request failed", "method", r.Method, "path", r.URL.Path, "err", err)
	status := http.StatusBadGateway
	if auth.FromContext(r.Context(), auth.Accepts(auth.SessionToken, auth.APIKey)).Err() != nil {
		status = http.StatusServiceUnavailable
	}
	showProblem(w, r, status, unavailable)
}

func notFound(w http.ResponseWriter, r *http.Request) {
	showProblem(w, r, http.StatusNotFound, problem{"Not found", "This page does not exist.", false})
}

// refuse shows a page to a caller whom Require refuses. Programs get the default
// response, which is JSON.
func refuse(w http.ResponseWriter, r *http.Request, f *auth.Refusal) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		return
	}
	shown := unavailable
	switch {
	case f.Reason == auth.ReasonCrossOriginRequest:
		shown = problem{"Refused", "The form came from another site, so nothing was changed.", false}
	case f.Reason == auth.ReasonActiveOrganizationMismatch:
		shown = problem{"Not your organization", "You are not a member of this organization, or have switched to another one in a different tab.", false}
	case f.Status == http.StatusUnauthorized:
		shown = problem{"Who are you?", "Sign in to see this page.", true}
	case f.Status == http.StatusForbidden:
		shown = problem{"Not for your role", "Your role in this organization does not allow this.", false}
	}
	showProblem(w, r, f.Status, shown)
}

// A problem is shown in place of a page.
type problem struct {
	Title, Text string
	SignIn      bool // whether signing in helps
}

var unavailable = problem{"Not available", "This page is not available at the moment.", false}

func showProblem(w http.ResponseWriter, r *http.Request, status int, p problem) {
	v := &view{Title: p.Title, SignedIn: auth.FromContext(r.Context()).IsAuthenticated(), Page: p}
	if err := show(w, status, "problem", v); err != nil {
		http.Error(w, p.Text, status)
	}
}

// complaintOf returns what Clerk says about values that it refuses, and "" for every
// other error.
func complaintOf(err error) string {
	refused, ok := errors.AsType[*clerk.Error](err)
	if !ok || len(refused.Problems) == 0 {
		return ""
	}
	switch refused.StatusCode {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity:
		if p := refused.Problems[0]; p.LongMessage != "" {
			return p.LongMessage
		}
		return refused.Problems[0].Message
	}
	return ""
}
