package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far each list has been read.
type progress interface {
	set(list string, done, total int64)
	close()
}

// newProgress returns bars on a terminal, and a record every ten seconds elsewhere.
func newProgress(f *os.File, log *slog.Logger) progress {
	if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return newBars(f)
	}
	return newRecords(log, 10*time.Second)
}

type bars struct {
	all  *mpb.Progress
	list map[string]*mpb.Bar
}

func newBars(out io.Writer) *bars {
	b := &bars{mpb.New(mpb.WithOutput(out), mpb.WithAutoRefresh()), map[string]*mpb.Bar{}}
	for _, t := range tables {
		b.list[t.list] = b.all.AddBar(0,
			mpb.PrependDecorators(decor.Name(t.list, decor.WCSyncSpaceR), decor.CountersNoUnit("%d / %d", decor.WCSyncSpace)),
			mpb.AppendDecorators(decor.Percentage(decor.WC{W: 5})))
	}
	return b
}

func (b *bars) set(list string, done, total int64) {
	b.list[list].SetTotal(max(done, total), false) // the list may grow meanwhile
	b.list[list].SetCurrent(done)
}

func (b *bars) close() {
	for _, bar := range b.list {
		bar.Abort(false)
	}
	b.all.Wait()
}

type records struct {
	mu    sync.Mutex
	lists map[string]string
	stop  chan struct{}
	ended sync.WaitGroup
}

func newRecords(log *slog.Logger, every time.Duration) *records {
	r := &records{lists: map[string]string{}, stop: make(chan struct{})}
	r.ended.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				log.Info("backfill", r.attrs()...)
			case <-r.stop:
				log.Info("backfill ends", r.attrs()...)
				return
			}
		}
	})
	return r
}

func (r *records) set(list string, done, total int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lists[list] = fmt.Sprintf("%d/%d", done, max(done, total))
}

func (r *records) attrs() (all []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range tables {
		if reached, begun := r.lists[t.list]; begun {
			all = append(all, slog.String(t.list, reached))
		}
	}
	return all
}

func (r *records) close() {
	close(r.stop)
	r.ended.Wait()
}
