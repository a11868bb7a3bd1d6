// Package journal keeps records in a file, so that what was answered survives the end
// of the process and of the machine.
//
// The file begins with a line that names its format. Frames follow, each with the
// records that reach the disk in one write. A frame is on disk before the next one is
// written, so a crash can leave only the last frame incomplete, and nobody was told
// that its records are kept. [Open] drops such a frame and refuses any other damage.
//
// One process at a time has the file, by a lock of the operating system that ends with
// the process. It is held from [Open] to [Journal.Close], also while [Journal.Compact]
// replaces the file. Systems without flock, such as Windows, are refused.
package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// Journal is an open file of records. Its methods are safe for concurrent use.
type Journal struct {
	path, header string
	dropped      int64
	opened       int64 // where the records that were there at opening end
	done         chan struct{}

	file file // belongs to the goroutine of run once Open has returned

	mu        sync.Mutex
	changed   sync.Cond
	queue     []*step
	size      int64
	base      int64    // the size after the last compaction, or where one failed
	rewritten *rewrite // a compaction that waits for its place in the order
	rewriting bool
	closed    bool
	err       error // the first failure, after which nothing is accepted
}

// file is what a Journal needs of an *os.File, so that tests can let it fail.
type file interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
	Truncate(size int64) error
	Close() error
}

// step is one thing to do to the file: to append records, or to start a compaction.
type step struct {
	records []byte
	write   func(add func(record []byte) error) error
	done    chan struct{}
	err     error
}

func (s *step) finish(err error) {
	s.err = err
	close(s.done)
}

func (s *step) wait() error {
	<-s.done
	return s.err
}

// Append adds a record after those of the calls before. The function that it returns
// waits until the record is on disk, or reports why it may not be. After a failure all
// further calls fail too. Append keeps no reference to record, and does not wait itself.
func (j *Journal) Append(record []byte) (wait func() error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.refuses(); err != nil {
		return func() error { return err }
	}
	if n := len(j.queue); n == 0 || j.queue[n-1].write != nil {
		j.queue = append(j.queue, &step{done: make(chan struct{})})
		j.changed.Signal()
	}
	s := j.queue[len(j.queue)-1]
	s.records = appendRecord(s.records, record)
	return s.wait
}

// Compact replaces all records of the calls of Append before by those that write adds.
// Like Append it keeps the order of calls and does not wait, so a program calls it where
// nothing else can append, with a write that works from a snapshot of that moment. Records
// that are appended while write runs follow those that it adds.
//
// The function that it returns waits for the end. An error of write, or a new file that
// cannot be written, leaves the old file in use. A compaction that is asked for while
// another one runs is an error.
func (j *Journal) Compact(write func(add func(record []byte) error) error) (wait func() error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.refuses()
	if err == nil && j.rewriting {
		err = fmt.Errorf("%s: is already being compacted", j.path)
	}
	if err != nil {
		return func() error { return err }
	}
	s := &step{write: write, done: make(chan struct{})}
	j.queue = append(j.queue, s)
	j.rewriting = true
	j.changed.Signal()
	return s.wait
}

// refuses returns why nothing can be added. Its caller holds the lock.
func (j *Journal) refuses() error {
	if j.err == nil && j.closed {
		return fmt.Errorf("%s: %w", j.path, os.ErrClosed)
	}
	return j.err
}

// Size returns the size of the file in bytes.
func (j *Journal) Size() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.size
}

// minGrowth keeps small files from being compacted over and over.
const minGrowth = 4 << 20

// Grown reports whether the records since the last compaction take more room than what
// it wrote, so that another one is worth it. After one that failed it waits until the file
// has doubled, and after any other failure for good.
func (j *Journal) Grown() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.refuses() == nil && !j.rewriting && j.size-j.base > max(j.base, minGrowth)
}

// Close waits until everything that was added is on disk, and for a compaction, and
// closes the file. It returns the error of the first failure.
func (j *Journal) Close() error {
	j.mu.Lock()
	j.closed = true
	j.changed.Signal()
	j.mu.Unlock()
	<-j.done
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// run does what is in the queue, one step after the other.
func (j *Journal) run() {
	defer close(j.done)
	for {
		s, finished, more := j.next()
		switch {
		case !more:
			if err := j.file.Close(); err != nil {
				j.fail(err)
			}
			return
		case finished != nil:
			j.adopt(finished)
		case s.write == nil:
			s.finish(j.write(s.records))
		default:
			go j.compact(s, j.Size())
		}
	}
}

// next waits for what is to be done: a step, a compaction whose file is ready, or
// nothing more because the journal is closed.
func (j *Journal) next() (s *step, finished *rewrite, more bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for {
		switch {
		case j.rewritten != nil:
			finished, j.rewritten = j.rewritten, nil
			return nil, finished, true
		case len(j.queue) > 0:
			s, j.queue = j.queue[0], j.queue[1:]
			return s, nil, true
		case j.closed && !j.rewriting:
			return nil, nil, false
		}
		j.changed.Wait()
	}
}

// write appends one frame and returns when it is on disk.
func (j *Journal) write(records []byte) error {
	j.mu.Lock()
	size, err := j.size, j.err
	j.mu.Unlock()
	if err != nil {
		return err
	}
	frame := appendFrame(nil, appended, records)
	_, err = j.file.WriteAt(frame, size)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		j.file.Truncate(size) // so that the next opening does not find what was refused, if it works
		return j.fail(err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.size += int64(len(frame))
	return nil
}

// fail ends the acceptance of records: what the system has done with the file after a
// failure is unknown.
func (j *Journal) fail(err error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.err = fmt.Errorf("%s: cannot be written: %w", j.path, reason(err))
	}
	return j.err
}

// reason takes the operation and the path, which may be a temporary one, out of an error
// of package os.
func reason(err error) error {
	if path := (*os.PathError)(nil); errors.As(err, &path) {
		return path.Err
	}
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return link.Err
	}
	return err
}
