package webhooks_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// nested is an event whose body has n objects and lists inside each other.
func nested(n int) string {
	return `{"type":"moon.full","data":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`
}

func TestWhatIsNotAnEvent(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"empty":                   "",
		"white space":             " \n",
		"null":                    "null",
		"a list":                  "[]",
		"a list of an event":      "[" + creation + "]",
		"a text":                  `"user.created"`,
		"a number":                "7",
		"cut short":               creation[:len(creation)-1],
		"something after it":      creation + "x",
		"another event after it":  creation + creation,
		"a full stop after it":    creation + ".",
		"a zero byte after it":    creation + "\x00",
		"a byte order mark":       "\ufeff" + creation,
		"invalid UTF-8":           strings.Replace(creation, "ins_1", "ins_\xff", 1),
		"invalid UTF-8 in a name": strings.Replace(creation, "instance_id", "instance_\xff", 1),
		"too deep":                nested(201),
		"much too deep":           nested(20_000),
		"no type":                 `{"data":{}}`,
		"an empty type":           `{"type":"","data":{}}`,
		"a type that is null":     `{"type":null,"data":{}}`,
		"a type that is a number": `{"type":7,"data":{}}`,
		"a type that is a list":   `{"type":["user.created"],"data":{}}`,
		"a type with a capital":   `{"Type":"user.created","data":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event, err := webhooks.Decode([]byte(body))
			e, ok := errors.AsType[*webhooks.PayloadError](err)
			if event != nil || !ok || e.Event != nil || e.Type != "" || e.Path != "" || e.Err == nil {
				t.Errorf("%v, %v", event, err)
			}
			if err != nil && err.Error() != "webhooks: the body is not an event" {
				t.Error(err)
			}
		})
	}
}

func TestWhatIsAnEvent(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"white space around":       "\r\n\t " + creation + "\r\n\t ",
		"as deep as allowed":       nested(200),
		"brackets in a text":       `{"type":"user.created","data":{"first_name":"` + strings.Repeat("[", 300) + `"}}`,
		"brackets after a quote":   `{"type":"user.created","data":{"first_name":"\"` + strings.Repeat("[", 300) + `"}}`,
		"an escaped backslash":     `{"type":"user.created","data":{"first_name":"\\"}}`,
		"many lists":               `{"type":"moon.full","data":[` + strings.Repeat("[],", 300) + `[]]}`,
		"unknown members":          `{"type":"user.created","data":{"moon":{"full":[true]}},"moon":7}`,
		"absent members":           `{"type":"user.created","data":{}}`,
		"members that are null":    `{"type":"user.created","data":{"id":null,"email_addresses":null,"created_at":null},"instance_id":null,"event_attributes":null,"timestamp":null}`,
		"a value outside an enum":  `{"type":"session.created","data":{"status":"moonlit","object":"moon"}}`,
		"another shape around":     `{"type":"user.created","data":{},"instance_id":7,"event_attributes":[],"timestamp":"now","object":{}}`,
		"a type that is not known": `{"type":"moon.full"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event, err := webhooks.Decode([]byte(body))
			if err != nil || event == nil || string(event.Raw) != body {
				t.Fatalf("%v, %v", event, err)
			}
			if (event.Data != nil) != event.Type.IsKnown() {
				t.Errorf("the data of %s is %T", event.Type, event.Data)
			}
		})
	}
}

func TestDataThatDoesNotFit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, path string }{
		"null":              {`{"type":"user.created","data":null}`, "data"},
		"absent":            {`{"type":"user.created"}`, "data"},
		"a list":            {`{"type":"user.created","data":[]}`, "data"},
		"a text":            {`{"type":"user.created","data":"hunter2"}`, "data"},
		"a member":          {misfit, "data.banned"},
		"a member within":   {`{"type":"user.created","data":{"id":"user_1","email_addresses":[{"id":"idn_1"},{"id":7}]}}`, "data.email_addresses[1].id"},
		"a list of a text":  {`{"type":"user.created","data":{"id":"user_1","email_addresses":"hunter2"}}`, "data.email_addresses"},
		"a time":            {`{"type":"user.created","data":{"id":"user_1","created_at":"hunter2"}}`, "data.created_at"},
		"a metadata":        {`{"type":"user.created","data":{"public_metadata":"hunter2","id":"user_1"}}`, "data.public_metadata"},
		"the first of many": {`{"type":"user.created","data":{"banned":7,"locked":7,"id":"user_1"}}`, "data.banned"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event, err := webhooks.Decode([]byte(test.body))
			e, ok := errors.AsType[*webhooks.PayloadError](err)
			if !ok || e.Path != test.path || e.Type != webhooks.UserCreated || e.Event != event || event == nil || e.Err == nil {
				t.Fatalf("%v, %#v", event, err)
			}
			if want := "webhooks: " + test.path + " of an event of type user.created does not decode"; err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
			user, ok := event.Data.(*api.User)
			if !ok || test.path != "data" && user.ID != "user_1" {
				t.Errorf("what fits is lost: %T", event.Data)
			}
			if string(event.Raw) != test.body {
				t.Errorf("Raw is %s", event.Raw)
			}
		})
	}
}

