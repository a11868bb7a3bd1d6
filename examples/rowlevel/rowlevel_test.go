package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/examples/internal/postgres"
	"github.com/backend-sdk/clerk-go/users"
)

// cluster is the PostgreSQL of all tests, and nil where it is not installed.
var cluster *postgres.Server

//go:embed schema.sql
var schema string

func TestMain(m *testing.M) { os.Exit(withCluster(m)) }

func withCluster(m *testing.M) int {
	var err error
	cluster, err = postgres.Start(context.Background())
	switch {
	case errors.Is(err, postgres.ErrMissing):
		fmt.Fprintln(os.Stderr, "tests are skipped:", err)
		return m.Run()
	case err == nil:
		defer cluster.Stop()
		err = administrate(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

func administrate(ctx context.Context) error {
	admin, err := pgx.Connect(ctx, cluster.URL("test"))
	if err != nil {
		return err
	}
	defer admin.Close(ctx)
	_, err = admin.Exec(ctx, schema+`
		CREATE ROLE service_role NOLOGIN BYPASSRLS; GRANT SELECT ON notes TO service_role; GRANT service_role TO authenticator;
		CREATE ROLE owner LOGIN; CREATE ROLE reader LOGIN; GRANT pg_read_all_data TO reader; CREATE ROLE bypass LOGIN BYPASSRLS;
		CREATE TABLE owned (); ALTER TABLE owned OWNER TO owner; ALTER TABLE owned ENABLE ROW LEVEL SECURITY`)
	return err
}

// service is the service with an emulated instance.
type service struct {
	*testing.T
	instance *clerktest.Instance
	db       *database
	handler  http.Handler
}

// newService has a template with further claims, and a pool of some connections.
func newService(t *testing.T, claims map[string]any, connections int) *service {
	t.Helper()
	if cluster == nil {
		t.Skip(postgres.ErrMissing)
	}
	instance := clerktest.New(t)
	all := map[string]any{"aud": "authenticated", "role": "authenticated"}
	maps.Copy(all, claims)
	instance.CreateJWTTemplate("supabase", all)
	common := []auth.Option{auth.WithPublishableKey(instance.PublishableKey())}
	authn, err := auth.New(instance.Client(), common...)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := auth.New(instance.Client(), append(common, templateTokens...)...)
	if err != nil {
		t.Fatal(err)
	}
	db, err := open(t.Context(), fmt.Sprintf("%s&pool_max_conns=%d", cluster.URL("authenticator"), connections), tokens)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.pool.Close)
	return &service{t, instance, db, routes(db, authn)}
}

func (s *service) user(params users.CreateUserParams) string {
	return s.instance.CreateUser(params).ID
}

// do sends a request as a user, or as a guest if user is empty.
func (s *service) do(user, method, query string) (int, string) {
	r := httptest.NewRequest(method, "/notes"+query, nil)
	if user != "" {
		s.instance.SignIn(r, user)
	}
	answer := httptest.NewRecorder()
	s.handler.ServeHTTP(answer, r)
	return answer.Code, answer.Body.String()
}

func (s *service) notes(user string) []string {
	s.Helper()
	status, body := s.do(user, http.MethodGet, "")
	var all []string
	if err := json.Unmarshal([]byte(body), &all); status != http.StatusOK || err != nil {
		s.Errorf("the answer is %d %s", status, body)
	}
	return all
}

func (s *service) add(user, text string) {
	s.Helper()
	if status, body := s.do(user, http.MethodPost, "?text="+url.QueryEscape(text)); status != http.StatusOK {
		s.Errorf("the answer is %d %s", status, body)
	}
}

func (s *service) token(user string, opts ...clerktest.TokenOption) string {
	return s.instance.Token(append([]clerktest.TokenOption{clerktest.ForUser(user), clerktest.FromTemplate("supabase")}, opts...)...)
}

func TestEachOfManyUsersSeesTheirOwnRows(t *testing.T) {
	t.Parallel()
	s := newService(t, nil, 4)
	var all sync.WaitGroup
	ids := make([]string, 20)
	for i := range ids {
		ids[i] = s.user(users.CreateUserParams{})
		s.add(ids[i], "of "+ids[i])
	}
	for i := range 200 { // at once
		all.Go(func() {
			id := ids[i%len(ids)]
			if i%4 == 0 {
				s.add(id, "of "+id)
			}
			notes := s.notes(id)
			if len(notes) == 0 {
				t.Errorf("%s has no notes", id)
			}
			for _, note := range notes {
				if note != "of "+id {
					t.Errorf("%s sees a note %s", id, note)
				}
			}
		})
	}
	all.Wait()
	total := 0
	for _, id := range ids {
		total += len(s.notes(id))
	}
	if total != 20+50 {
		t.Errorf("there are %d notes, want 70", total)
	}
	if status, _ := s.do("", http.MethodGet, ""); status != http.StatusUnauthorized {
		t.Errorf("a guest gets %d", status)
	}
}

func TestRowsOfOthersCanBeNeitherWrittenNorChanged(t *testing.T) {
	t.Parallel()
	s := newService(t, nil, 1)
	ada, eve := s.user(users.CreateUserParams{}), s.user(users.CreateUserParams{})
	s.add(ada, "secret")
	for _, statement := range []string{
		"INSERT INTO notes (user_id, text) VALUES ($1, 'forged')",
		"UPDATE notes SET user_id = $1",
	} {
		s.add(eve, "mine")
		err := s.db.as(t.Context(), s.token(eve), func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), statement, ada)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "row-level security") {
			t.Errorf("%s ends with %v", statement, err)
		}
	}
	for _, statement := range []string{"UPDATE notes SET text = 'changed' WHERE user_id = $1", "DELETE FROM notes WHERE user_id = $1"} {
		if err := s.db.as(t.Context(), s.token(eve), func(tx pgx.Tx) error {
			tag, err := tx.Exec(t.Context(), statement, ada)
			if tag.RowsAffected() != 0 {
				t.Errorf("%s changes %d rows", statement, tag.RowsAffected())
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	}
	if notes := s.notes(ada); len(notes) != 1 || notes[0] != "secret" {
		t.Errorf("the notes are %q", notes)
	}
}

// TestRoleInClaimsIsNotBelieved has a template that lets users choose their role.
func TestRoleInClaimsIsNotBelieved(t *testing.T) {
	t.Parallel()
	s := newService(t, map[string]any{"role": "{{user.unsafe_metadata.role}}"}, 1)
	for name, role := range map[string]any{
		"a role without policies": "service_role", "a superuser": "test", "the role of the connection": "authenticator", "none": "none",
		"SQL": "authenticated'; RESET ROLE; --", "capitals": "AUTHENTICATED", "spaces": " authenticated", "nothing": "", "null": nil,
		"a list": []string{"authenticated"}, "a zero character": "authenticated\x00",
	} {
		user := s.user(users.CreateUserParams{UnsafeMetadata: clerk.Set(clerk.NewMetadata(map[string]any{"role": role}))})
		if err := s.db.as(t.Context(), s.token(user), func(pgx.Tx) error {
			t.Errorf("%s: the transaction runs", name)
			return nil
		}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if status, _ := s.do(user, http.MethodGet, ""); status != http.StatusServiceUnavailable {
			t.Errorf("%s: the answer is %d", name, status)
		}
	}
	user := s.user(users.CreateUserParams{UnsafeMetadata: clerk.Set(clerk.NewMetadata(map[string]any{"role": "authenticated"}))})
	s.add(user, "works")
}

// TestClaimsDoNotSurviveInAPooledConnection uses the only connection of a pool after
// transactions that ended in different ways.
func TestClaimsDoNotSurviveInAPooledConnection(t *testing.T) {
	t.Parallel()
	s := newService(t, nil, 1)
	ada, eve := s.user(users.CreateUserParams{}), s.user(users.CreateUserParams{})
	s.add(ada, "secret")
	token := s.token(ada)
	for name, use := range map[string]func(pgx.Tx) error{
		"committed":   func(tx pgx.Tx) error { return nil },
		"rolled back": func(tx pgx.Tx) error { return errors.New("no") },
		"failed": func(tx pgx.Tx) error {
			_, err := tx.Exec(context.Background(), "SELECT 1/0")
			return err
		},
		"panicked": func(tx pgx.Tx) error { panic("no") },
	} {
		func() {
			defer func() { recover() }()
			_ = s.db.as(t.Context(), token, use)
		}()
		var claims *string
		var current string
		if err := s.db.pool.QueryRow(t.Context(), "SELECT nullif(current_setting('request.jwt.claims', true), ''), current_user").Scan(&claims, &current); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if claims != nil || current != "authenticator" {
			t.Errorf("%s: the connection has the claims %v and the role %s", name, claims, current)
		}
		if _, err := s.db.pool.Exec(t.Context(), "SELECT FROM notes"); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: without a token the notes end with %v", name, err)
		}
		if notes := s.notes(eve); len(notes) != 0 {
			t.Errorf("%s: the next user sees %q", name, notes)
		}
	}
	if n := s.db.pool.Stat().NewConnsCount(); n > 2 {
		t.Errorf("%d connections were made, want the same one", n)
	}
}

func TestConnectionThatPoliciesDoNotBindIsRefused(t *testing.T) {
	t.Parallel()
	s := newService(t, nil, 1)
	for _, name := range []string{"test", "bypass", "owner", "reader"} {
		if db, err := open(t.Context(), cluster.URL(name), s.db.tokens); err == nil || !strings.Contains(err.Error(), "row-level security") {
			t.Errorf("the role %s: %v, %v", name, db, err)
		}
	}
}

func TestSQLInAClaimIsText(t *testing.T) {
	t.Parallel()
	s := newService(t, map[string]any{"name": "{{user.first_name}}", "more": "{{user.unsafe_metadata}}"}, 1)
	ada := s.user(users.CreateUserParams{})
	s.add(ada, "secret")
	for _, name := range []string{
		`'; DROP TABLE notes; --`, `', true); SET ROLE service_role; --`, `","sub":"` + ada + `","x":"`, `\`, `$1`, "\u2028", `{{user.id}}`,
	} {
		eve := s.user(users.CreateUserParams{FirstName: clerk.Set(name), UnsafeMetadata: clerk.Set(clerk.NewMetadata(map[string]string{"sub": ada, name: name}))})
		if err := s.db.as(t.Context(), s.token(eve), func(tx pgx.Tx) error {
			var id, claim string
			err := tx.QueryRow(t.Context(), "SELECT requesting_user_id(), current_setting('request.jwt.claims')::json ->> 'name'").Scan(&id, &claim)
			if id != eve || claim != name {
				t.Errorf("%q: the database sees the user %s and the name %q", name, id, claim)
			}
			return err
		}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if notes := s.notes(eve); len(notes) != 0 {
			t.Errorf("%q: the user sees %q", name, notes)
		}
		s.add(eve, name)
	}
	if notes := s.notes(ada); len(notes) != 1 {
		t.Errorf("the notes are %q", notes)
	}
}

func TestOnlyGoodTokensOfTheTemplateBeginATransaction(t *testing.T) {
	t.Parallel()
	s := newService(t, nil, 1)
	user, other := s.user(users.CreateUserParams{}), clerktest.New(t)
	other.CreateJWTTemplate("supabase", map[string]any{"aud": "authenticated", "role": "authenticated"})
	stranger := other.CreateUser(users.CreateUserParams{})
	for name, token := range map[string]string{
		"nothing":              "",
		"a session token":      s.instance.Token(clerktest.ForUser(user)),
		"expired":              s.token(user, clerktest.Expired()),
		"not yet active":       s.token(user, clerktest.NotYetActive()),
		"forged":               s.token(user, clerktest.SignedByStranger()),
		"another instance":     other.Token(clerktest.ForUser(stranger.ID), clerktest.FromTemplate("supabase")),
		"another audience":     s.token(user, clerktest.WithClaim("aud", "other")),
		"without an audience":  s.token(user, clerktest.WithoutClaim("aud")),
		"without a role":       s.token(user, clerktest.WithoutClaim("role")),
		"without a user":       s.token(user, clerktest.WithoutClaim("sub")),
		"without an expiry":    s.token(user, clerktest.WithoutClaim("exp")),
		"changed after signed": strings.Replace(s.token(user), ".", ".e", 1),
	} {
		if err := s.db.as(t.Context(), token, func(pgx.Tx) error {
			t.Errorf("%s: the transaction runs", name)
			return nil
		}); err == nil || token != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	if err := s.db.as(t.Context(), s.token(user), func(pgx.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
}
