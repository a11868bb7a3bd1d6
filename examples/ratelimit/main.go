// Command ratelimit creates a user for each address that it reads from standard input. Any
// number of these processes share the rate limit of the instance through Redis.
//
// CLERK_SECRET_KEY and REDIS_URL are required.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func main() {
	n := flag.Int("limit", 1000, "how many requests Clerk accepts in the time of -per")
	per := flag.Duration("per", 10*time.Second, "the time of -limit")
	workers := flag.Int("workers", 32, "how many users are created at the same time")
	flag.Parse()
	if err := run(context.Background(), *n, *per, *workers); err != nil {
		fmt.Fprintln(os.Stderr, "ratelimit:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n int, per time.Duration, workers int) error {
	if n < 2 {
		return errors.New("a limit below 2 cannot be shared")
	}
	options, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		return fmt.Errorf("REDIS_URL: %w", err)
	}
	// An attempt that cannot reach Redis goes on without it, so it asks once.
	options.ContextTimeoutEnabled, options.MaxRetries, options.DialerRetries = true, -1, 1
	logging.Disable() // the limiter says once when Redis is out of reach
	store := redis.NewClient(options)
	defer store.Close()

	client, err := clerk.FromEnv(clerk.WithLimiter(newLimiter(store, "clerk", n, per, slog.Default())))
	if err != nil {
		return err
	}
	created, err := createUsers(ctx, client, os.Stdin, workers)
	fmt.Println("created", created)
	return err
}

// createUsers creates a user for each line of addresses. It returns how many it created, and
// the error of each other line.
func createUsers(ctx context.Context, client *clerk.Client, addresses io.Reader, workers int) (int64, error) {
	var created atomic.Int64
	var failed failures
	var all sync.WaitGroup
	lines := make(chan string)
	for range workers {
		all.Go(func() {
			for address := range lines {
				_, err := users.CreateUser(ctx, client, users.CreateUserParams{EmailAddress: clerk.Set([]string{address})})
				if err != nil {
					failed.add(fmt.Errorf("%s: %w", address, err))
					continue
				}
				created.Add(1)
			}
		})
	}
	scanner := bufio.NewScanner(addresses)
	for scanner.Scan() {
		lines <- scanner.Text()
	}
	close(lines)
	all.Wait()
	return created.Load(), errors.Join(append(failed.errs, scanner.Err())...)
}

// failures are errors of several goroutines.
type failures struct {
	mu   sync.Mutex
	errs []error
}

func (f *failures) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs = append(f.errs, err)
}
