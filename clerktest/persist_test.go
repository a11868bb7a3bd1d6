package clerktest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/users"
)

// startPersisted starts an instance whose content is in a file, outside of New, so that a
// test can close it.
func startPersisted(t *testing.T, path string, opts ...clerktest.Option) *clerktest.Instance {
	t.Helper()
	instance, err := clerktest.NewInstance(parseSeed(t, populationSeed(t)), append(opts, clerktest.WithPersistence(path))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { instance.Close() })
	if err := instance.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	return instance
}

func TestPersistedContentIsTheSameAfterARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	first := startPersisted(t, path)
	token := first.Token(clerktest.ForSession("sess_1"))
	send(t, first, "POST", "/users", `{"email_address":["two@example.com"],"public_metadata":{"a":1}}`)
	send(t, first, "DELETE", "/machines/mch_3", "")
	send(t, first, "PATCH", "/users/user_1", `{"first_name":"One"}`)
	before := dump(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := startPersisted(t, path)
	if after := dump(t, second); after != before {
		t.Errorf("before the restart\n%s\nafter\n%s", before, after)
	}
	if verifySignature(t, second, token) != nil {
		t.Error("the key is another after the restart")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has the mode %v, %v", info.Mode(), err)
	}
}

func TestPersistedListsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	first := startPersisted(t, path)
	for _, seed := range []string{`{"users": [{"id": "user_a"}, {"id": "user_b"}]}`, `{"users": [{"id": "user_b"}, {"id": "user_a"}]}`} {
		if err := first.SetSeed(parseSeed(t, seed)); err != nil {
			t.Fatal(err)
		}
	}
	list := string(send(t, first, "GET", "/users", "").body)
	before := dump(t, first)
	first.Close()
	second := startPersisted(t, path)
	if after := dump(t, second); after != before {
		t.Errorf("before the restart\n%s\nafter\n%s", before, after)
	}
	if after := string(send(t, second, "GET", "/users", "").body); after != list {
		t.Errorf("before the restart the list is\n%s\nafter\n%s", list, after)
	}
}

func TestRefusedPersistFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	good := filepath.Join(folder, "good")
	startPersisted(t, good).Close()
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	inUse := filepath.Join(folder, "in-use")
	startPersisted(t, inUse)
	for name, data := range map[string][]byte{
		"foreign": []byte("#!/bin/sh\n"),
		"version": bytes.Replace(content, []byte("state 1\n"), []byte("state 9\n"), 1),
		"damaged": append(append(bytes.Clone(content[:200]), content[200]^1), content[201:]...),
		"in-use":  nil,
	} {
		path := filepath.Join(folder, name)
		if data != nil {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		before, _ := os.ReadFile(path)
		_, err := clerktest.NewInstance(clerktest.Seed{}, clerktest.WithPersistence(path))
		if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: the error is %v", name, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Errorf("%s: the file has changed", name)
		}
	}
}

func TestOtherKeysThanThoseOfThePersistFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	startPersisted(t, path).Close()
	for member, seed := range map[string]clerktest.Seed{
		"secret_key":      {SecretKey: "sk_test_another"},
		"publishable_key": {PublishableKey: clerktest.New(t).PublishableKey()},
		"frontend_api":    {FrontendAPI: "clerk.another.test"},
		"instance_id":     {InstanceID: "ins_another"},
		"signing_key":     {SigningKey: clerktest.New(t).Seed().SigningKey},
		"production":      {Production: true},
	} {
		before, _ := os.ReadFile(path)
		_, err := clerktest.NewInstance(seed, clerktest.WithPersistence(path))
		if err == nil || !strings.HasPrefix(err.Error(), "clerktest: "+path+": seed: "+member+" is not ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error is %v", member, err)
		}
		if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
			t.Errorf("%s: the file has changed", member)
		}
	}
}

