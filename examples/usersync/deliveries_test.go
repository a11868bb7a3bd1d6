package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/examples/internal/postgres"
	"github.com/backend-sdk/clerk-go/webhooks"
)

func TestDamagedRowIsRepairedByTheSameMessage(t *testing.T) {
	t.Parallel()
	w := newWorld()
	u := w.addUser()
	w.changeUser(u.ID)
	m := newMirror(t, w)
	to := endpoint(t, m)
	sendAll(t, to, w.messages...)
	mustExec(t, m, "UPDATE clerk_users SET first_name = 'damaged', data = NULL")
	sendAll(t, to, w.messages[1])
	mustEqual(t, m, w)
}

func TestDeletionIsFinal(t *testing.T) {
	t.Parallel()
	w := newWorld()
	u, o := w.addUser(), w.addOrganization()
	member := w.addMember(o.ID, u.ID)
	w.changeUser(u.ID)
	w.deleteMembers(true, func(o *api.OrganizationMembership) bool { return o.ID == member.ID })
	w.deleteOrganization(o.ID)
	w.deleteUser(u.ID)
	m := newMirror(t, w)
	for i := len(w.messages) - 1; i >= 0; i-- { // deletion first, creation last
		sendAll(t, endpoint(t, m), w.messages[i])
	}
	mustEqual(t, m, w)
	for _, table := range tables {
		if n := value[int](t, m, "SELECT count(*) FROM "+table.name+" WHERE deleted_at IS NOT NULL"); n != 1 {
			t.Errorf("%s has %d tombstones, want 1", table.name, n)
		}
	}
	if n := value[int](t, m, "SELECT count(*) FROM outbox"); n != 0 {
		t.Errorf("%d mails go to a deleted user", n)
	}
}

func TestPageThatWasReadBeforeADeletionDoesNotBringTheUserBack(t *testing.T) {
	t.Parallel()
	w := newWorld()
	u := w.addUser()
	m := newMirror(t, w)
	r, err := m.beginRun(t.Context(), userTable)
	if err != nil {
		t.Fatal(err)
	}
	page := m.objects(t.Context(), userTable, 100, "", time.Time{})
	err = m.walk(t.Context(), userTable, r, func(yield func(row, error) bool) {
		page(func(read row, err error) bool {
			w.deleteUser(u.ID)
			sendAll(t, endpoint(t, m), w.messages...)
			return yield(read, err)
		})
	}, 100, silent{})
	if err != nil {
		t.Fatal(err)
	}
	mustEqual(t, m, w)
	if seen := value[int64](t, m, "SELECT seen_run FROM clerk_users"); seen != r.id {
		t.Errorf("the tombstone was seen by run %d, want %d", seen, r.id)
	}
}

func TestSecondDeliveryDoesTheWorkWhenTheFirstRollsBack(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.addUser()
	m := newMirror(t, w)
	first, err := m.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer first.Rollback(t.Context())
	if _, err := first.Exec(t.Context(), "INSERT INTO webhook_deliveries (id, type) VALUES ($1, 'user.created')", w.messages[0].id); err != nil {
		t.Fatal(err)
	}
	answer := make(chan int)
	go func() { answer <- send(endpoint(t, m), w.messages[0].id, w.messages[0].body) }()
	waitForLock(t, m)
	if err := first.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status := <-answer; status != http.StatusNoContent {
		t.Errorf("the second delivery was answered with %d", status)
	}
	mustEqual(t, m, w)
	if n := value[int](t, m, "SELECT count(*) FROM outbox"); n != 1 {
		t.Errorf("%d mails are sent, want 1", n)
	}
}

// waitForLock returns when a transaction waits for another one of the same schema.
func waitForLock(t *testing.T, m *mirror) {
	t.Helper()
	schema := value[string](t, m, "SELECT current_schema()")
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		waiting := value[int](t, m, "SELECT count(*) FROM pg_locks l JOIN pg_locks o ON o.transactionid = l.transactionid AND o.granted AND NOT l.granted "+
			"JOIN pg_locks r ON r.pid = l.pid JOIN pg_class c ON c.oid = r.relation JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1", schema)
		if waiting > 0 {
			return
		}
	}
	t.Fatal("nothing waits")
}

