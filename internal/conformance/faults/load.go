package main

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// The connections of each load. Opaque tokens are checked with Clerk at a limited rate,
// so they have connections of their own and hold up nobody else.
const (
	localConnections  = 48
	remoteConnections = 16
)

const (
	maxPause        = 8 * time.Millisecond // of a connection between two requests
	responseTimeout = 20 * time.Second     // far longer than the service may take
)

// load sends requests from all connections until ctx is done, and waits for the
// responses.
func (r *run) load(ctx context.Context) {
	var senders sync.WaitGroup
	for n := range localConnections + remoteConnections {
		kinds := localKinds
		if n >= localConnections {
			kinds = remoteKinds
		}
		r.stage++
		dice := rand.New(rand.NewPCG(r.seed, r.stage))
		senders.Go(func() {
			for ctx.Err() == nil {
				r.send(r.wallet.pick(kinds, dice))
				time.Sleep(rand.N(maxPause))
			}
		})
	}
	senders.Wait()
}

func (r *run) send(t *token) {
	x := r.history.sending(t)
	x.status, x.body, x.err = r.ask(t)
	r.report.add(r.history, x, r.history.judge(x, r.watch))
}

func (r *run) ask(t *token) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), responseTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.service.URL+t.path, nil)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+t.text)
	response, err := r.browser.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	return response.StatusCode, body, err
}