// A signing key that somebody wrote down lets him sign in as anybody, too.
func TestPinnedKeysAreReported(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		seed clerktest.Seed
		want bool
	}{
		"no key":      {clerktest.Seed{InstanceID: "ins_1"}, false},
		"secret key":  {clerktest.Seed{SecretKey: "sk_test_1"}, true},
		"signing key": {clerktest.Seed{SigningKey: signingKey}, true},
	} {
		var log bytes.Buffer
		instance, err := clerktest.NewInstance(test.seed, clerktest.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		if err != nil {
			t.Fatal(err)
		}
		defer instance.Close()
		if got := strings.Contains(log.String(), "must protect nothing"); got != test.want {
			t.Errorf("%s: the log is %q", name, log.String())
		}
	}
}

func TestCutRecordIsReported(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	first := startPersisted(t, path)
	send(t, first, "POST", "/users", `{"email_address":["two@example.com"]}`)
	before := dump(t, first)
	send(t, first, "POST", "/users", `{"email_address":["three@example.com"]}`)
	first.Close()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content[:len(content)-3], 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	second := startPersisted(t, path, clerktest.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	if after := dump(t, second); after != before || !strings.Contains(log.String(), "level=WARN") {
		t.Errorf("the content is %s, the log %s", after, log.String())
	}
}

// limitFiles sets the size that no file of this process can exceed.
var limitFiles func(size string) error

// persistedChild serves an instance in a process of its own until that is killed.
func persistedChild(path string) {
	options := []clerktest.Option{clerktest.WithPersistence(path)}
	if size := os.Getenv("CLERKTEST_FILE_LIMIT"); size != "" {
		if err := limitFiles(size); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		options = append(options, clerktest.WithPages(), clerktest.WithWebhook("http://127.0.0.1:9/"),
			clerktest.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
	}
	instance, err := clerktest.NewInstance(clerktest.Seed{SigningKey: signingKey}, options...)
	if err == nil {
		err = instance.Start("127.0.0.1:0")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(instance.URL(), instance.SecretKey())
	bufio.NewReader(os.Stdin).ReadByte() // ends with the parent
}

// TestKilledProcessLosesNothing kills a process 50 times while 16 clients write to it. Each
// user whose creation was answered must be there, and whole.
func TestKilledProcessLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: nothing was killed in a short run")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	var mu sync.Mutex
	answered := map[string]string{} // user ID to email address
	for round := range 50 {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
		child.Env = append(os.Environ(), "CLERKTEST_PERSISTED="+path)
		in, _ := child.StdinPipe()
		out, err := child.StdoutPipe()
		if err == nil {
			err = child.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		url, key, ok := strings.Cut(strings.TrimSpace(line), " ")
		if err != nil || !ok {
			t.Fatalf("round %d: the process says %q, %v", round, line, err)
		}
		client, err := clerk.New(key, clerk.WithBaseURL(url), clerk.WithMaxRetries(0))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var writers sync.WaitGroup
		for n := range 16 {
			writers.Go(func() {
				for k := 0; ctx.Err() == nil; k++ {
					address := fmt.Sprintf("user-%d-%d-%d@example.com", round, n, k)
					u, err := users.CreateUser(ctx, client, users.CreateUserParams{EmailAddress: clerk.Set([]string{address})})
					if err != nil {
						return
					}
					mu.Lock()
					answered[u.ID] = address
					mu.Unlock()
				}
			})
		}
		time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond)
		child.Process.Kill()
		cancel()
		writers.Wait()
		in.Close()
		child.Wait()
	}
	instance, err := clerktest.NewInstance(clerktest.Seed{}, clerktest.WithPersistence(path))
	if err != nil {
		t.Fatal(err)
	}
	defer instance.Close()
	lost := 0
	for id, address := range answered {
		if u := instance.User(id); u == nil || len(u.EmailAddresses) != 1 || u.EmailAddresses[0].EmailAddress != address {
			lost++
		}
	}
	if lost > 0 || len(answered) == 0 {
		t.Errorf("%d of %d answered users are lost or not whole", lost, len(answered))
	}
	for _, u := range instance.Seed().Users {
		if raw, err := json.Marshal(u); err != nil || len(u.EmailAddresses) != 1 || u.PrimaryEmailAddressID == nil {
			t.Errorf("a half of a user is there: %s, %v", raw, err)
		}
	}
	t.Logf("%d users were answered in 50 processes that were killed", len(answered))
}