func TestKilledDatabaseLosesNoDelivery(t *testing.T) {
	t.Parallel()
	newDatabase(t) // skips the test where PostgreSQL is missing
	own, err := postgres.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer own.Stop()
	w := newWorld()
	u := w.addUser()
	w.changeUser(u.ID)
	m := openMirror(t, newSchema(t, own), w)
	to := endpoint(t, m)
	sendAll(t, to, w.messages[0])

	lock, err := m.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Rollback(t.Context())
	if _, err := lock.Exec(t.Context(), "SELECT FROM clerk_users FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	answer := make(chan int)
	go func() { answer <- send(to, w.messages[1].id, w.messages[1].body) }()
	waitForLock(t, m)
	if err := own.Kill(); err != nil {
		t.Fatal(err)
	}
	if status := <-answer; status != http.StatusInternalServerError {
		t.Errorf("the delivery was answered with %d, want 500", status)
	}
	if status := send(to, w.messages[1].id, w.messages[1].body); status != http.StatusInternalServerError {
		t.Errorf("without a database the delivery was answered with %d, want 500", status)
	}
	if err := own.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if wrong, err := w.differences(t.Context(), m.pool); err != nil || len(wrong) != 1 {
		t.Errorf("after the restart %d rows are wrong (%v), want the one that was not written", len(wrong), err)
	}
	sendAll(t, to, w.messages[1])
	mustEqual(t, m, w)
}

func TestAnswersToDeliveriesThatAreNotAsExpected(t *testing.T) {
	t.Parallel()
	const user, org, member = "user_000001", "org_000002", "orgmem_000003" // see below
	for _, test := range []struct {
		name, body string
		status     int
		rows       int // how many are there afterwards, and equal those of the API
		buried     string
	}{
		{name: "an unknown event", body: `{"type":"moon.full","data":{"id":"x"}}`, status: 204},
		{name: "an event without a function", body: `{"type":"session.created","data":{"id":"sess_1"}}`, status: 204},
		{name: "a user that does not decode", body: `{"type":"user.updated","data":{"id":"` + user + `","banned":"hunter2"}}`, status: 204, rows: 1},
		{name: "a deleted user that does not decode", body: `{"type":"user.deleted","data":{"id":"` + user + `","deleted":"yes"}}`, status: 204, rows: 1},
		{name: "a user that does not decode and does not exist", body: `{"type":"user.updated","data":{"id":"user_x","banned":"hunter2"}}`, status: 204, buried: "clerk_users"},
		{name: "an organization that does not decode", body: `{"type":"organization.created","data":{"id":"` + org + `","has_image":"hunter2"}}`, status: 204, rows: 1},
		{name: "a deleted organization that does not decode", body: `{"type":"organization.deleted","data":{"id":"org_x","deleted":"yes"}}`, status: 204, buried: "clerk_organizations"},
		{name: "a membership that does not decode", status: 204, rows: 1,
			body: `{"type":"organizationMembership.created","data":{"id":"` + member + `","role":7,"organization":{"id":"` + org + `"},"public_user_data":{"user_id":"` + user + `"}}}`},
		{name: "a membership that does not decode and does not exist", status: 204, buried: "clerk_memberships",
			body: `{"type":"organizationMembership.created","data":{"id":"orgmem_x","role":7,"organization":{"id":"` + org + `"},"public_user_data":{"user_id":"` + user + `"}}}`},
		{name: "a membership of an organization that does not exist", status: 204, buried: "clerk_memberships",
			body: `{"type":"organizationMembership.deleted","data":{"id":"orgmem_x","role":7,"organization":{"id":"org_x"},"public_user_data":{"user_id":"` + user + `"}}}`},
		{name: "a membership that does not decode and does not say whose it is", status: 422,
			body: `{"type":"organizationMembership.created","data":{"id":"` + member + `","role":7,"organization":{"id":"` + org + `"}}}`},
		{name: "a user that does not decode, without an id", body: `{"type":"user.updated","data":{"banned":"hunter2"}}`, status: 422},
		{name: "data that is not an object", body: `{"type":"user.updated","data":[]}`, status: 422},
		{name: "a user without an id", body: `{"type":"user.updated","data":{}}`, status: 422},
		{name: "a membership without a user", status: 422, body: `{"type":"organizationMembership.created","data":{"id":"orgmem_x","organization":{"id":"org_x"}}}`},
		{name: "a deleted membership without a user that has no row", status: 422,
			body: `{"type":"organizationMembership.deleted","data":{"id":"orgmem_x","organization":{"id":"org_x"},"public_user_data":null}}`},
		{name: "another instance", body: `{"type":"user.updated","instance_id":"ins_2","data":{"id":"user_x"}}`, status: 500},
		{name: "too much", body: `{"type":"user.updated","data":{"id":"user_x","first_name":"` + strings.Repeat("x", 2<<20) + `"}}`, status: 413},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			u, o := w.addUser(), w.addOrganization()
			if got := w.addMember(o.ID, u.ID); u.ID != user || o.ID != org || got.ID != member {
				t.Fatal("the objects have other ids")
			}
			m := newMirror(t, w)
			if err := m.checkInstance(t.Context()); err != nil {
				t.Fatal(err)
			}
			if status := send(endpoint(t, m), "msg_x", test.body); status != test.status {
				t.Errorf("the answer is %d, want %d", status, test.status)
			}
			rows, want := 0, 0
			for _, table := range tables {
				rows += value[int](t, m, "SELECT count(*) FROM "+table.name+" WHERE deleted_at IS NULL AND updated_at = to_timestamp(version / 1000.0)")
				if table.name == test.buried {
					want = 1
				} else {
					want = 0
				}
				if buried := value[int](t, m, "SELECT count(*) FROM "+table.name+" WHERE deleted_at IS NOT NULL"); buried != want {
					t.Errorf("%s has %d tombstones, want %d", table.name, buried, want)
				}
			}
			if rows != test.rows {
				t.Errorf("%d rows were written, want %d", rows, test.rows)
			}
			if wrong, err := talkativeTombstones(t.Context(), m.pool); err != nil || len(wrong) > 0 {
				t.Error(wrong, err)
			}
			failed := 0
			if test.status == 500 || test.status == 422 {
				failed = 1
			}
			if n := value[int](t, m, "SELECT count(*) FROM webhook_failures"); n != failed {
				t.Errorf("%d deliveries count as failed, want %d", n, failed)
			}
		})
	}
}

