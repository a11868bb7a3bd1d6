package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync/atomic"
)

var (
	errSpent      = errors.New("the upload was already read and cannot be rewound")
	errSuperseded = errors.New("the attempt that read this upload has ended")
)

// Stream is a request body that consists of several readers, one after another.
// It is never held in memory as a whole. It can be sent again if all its readers
// can seek or none has been read yet.
type Stream struct {
	parts []part
	size  int64 // -1 when the size of a part is unknown

	turn    chan struct{} // held while a part is read or rewound
	current atomic.Int64  // the attempt that may read
	touched atomic.Bool
}

// part is one reader of a Stream. seeker is nil if it cannot seek.
type part struct {
	io.Reader
	seeker io.Seeker
	start  int64
}

// NewStream returns a Stream of readers, each from its current offset.
func NewStream(readers ...io.Reader) *Stream {
	s := &Stream{turn: make(chan struct{}, 1)}
	for _, r := range readers {
		p, n := measure(r)
		s.parts = append(s.parts, p)
		if s.size < 0 || n < 0 {
			s.size = -1
		} else {
			s.size += n
		}
	}
	return s
}

// measure returns r as a part, and its size or -1 when that is unknown.
func measure(r io.Reader) (part, int64) {
	if b, ok := r.(*bytes.Buffer); ok {
		return part{Reader: r}, int64(b.Len())
	}
	seeker, ok := r.(io.Seeker)
	if !ok {
		return part{Reader: r}, -1
	}
	// Pipes and terminals implement io.Seeker but cannot seek.
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return part{Reader: r}, -1
	}
	end, err := seeker.Seek(0, io.SeekEnd)
	if _, back := seeker.Seek(start, io.SeekStart); err != nil || back != nil || end < start {
		return part{Reader: r}, -1
	}
	return part{Reader: r, seeker: seeker, start: start}, end - start
}

// repeatable reports whether the stream can be sent from its beginning.
func (s *Stream) repeatable() bool {
	if !s.touched.Load() {
		return true
	}
	for _, p := range s.parts {
		if p.seeker == nil {
			return false
		}
	}
	return true
}

// open starts the stream from its beginning and ends every earlier reader of it,
// because the transport may still hold one after an early response.
func (s *Stream) open(ctx context.Context) (io.Reader, error) {
	attempt := s.current.Add(1)
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-s.turn }()
	if !s.repeatable() {
		return nil, errSpent
	}
	if s.touched.Load() {
		for _, p := range s.parts {
			if _, err := p.seeker.Seek(p.start, io.SeekStart); err != nil {
				return nil, err
			}
		}
	}
	s.touched.Store(false)
	return &streamReader{stream: s, attempt: attempt}, nil
}

// retire ends every reader of the stream, so that the caller can use the parts again.
func (s *Stream) retire() { s.current.Add(1) }

// streamReader reads a Stream for one attempt.
type streamReader struct {
	stream  *Stream
	attempt int64
	next    int
}

// Read reads from the parts in order, unless a later attempt has begun.
func (r *streamReader) Read(b []byte) (int, error) {
	s := r.stream
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if r.attempt != s.current.Load() {
		return 0, errSuperseded
	}
	for r.next < len(s.parts) {
		s.touched.Store(true)
		n, err := s.parts[r.next].Read(b)
		if err == io.EOF {
			r.next++
			err = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
	return 0, io.EOF
}
