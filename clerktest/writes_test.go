package clerktest_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/organizations"
	"github.com/backend-sdk/clerk-go/users"
)

// TestWritersAtOnceLoseNothing lets 64 clients make, change and delete their own users and
// write to one that they share.
func TestWritersAtOnceLoseNothing(t *testing.T) {
	t.Parallel()
	const writers, rounds = 64, 10
	instance := clerktest.New(t)
	ctx, client := t.Context(), instance.Client()
	shared := instance.CreateUser(users.CreateUserParams{})
	company := instance.CreateOrganization(organizations.CreateOrganizationParams{Name: "Acme", CreatedBy: clerk.Set(shared.ID), MaxAllowedMemberships: clerk.Set(1000)})
	var group sync.WaitGroup
	for writer := range writers {
		group.Go(func() {
			for round := range rounds {
				name := fmt.Sprintf("w%dr%d", writer, round)
				u, err := users.CreateUser(ctx, client, users.CreateUserParams{ExternalID: clerk.Set(name), EmailAddress: clerk.Set([]string{name + "@example.com"})})
				if err != nil {
					t.Error(err)
					return
				}
				calls := []error{
					errorOf(users.MergeUserMetadata(ctx, client, shared.ID, users.MergeUserMetadataParams{PrivateMetadata: clerk.SetMetadata(map[string]int{fmt.Sprint(writer): round})})),
					errorOf(users.UpdateUser(ctx, client, u.ID, users.UpdateUserParams{FirstName: clerk.Set(name)})),
				}
				if round%2 == 0 {
					calls = append(calls, errorOf(users.DeleteUser(ctx, client, u.ID)))
				} else {
					calls = append(calls, errorOf(organizations.CreateOrganizationMembership(ctx, client, company.ID, organizations.CreateOrganizationMembershipParams{UserID: u.ID, Role: "org:member"})))
				}
				for _, err := range calls {
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()

	var last map[string]int
	if err := instance.User(shared.ID).PrivateMetadata.Decode(&last); err != nil || len(last) != writers {
		t.Errorf("%d of %d writers are in the metadata, %v", len(last), writers, err)
	}
	for writer, round := range last {
		if round != rounds-1 {
			t.Errorf("the last write of writer %s is %d", writer, round)
		}
	}
	kept := 0
	for u, err := range users.AllUsers(ctx, client, users.ListUsersParams{Limit: clerk.Set(500), OrderBy: clerk.Set("created_at")}) {
		if err != nil {
			t.Fatal(err)
		}
		if u.ID != shared.ID {
			kept++
			if clerk.Value(u.FirstName) != clerk.Value(u.ExternalID) {
				t.Errorf("%s has lost its change", clerk.Value(u.ExternalID))
			}
		}
	}
	members := *instance.Organization(company.ID).MembersCount - 1 // and who made it
	if want := writers * rounds / 2; kept != want || members != want {
		t.Errorf("%d users and %d members are left, want %d", kept, members, want)
	}
}

// BenchmarkWrites measures writes over HTTP by 16 clients, in memory and to a file.
func BenchmarkWrites(b *testing.B) {
	for name, persist := range map[string]bool{"in memory": false, "to a file": true} {
		b.Run(name, func(b *testing.B) {
			var opts []clerktest.Option
			if persist {
				opts = append(opts, clerktest.WithPersistence(filepath.Join(b.TempDir(), "state")))
			}
			instance := clerktest.New(b, opts...)
			client := instance.Client()
			var count atomic.Int64
			b.SetParallelism(8) // for each of two processors
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					n := fmt.Sprint(count.Add(1))
					if _, err := users.CreateUser(b.Context(), client, users.CreateUserParams{ExternalID: clerk.Set(n), EmailAddress: clerk.Set([]string{n + "@example.com"})}); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
		})
	}
}
