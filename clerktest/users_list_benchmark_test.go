package clerktest_test

import (
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerktest"
)

// manyUsers is the number of users of the benchmarks.
const manyUsers = 10_000

func seedOfManyUsers() []byte {
	var text strings.Builder
	text.WriteString(`{"users": [`)
	for n := range manyUsers {
		if n > 0 {
			text.WriteString(",")
		}
		fmt.Fprintf(&text, `{"id": "user_%d", "username": "name%d", "first_name": "Name%d", "last_name": "Of %d", "external_id": "ext%d",
			"created_at": %d, "email_addresses": [{"email_address": "name%d@example.com"}], "phone_numbers": [{"phone_number": "+1555%07d"}],
			"public_metadata": {"plan": "pro"}}`, n, n, n%977, n%613, n, 1_700_000_000_000+int64(n)*1000, n, n)
	}
	text.WriteString("]}")
	return []byte(text.String())
}

// BenchmarkSeedOfManyUsers measures how long an instance with 10,000 users takes to start
// from a seed file.
func BenchmarkSeedOfManyUsers(b *testing.B) {
	text := seedOfManyUsers()
	for b.Loop() {
		seed, err := clerktest.ParseSeed(text)
		if err != nil {
			b.Fatal(err)
		}
		i, err := clerktest.NewInstance(seed)
		if err != nil {
			b.Fatal(err)
		}
		i.Close()
	}
}

// BenchmarkListUsers measures filters and orders among 10,000 users. Each line has the 95th
// percentile in milliseconds, and GetUser is what a plain request takes.
func BenchmarkListUsers(b *testing.B) {
	seed, err := clerktest.ParseSeed(seedOfManyUsers())
	if err != nil {
		b.Fatal(err)
	}
	instance, err := clerktest.NewInstance(seed)
	if err != nil {
		b.Fatal(err)
	}
	defer instance.Close()
	if err := instance.Start("127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	seed = clerktest.Seed{}
	paths := []string{"GetUser /users/user_77"}
	for _, query := range []string{
		"", "limit=500", "email_address=name77@example.com", "phone_number=%2B15550000077", "external_id=ext77", "username=name77", "user_id=user_77",
		"query=name77", "email_address_query=name77", "phone_number_query=0077", "username_query=name77", "name_query=of+77", "banned=true",
		"created_at_after=1700005000000", "last_active_at_after=1700005000000", "provider=oauth_google&provider_user_id=1",
	} {
		paths = append(paths, "ListUsers /users?"+query)
	}
	for _, order := range []string{"created_at", "updated_at", "first_name", "last_name", "username", "email_address", "phone_number", "web3wallet", "last_active_at", "last_sign_in_at"} {
		paths = append(paths, "ListUsers /users?order_by=%2B"+order, "ListUsers /users?order_by=-"+order)
	}
	for _, line := range paths {
		name, path, _ := strings.Cut(line, " ")
		plain, _ := url.QueryUnescape(path)
		b.Run(name+" "+strings.ReplaceAll(plain, "/", ":"), func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				begun := time.Now()
				if got := send(b, instance, "GET", path, ""); got.status != 200 {
					b.Fatalf("%s: %d %s", path, got.status, got.body)
				}
				took = append(took, time.Since(begun))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MB")
}