func TestDeletedMembershipNeedsNoUserWhereItHasARow(t *testing.T) {
	t.Parallel()
	for name, user := range map[string]string{"null": `,"public_user_data":null`, "absent": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			u, o := w.addUser(), w.addOrganization()
			member := w.addMember(o.ID, u.ID)
			m := newMirror(t, w)
			to := endpoint(t, m)
			sendAll(t, to, w.messages...)
			w.deleteMembers(false, func(*api.OrganizationMembership) bool { return true })
			sendAll(t, to, message{"msg_x", fmt.Sprintf(`{"type":"organizationMembership.deleted","instance_id":"ins_1","timestamp":%d,`+
				`"data":{"id":%q,"organization":{"id":%q}%s}}`, w.now, member.ID, o.ID, user)})
			mustEqual(t, m, w)
			if kept := value[string](t, m, "SELECT user_id FROM clerk_memberships WHERE deleted_at IS NOT NULL"); kept != u.ID {
				t.Errorf("the tombstone has the user %q, want %s", kept, u.ID)
			}
			sendAll(t, to, w.messages...) // nothing brings it back
			mustEqual(t, m, w)
		})
	}
}

func TestMalformedDeliveryWaitsForTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld()
	u := w.addUser()
	m := newMirror(t, w)
	working := m.client
	broken, err := clerk.New("sk_test_example", clerk.WithBaseURL("http://127.0.0.1:1"), clerk.WithMaxRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	body := fmt.Sprintf(`{"type":"user.updated","data":{"id":%q,"banned":"hunter2"}}`, u.ID)
	m.client = broken
	if status := send(endpoint(t, m), "msg_x", body); status != http.StatusInternalServerError {
		t.Errorf("without the API the answer is %d, want 500", status)
	}
	if n := value[int](t, m, "SELECT count(*) FROM clerk_users"); n != 0 {
		t.Error("a row was written without the API")
	}
	m.client = working
	sendAll(t, endpoint(t, m), message{"msg_x", body})
	mustEqual(t, m, w)
	if n := value[int](t, m, "SELECT count(*) FROM webhook_failures"); n != 0 {
		t.Error("the delivery still counts as failed")
	}
}

