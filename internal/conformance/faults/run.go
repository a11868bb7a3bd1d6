package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/backend-sdk/clerk-go/auth"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/examples/endpoints/service"
	"github.com/backend-sdk/clerk-go/users"
)

// settings of a run.
type settings struct {
	lasts time.Duration
	seed  uint64
	speed int
	plant func(http.Handler) http.Handler // puts a fault in front of the service
	// patience is how long goroutines have to end, longer than any call may take if 0.
	patience time.Duration
}

// run is a service under load, the Clerk behind it and what is known of both.
type run struct {
	settings
	clock    *clock
	watch    *watch
	history  *history
	emulator *emulator
	wallet   *wallet
	report   *report
	outbound *http.Transport // of the service
	service  *httptest.Server
	browser  *http.Client
	stage    uint64
}

const (
	tokenCache = 1 << 20
	// heapMargin is how much more memory than after the warm-up may be in use at the
	// end. What the service may fill, a cache of 1 MiB and 4,096 refusals, fits twice.
	heapMargin = 4 << 20
	warmUp     = 4 // the part of a run after which memory is measured
	// fullRun is a run that must reach every kind of answer.
	fullRun     = 20 * time.Second
	longestCall = 12 * time.Second
)

// faultsUnderLoad runs everything, and returns an error if it found something.
func faultsUnderLoad(out io.Writer, s settings) error {
	fmt.Fprintf(out, "seed %d, %v, %d connections, a clock %d times as fast\n\n", s.seed, s.lasts, localConnections+remoteConnections, s.speed)
	goroutines := runtime.NumGoroutine()
	r, err := newRun(s)
	if err != nil {
		return err
	}
	began := time.Now()
	growth, err := r.perform()
	lasted := time.Since(began)
	r.close()
	if err != nil {
		return err
	}
	r.report.write(out, lasted)
	left := leftover(goroutines, cmp.Or(s.patience, longestCall))
	fmt.Fprintf(out, "%d goroutines left, %+d KiB of memory since the warm-up, the machine was late by up to %v\n", left, growth>>10, r.watch.worst.Round(time.Millisecond))

	var found []error
	if r.report.wrong > 0 {
		found = append(found, fmt.Errorf("%d wrong answers; -seed %d repeats the order of events", r.report.wrong, s.seed))
	}
	if left > 0 {
		found = append(found, fmt.Errorf("%d goroutines left", left))
	}
	if growth > heapMargin {
		found = append(found, fmt.Errorf("memory grew by %d KiB, and %d may be", growth>>10, heapMargin>>10))
	}
	if missing := r.report.unproven(); len(missing) > 0 && s.lasts >= fullRun {
		found = append(found, fmt.Errorf("the run reached too little: %s", strings.Join(missing, ", ")))
	}
	return errors.Join(found...)
}

// newRun starts the emulated Clerk and the service.
func newRun(s settings) (*run, error) {
	clock := newClock(s.speed)
	r := &run{settings: s, clock: clock, watch: new(watch), history: newHistory(clock), report: newReport()}
	var err error
	if r.emulator, err = newEmulator(clock, r.history); err != nil {
		return nil, err
	}
	foreign, err := newSigner("ins_foreign", clock)
	if err != nil {
		return nil, err
	}
	r.wallet = &wallet{emulator: r.emulator, foreign: foreign, tokens: map[string][]*token{}}
	first, err := newSigner("ins_faults1", clock)
	if err != nil {
		return nil, err
	}
	r.emulator.CreateUser(users.CreateUserParams{})
	r.publish(first)
	handler, err := r.handler()
	if err != nil {
		return nil, err
	}
	if s.plant != nil {
		handler = s.plant(handler)
	}
	r.service = httptest.NewServer(handler)
	r.browser = &http.Client{Transport: &http.Transport{
		MaxConnsPerHost: localConnections + remoteConnections, MaxIdleConnsPerHost: localConnections + remoteConnections,
	}}
	return r, nil
}

// handler returns the example service. Its public page is for machines here, so that it
// says no when it knows nobody.
func (r *run) handler() (http.Handler, error) {
	r.outbound = http.DefaultTransport.(*http.Transport).Clone()
	client, err := clerk.New(r.emulator.SecretKey(), clerk.WithBaseURL(r.emulator.server.URL), clerk.WithTransport(r.outbound))
	if err != nil {
		return nil, err
	}
	authn, err := auth.New(client,
		auth.WithPublishableKey(r.emulator.PublishableKey()),
		auth.WithClock(r.clock.now),
		auth.WithTokenCache(tokenCache),
		auth.WithAcceptedTokens(auth.SessionToken, auth.APIKey, auth.M2MToken, auth.OAuthToken))
	if err != nil {
		return nil, err
	}
	endpoints := service.New(client)
	mux := http.NewServeMux()
	mux.Handle(sessionPath, endpoints)
	mux.Handle(machinePath, authn.Require(auth.Accepts(auth.APIKey, auth.M2MToken, auth.OAuthToken))(endpoints))
	return authn.Middleware(mux), nil
}

// perform runs the script and the load, and returns by how much memory grew.
func (r *run) perform() (growth int64, err error) {
	ctx, stop := context.WithCancel(context.Background())
	d := &director{run: r, dice: rand.New(rand.NewPCG(r.seed, 0)), signers: make(chan *signer, 2)}
	var others sync.WaitGroup
	others.Go(func() { r.watch.run(ctx.Done()) })
	others.Go(func() { err = d.makeSigners(ctx) })
	directed := make(chan struct{})
	go func() {
		defer close(directed)
		d.direct(ctx)
	}()

	before := r.heapAfter(r.lasts / warmUp)
	after := r.heapAfter(r.lasts - r.lasts/warmUp)
	stop()
	<-directed
	others.Wait()
	return after - before, err
}

// heapAfter sends requests for some time, and returns how much memory is in use then.
func (r *run) heapAfter(d time.Duration) int64 {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	r.load(ctx)
	r.emulator.ClearRequests()
	runtime.GC()
	runtime.GC() // what finalizers and pools held goes with the second one
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}

func (r *run) close() {
	r.browser.CloseIdleConnections()
	r.service.Close()
	r.emulator.close()
	r.outbound.CloseIdleConnections()
}

// leftover returns how many goroutines more than before do not end.
func leftover(before int, patience time.Duration) int {
	end := time.Now().Add(patience)
	for {
		left := runtime.NumGoroutine() - before
		if left <= 0 || time.Now().After(end) {
			return max(left, 0)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
