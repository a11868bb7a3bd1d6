package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/examples/internal/postgres"
	"github.com/backend-sdk/clerk-go/webhooks"
)

// The test binary is also the program that it tests.
const asProgram = "USERSYNC_AS_PROGRAM"

// cluster is the PostgreSQL of all tests, and nil where it is not installed.
var cluster *postgres.Server

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(withCluster(m))
}

func withCluster(m *testing.M) int {
	var err error
	cluster, err = postgres.Start(context.Background())
	if errors.Is(err, postgres.ErrMissing) {
		fmt.Fprintln(os.Stderr, "tests are skipped:", err)
	} else if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	} else {
		defer cluster.Stop()
	}
	return m.Run()
}

var schemas atomic.Int64

// newDatabase returns the address of an empty schema.
func newDatabase(t *testing.T) string {
	t.Helper()
	if cluster == nil {
		t.Skip(postgres.ErrMissing)
	}
	return newSchema(t, cluster)
}

func newSchema(t *testing.T, of *postgres.Server) string {
	t.Helper()
	name := "test_" + strconv.FormatInt(schemas.Add(1), 10)
	db, err := pgx.Connect(t.Context(), of.URL("test"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(t.Context())
	if _, err := db.Exec(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	return of.URL("test") + "&search_path=" + name
}

// newMirror returns a mirror in a schema of its own that asks the fake API of w.
func newMirror(t *testing.T, w *world) *mirror {
	t.Helper()
	return openMirror(t, newDatabase(t), w)
}

func openMirror(t *testing.T, url string, w *world) *mirror {
	t.Helper()
	m, err := open(t.Context(), url, w.client(t), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.pool.Close)
	return m
}

func (w *world) client(t *testing.T) *clerk.Client {
	t.Helper()
	server := httptest.NewServer(w.handlers())
	t.Cleanup(server.Close)
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

// endpoint returns the handler of deliveries.
func endpoint(t *testing.T, m *mirror, opts ...webhooks.Option) http.Handler {
	t.Helper()
	receiver, err := webhooks.New(secret, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return receiver.Handler(m.handlers())
}

// send delivers a message and returns the status of the answer.
func send(to http.Handler, id, body string) int {
	r := httptest.NewRequest(http.MethodPost, "/webhooks", strings.NewReader(body))
	header, err := webhooks.Sign(secret, id, time.Now(), []byte(body))
	if err != nil {
		panic(err) // the id is a test's
	}
	r.Header = header
	answer := httptest.NewRecorder()
	to.ServeHTTP(answer, r)
	return answer.Code
}

// sendAll delivers messages one after another, each of which must be handled.
func sendAll(t *testing.T, to http.Handler, messages ...message) {
	t.Helper()
	for _, m := range messages {
		if status := send(to, m.id, m.body); status != http.StatusNoContent {
			t.Fatalf("%s was answered with %d", m.body, status)
		}
	}
}

// mustExec runs a statement that the test needs.
func mustExec(t *testing.T, m *mirror, statement string, args ...any) {
	t.Helper()
	if _, err := m.pool.Exec(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// value returns the only value of a query.
func value[T any](t *testing.T, m *mirror, query string, args ...any) (v T) {
	t.Helper()
	if err := m.pool.QueryRow(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatal(query, err)
	}
	return v
}

// silent is progress that nobody sees.
type silent struct{}

func (silent) set(string, int64, int64) {}
func (silent) close()                   {}

func backfill(t *testing.T, m *mirror, page int) {
	t.Helper()
	if err := m.backfill(t.Context(), page, silent{}); err != nil {
		t.Fatal(err)
	}
}

// mustEqual fails the test where the tables are not equal to w.
func mustEqual(t *testing.T, m *mirror, w *world) {
	t.Helper()
	wrong, err := w.differences(t.Context(), m.pool)
	if err != nil {
		t.Fatal(err)
	}
	if len(wrong) > 0 {
		t.Errorf("%d differences, such as:\n%s", len(wrong), strings.Join(wrong[:min(len(wrong), 5)], "\n"))
	}
}