func TestWelcomeIsSentOnceAMessage(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.addUser()
	m := newMirror(t, w)
	for range 3 {
		sendAll(t, endpoint(t, m), w.messages...)
	}
	if n := value[int](t, m, "SELECT count(*) FROM outbox"); n != 1 {
		t.Errorf("%d mails are sent, want 1", n)
	}
	mustExec(t, m, "INSERT INTO webhook_deliveries (id, type, handled_at) VALUES ('msg_old', 'user.created', now() - interval '31 days')")
	for range 2 {
		if err := m.tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := value[int](t, m, "SELECT count(*) FROM outbox WHERE done_at IS NULL"); n != 0 {
		t.Errorf("%d mails are left", n)
	}
	if ids := value[string](t, m, "SELECT string_agg(id, ' ') FROM webhook_deliveries"); ids != w.messages[0].id {
		t.Errorf("the messages %s are remembered", ids)
	}
}

// TestTextThatPostgreSQLRefusesIsWritten covers what a user can put into their own metadata:
// it must stop neither their delivery nor the backfill.
func TestTextThatPostgreSQLRefusesIsWritten(t *testing.T) {
	t.Parallel()
	for name, metadata := range map[string]string{
		"a zero character":      `{"a":"x\u0000y"}`,
		"a zero in a name":      `{"\u0000":["\u0000"]}`,
		"half of a pair":        `{"a":"\ud800"}`,
		"a number out of range": `{"a":1e999999}`,
		"a small number":        `{"a":1e-999999}`,
		"digits":                `{"a":` + strings.Repeat("9", 5000) + `}`,
		"nesting":               `{"a":` + strings.Repeat("[", 150) + strings.Repeat("]", 150) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			u := w.addUser()
			u.FirstName = new("Zo\x00ë")
			if err := json.Unmarshal([]byte(metadata), &u.UnsafeMetadata); err != nil {
				t.Fatal(err)
			}
			m := newMirror(t, w)
			w.messages = nil
			w.emit(webhooks.UserUpdated, u)
			sendAll(t, endpoint(t, m), w.messages...)
			if first := value[string](t, m, "SELECT first_name FROM clerk_users WHERE data ? 'unsafe'"); first != "Zoë" {
				t.Errorf("the name is %q", first)
			}
			backfill(t, m, 100)
		})
	}
}

func TestPrivateMetadataIsKeptOnRequestOnly(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.addUser()
	m := newMirror(t, w)
	sendAll(t, endpoint(t, m), w.messages...)
	if value[bool](t, m, "SELECT clerk_users::text LIKE '%hunter2%' FROM clerk_users") {
		t.Error("private metadata is in the row")
	}
	m.private = true
	sendAll(t, endpoint(t, m), w.messages...)
	if secret := value[string](t, m, "SELECT data->'private'->>'secret' FROM clerk_users"); secret != "hunter2" {
		t.Errorf("private metadata is %q", secret)
	}
}

func TestWhoComesBackIsAMemberOnce(t *testing.T) {
	t.Parallel()
	w := newWorld()
	u, o := w.addUser(), w.addOrganization()
	first := w.addMember(o.ID, u.ID)
	w.deleteMembers(true, func(o *api.OrganizationMembership) bool { return o.ID == first.ID })
	second := w.addMember(o.ID, u.ID)
	m := newMirror(t, w)
	to := endpoint(t, m)
	deletion := w.messages[3]
	sendAll(t, to, w.messages[0], w.messages[1], w.messages[2], w.messages[4])
	if id := value[string](t, m, "SELECT string_agg(id, ' ') FROM members"); id != second.ID {
		t.Errorf("the memberships are %s, want the newer one, %s", id, second.ID)
	}
	sendAll(t, to, deletion)
	mustEqual(t, m, w)
}
