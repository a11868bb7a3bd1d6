package clerktest

import (
	"encoding/json"
	"fmt"
	html "html/template"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
)

// statusView is what the status page shows.
type statusView struct {
	Type, ID, URL, Now, Ahead string
	Frontend, Own             string // paths
	Back                      string // where signing in leads
	Variables                 []string
	User                      *person
	Counts                    []countView
	Users                     []userView
	Sessions                  []sessionView
	Organizations             []organizationView
	Messages                  []Message
	Deliveries                []Delivery
	Faults                    []faultView
	Requests                  []requestView
	Columns                   html.HTML
	Span                      string

	MoreUsers, MoreSessions, MoreOrganizations int
}

type countView struct {
	Name   string
	Number int
}

type userView struct {
	person
	Tags          []string
	Organizations []string
	Sessions      int
}

type sessionView struct {
	ID, User, Organization, Active, Expires string
	Actor                                   bool
}

type faultView struct {
	Operation, Effect, Times string
}

type requestView struct {
	Time, Method, Path, Operation, Code, Took string
	Status                                    string
	Wrong                                     bool
}

// statusPage shows the instance to a browser.
func (i *Instance) statusPage(w http.ResponseWriter, r *http.Request) {
	now := i.now()
	view := statusView{
		Type: "Development", ID: i.id, URL: i.URL(), Now: now.Format("2 January 2006, 15:04:05"),
		Frontend: strings.TrimPrefix(frontendPath, "/"), Own: statusPageURL, Back: statusPageURL,
	}
	if i.production {
		view.Type = "Production"
	}
	if ahead := i.clock.ahead(); ahead != 0 {
		view.Ahead = ahead.Round(time.Second).String()
	}
	view.addVariables(i)
	counts := i.counts()
	i.store.Read(func() {
		view.addSignedIn(i, r)
		view.addUsers(i)
		view.addSessions(i, now)
		view.addOrganizations(i)
	})
	view.addCounts(counts)
	view.addMessages(i)
	view.addDeliveries(i)
	view.addFaults(i)
	view.addRequests(i)
	showPage(w, http.StatusOK, "status.html", view)
}

// secretPrefix matches what the secrets of a kind begin with.
var secretPrefix = regexp.MustCompile(`^(sk_test_|sk_live_|whsec_)`)

// addVariables adds the environment of a service, with its secrets hidden.
func (view *statusView) addVariables(i *Instance) {
	for _, variable := range i.Env() {
		name, value, _ := strings.Cut(variable, "=")
		if strings.Contains(name, "SECRET") {
			variable = name + "=" + secretPrefix.FindString(value) + strings.Repeat("•", 12)
		}
		view.Variables = append(view.Variables, variable)
	}
}

// addSignedIn adds who is signed in at the browser.
func (view *statusView) addSignedIn(i *Instance, r *http.Request) {
	cookie, err := r.Cookie("__client")
	if err != nil {
		return
	}
	c := i.clientsByToken.First(cookie.Value)
	if c == nil {
		return
	}
	if s := i.sessions.Get(c.SessionID); s != nil && s.at(i.now()).live() {
		if u := i.users.Get(s.UserID); u != nil {
			view.User = new(showPerson(u))
		}
	}
}

