package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/backend-sdk/clerk-go/webhooks"
)

const (
	secret   = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	workers  = 8
	attempts = 8
)

// deliver sends each event twice, in no order, until it is acknowledged. It returns how
// many requests that took, and how many of them were repeated.
func deliver(ctx context.Context, url string, events []event) (sent, repeated int64, err error) {
	queue := slices.Concat(events, events)
	random := rand.New(rand.NewPCG(2, 2))
	random.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	var next, all, again atomic.Int64
	var group sync.WaitGroup
	errs := make([]error, workers)
	for i := range workers {
		group.Go(func() {
			for at := next.Add(1) - 1; at < int64(len(queue)) && errs[i] == nil; at = next.Add(1) - 1 {
				for attempt := range attempts {
					all.Add(1)
					if attempt > 0 {
						again.Add(1)
					}
					if errs[i] = post(ctx, url, queue[at]); errs[i] == nil || ctx.Err() != nil {
						break
					}
					time.Sleep(10 * time.Millisecond << attempt)
				}
			}
		})
	}
	group.Wait()
	return all.Load(), again.Load(), errors.Join(errs...)
}

func post(ctx context.Context, url string, e event) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(e.body))
	if err != nil {
		return err
	}
	if r.Header, err = webhooks.Sign(secret, e.id, time.Now(), e.body); err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("message %s was answered with %s", e.id, response.Status)
	}
	return nil
}
