package clerktest

import (
	"fmt"
	html "html/template"
	"strings"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/drawing"
)

// organizationView is an organization on the status page.
type organizationView struct {
	ID, Name, Slug         string
	Members, Invited, More int
	Drawing                html.HTML
}

func (view *statusView) addOrganizations(i *Instance) {
	for o := range i.organizations.Each() {
		if len(view.Organizations) >= maxShown {
			view.MoreOrganizations++
			continue
		}
		view.Organizations = append(view.Organizations, i.drawOrganization(o))
	}
}

// drawOrganization draws the members of an organization, and whom each of them has invited.
func (i *Instance) drawOrganization(o *api.Organization) organizationView {
	shown := organizationView{ID: o.ID, Name: o.Name, Slug: o.Slug}
	var nodes []drawing.Node
	var origins []string // of each node, the user who invited it, or none
	at := map[string]int{}
	add := func(node drawing.Node, inviter string) {
		if len(nodes) >= maxShown {
			shown.More++
			return
		}
		nodes, origins = append(nodes, node), append(origins, inviter)
	}
	invitations := i.organizationInvitationsByOrganization.All(o.ID)
	for _, m := range i.membershipsOfOrganization.All(o.ID) {
		u := i.users.Get(m.UserID)
		shown.Members++
		at[m.UserID] = len(nodes)
		add(drawing.Node{Label: showPerson(u).Name, Note: strings.TrimPrefix(m.Role, "org:")}, inviterOf(u, invitations))
	}
	now := i.now()
	for _, v := range invitations {
		if v.at(now).Status == api.InvitationStatusPending {
			shown.Invited++
			add(drawing.Node{Label: v.EmailAddress, Note: "invited as " + strings.TrimPrefix(v.Role, "org:"), Dashed: true}, clerk.Value(v.InviterID))
		}
	}
	for n := range nodes {
		nodes[n].From = -1
		if from, member := at[origins[n]]; member {
			nodes[n].From = from
		}
	}
	shown.Drawing = drawing.Tree(o.Name, nodes)
	return shown
}

// inviterOf returns who invited a member, or "".
func inviterOf(u *api.User, invitations []*SeedOrganizationInvitation) string {
	emails, _, _ := identifierTexts(u)
	for _, v := range invitations {
		if v.Status == api.InvitationStatusAccepted && containsFold(emails, v.EmailAddress) {
			return clerk.Value(v.InviterID)
		}
	}
	return ""
}

// maxColumns is the number of columns that the requests are drawn in.
const maxColumns = 48

// columnWidths are the times that a column stands for.
var columnWidths = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour,
}

// drawRequests draws the number of requests over time, up to the last one, and says what a
// column stands for.
func drawRequests(log []Request) (html.HTML, string) {
	if len(log) == 0 {
		return "", ""
	}
	last := log[len(log)-1].Time
	width := columnWidths[len(columnWidths)-1]
	for _, w := range columnWidths {
		if last.Truncate(w).Sub(log[0].Time.Truncate(w)) < maxColumns*w {
			width = w
			break
		}
	}
	end := last.Truncate(width)
	columns := make([]drawing.Column, maxColumns)
	for n := range columns {
		columns[n].Title = end.Add(-time.Duration(maxColumns-1-n) * width).Local().Format("15:04:05")
	}
	for _, r := range log {
		before := int(end.Sub(r.Time.Truncate(width)) / width)
		if before < 0 || before >= maxColumns {
			continue
		}
		c := &columns[maxColumns-1-before]
		if r.wrong() {
			c.Wrong++
		} else {
			c.Good++
		}
	}
	for n, c := range columns {
		columns[n].Title = fmt.Sprintf("%s: %d", c.Title, c.Good+c.Wrong)
		if c.Wrong > 0 {
			columns[n].Title += fmt.Sprintf(", %d of them refused", c.Wrong)
		}
	}
	return drawing.Columns(columns), fmt.Sprintf("A column is %s; the right one begins at %s.", periodName(width), end.Local().Format("15:04:05"))
}

func periodName(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d h", d/time.Hour)
}