// addCounts adds how many resources there are. Of those that few use it adds none.
func (view *statusView) addCounts(counts map[string]int) {
	always := []string{"users", "sessions", "organizations"}
	for _, name := range always {
		view.Counts = append(view.Counts, countView{name, counts[name]})
	}
	var others []string
	for name, n := range counts {
		if n > 0 && !slices.Contains(always, name) && !slices.Contains([]string{"settings", "credentials", "emails", "clients", "organization_permissions", "role_sets"}, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		shown := strings.ReplaceAll(name, "_", " ")
		for from, to := range map[string]string{"jwt ": "JWT ", "api ": "API ", "m2m ": "M2M ", "oauth ": "OAuth ", " urls": " URLs", "saml ": "SAML "} {
			shown = strings.ReplaceAll(shown, from, to)
		}
		view.Counts = append(view.Counts, countView{shown, counts[name]})
	}
}

func (view *statusView) addUsers(i *Instance) {
	now := i.now()
	for u := range i.users.Each() {
		if len(view.Users) >= maxShown {
			view.MoreUsers++
			continue
		}
		shown := userView{person: showPerson(u), Organizations: i.organizationNames(u.ID), Tags: userTags(u)}
		for _, s := range i.sessionsOfUser.All(u.ID) {
			if s.at(now).live() {
				shown.Sessions++
			}
		}
		view.Users = append(view.Users, shown)
	}
}

func userTags(u *api.User) (tags []string) {
	for _, tag := range []struct {
		name string
		has  bool
	}{{"password", u.PasswordEnabled}, {"2 factors", u.TwoFactorEnabled}, {"banned", u.Banned}, {"locked", u.Locked}} {
		if tag.has {
			tags = append(tags, tag.name)
		}
	}
	return tags
}

func (view *statusView) addSessions(i *Instance, now time.Time) {
	for _, s := range slices.Backward(i.sessions.All()) {
		if !s.at(now).live() {
			continue
		}
		if len(view.Sessions) >= maxShown {
			view.MoreSessions++
			continue
		}
		view.Sessions = append(view.Sessions, sessionView{
			ID: s.ID, User: i.nameOf(s.UserID), Organization: i.sessionOrganization(s), Actor: s.Actor != nil,
			Active: dayAndTime(s.LastActiveAt.Time()), Expires: dayAndTime(s.ExpireAt.Time()),
		})
	}
}

func dayAndTime(t time.Time) string { return t.Local().Format("2 Jan 2006, 15:04") }

func (view *statusView) addMessages(i *Instance) {
	for _, m := range slices.Backward(i.Messages()) {
		if len(view.Messages) >= maxShown {
			return
		}
		m.Kind = strings.ReplaceAll(m.Kind, "_", " ")
		view.Messages = append(view.Messages, m)
	}
}

func (view *statusView) addDeliveries(i *Instance) {
	all := i.Deliveries()
	for _, d := range slices.Backward(all[max(0, len(all)-maxShown):]) {
		view.Deliveries = append(view.Deliveries, d)
	}
}

func (view *statusView) addFaults(i *Instance) {
	for _, f := range i.Faults() {
		shown := faultView{Operation: f.Operation, Times: "all"}
		if f.Operation == "" {
			shown.Operation = "every one"
		}
		if f.Times > 0 {
			shown.Times = fmt.Sprint(f.Times)
		}
		f.Operation, f.Times = "", 0
		effect, _ := json.Marshal(showFault(f)) // numbers and texts always encode
		shown.Effect = string(effect)
		view.Faults = append(view.Faults, shown)
	}
}

// maxRequestsShown is how many of the last requests the status page shows.
const maxRequestsShown = 100

func (view *statusView) addRequests(i *Instance) {
	log := i.Requests()
	view.Columns, view.Span = drawRequests(log)
	for _, r := range slices.Backward(log[max(0, len(log)-maxRequestsShown):]) {
		shown := requestView{
			Time: r.Time.Local().Format("15:04:05"), Method: r.Method, Path: r.Path, Operation: r.Operation, Code: r.Code,
			Status: fmt.Sprint(r.Status), Took: shortDuration(r.Duration), Wrong: r.wrong(),
		}
		if names := r.parameters(); len(names) > 0 {
			shown.Path += " ?" + strings.Join(names, " ")
		}
		if r.Status == 0 {
			shown.Status = "dropped"
		}
		view.Requests = append(view.Requests, shown)
	}
}

func (r Request) wrong() bool { return r.Status == 0 || r.Status >= 400 }

// shortDuration returns a duration with three digits.
func shortDuration(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d < time.Second:
		return d.Round(100 * time.Microsecond).String()
	}
	return d.Round(10 * time.Millisecond).String()
}