// TestTheRestOfASessionSurvives has a member that decodes itself, does not fit, and
// precedes others.
func TestTheRestOfASessionSurvives(t *testing.T) {
	t.Parallel()
	event, err := webhooks.Decode([]byte(`{"type":"session.created","data":{"actor":7,"id":"sess_1","user":{"id":"user_1","banned":"no","username":"ada"},"status":"pending"}}`))
	e, ok := errors.AsType[*webhooks.PayloadError](err)
	if !ok || e.Path != "data.actor" {
		t.Fatal(err)
	}
	session := event.Data.(*webhooks.Session)
	if session.ID != "sess_1" || session.Status != api.SessionStatusPending || session.User == nil || session.User.ID != "user_1" || *session.User.Username != "ada" {
		t.Errorf("%+v", session)
	}
}

func TestTimesOfEvents(t *testing.T) {
	t.Parallel()
	for timestamp, want := range map[string]time.Time{
		"1716883200":           time.Unix(1_716_883_200, 0),
		"1716883200123":        time.UnixMilli(1_716_883_200_123),
		"99999999999":          time.Unix(99_999_999_999, 0),
		"100000000000":         time.UnixMilli(100_000_000_000),
		"1.716883200e9":        time.Unix(1_716_883_200, 0),
		"0":                    time.Unix(0, 0),
		"-1":                   time.Unix(-1, 0),
		"9223372036854775807":  time.UnixMilli(9223372036854775807),
		"9223372036854775808":  {},
		"-9223372036854775809": {},
		"1e400":                {},
		"1716883200.5":         {},
		"null":                 {},
		`"1716883200"`:         {},
		"[1716883200]":         {},
		"{}":                   {},
		"true":                 {},
	} {
		event, err := webhooks.Decode(fmt.Appendf(nil, `{"timestamp":%s,"type":"moon.full","instance_id":"ins_1"}`, timestamp))
		if err != nil || !event.Time.Equal(want) || event.Time.IsZero() != want.IsZero() || event.InstanceID != "ins_1" {
			t.Errorf("%s: %v, want %v (%v)", timestamp, event.Time, want, err)
		}
	}
	if event, err := webhooks.Decode([]byte(`{"type":"moon.full"}`)); err != nil || !event.Time.IsZero() {
		t.Errorf("%v, %v", event, err)
	}
}

func TestWhatAnEventSays(t *testing.T) {
	t.Parallel()
	body := []byte(deletion)
	event, err := receiver(t, first).Event(sign(t, first, "msg_1", epoch-7, deletion), body)
	if err != nil {
		t.Fatal(err)
	}
	gone, ok := event.Data.(*api.DeletedObject)
	if !ok || gone.ID != "user_1" || !gone.Deleted {
		t.Errorf("%#v", event.Data)
	}
	if event.ID != "msg_1" || event.Type != webhooks.UserDeleted || event.InstanceID != "ins_1" || event.ClientIP != "203.0.113.7" ||
		event.UserAgent != "curl/8" || !event.Time.Equal(time.UnixMilli(1767225599000)) || !event.SentAt.Equal(time.Unix(epoch-7, 0)) {
		t.Errorf("%s %s %s %s %s %v %v", event.ID, event.Type, event.InstanceID, event.ClientIP, event.UserAgent, event.Time, event.SentAt)
	}
	clear(body)
	if string(event.Raw) != deletion {
		t.Error("Raw is not a copy")
	}
	queued, err := webhooks.Decode([]byte(deletion))
	if err != nil || queued.ID != "" || !queued.SentAt.IsZero() || !queued.Time.Equal(event.Time) {
		t.Errorf("%v, %v", queued, err)
	}
}

// TestAnInvitationFindsItsOrganization has both places that Clerk names for it.
func TestAnInvitationFindsItsOrganization(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ data, organization, path string }{
		"beside":           {`{"id":"orginv_1","public_organization_data":{"id":"org_1"}}`, "org_1", ""},
		"within":           {`{"id":"orginv_1","data":{"public_organization_data":{"id":"org_1"}}}`, "org_1", ""},
		"both":             {`{"id":"orginv_1","data":{"public_organization_data":{"id":"org_2"}},"public_organization_data":{"id":"org_1"}}`, "org_1", ""},
		"null and within":  {`{"id":"orginv_1","public_organization_data":null,"data":{"public_organization_data":{"id":"org_1"}}}`, "org_1", ""},
		"neither":          {`{"id":"orginv_1","data":{}}`, "", ""},
		"null":             {`{"id":"orginv_1","data":null}`, "", ""},
		"misfit within":    {`{"id":"orginv_1","data":{"public_organization_data":{"name":7,"id":"org_1"}}}`, "org_1", "data.data.public_organization_data.name"},
		"misfit before":    {`{"id":"orginv_1","role":7,"data":{"public_organization_data":{"id":"org_1"}}}`, "org_1", "data.role"},
		"data is a number": {`{"id":"orginv_1","data":7}`, "", "data.data"},
	} {
		event, err := webhooks.Decode([]byte(`{"type":"organizationInvitation.accepted","data":` + test.data + `}`))
		path := ""
		if e, ok := errors.AsType[*webhooks.PayloadError](err); ok {
			path = e.Path
		}
		invitation := event.Data.(*webhooks.OrganizationInvitation)
		organization := ""
		if invitation.PublicOrganizationData != nil {
			organization = invitation.PublicOrganizationData.ID
		}
		if path != test.path || organization != test.organization || invitation.ID != "orginv_1" {
			t.Errorf("%s: %q of %q, %v", name, organization, invitation.ID, err)
		}
	}
}
