package wire

import (
	"bytes"
	"context"
	"io"
	"math"
	"sync"
)

// pooledBuffer is the size above which a buffer is not reused.
const pooledBuffer = 4 << 20

// attemptBody is a response body that ends its attempt when it is closed.
type attemptBody struct {
	io.ReadCloser
	cancel context.CancelFunc
	unread int64 // how much more of the body is worth reading, to keep the connection
}

// Read reads from the body.
func (b *attemptBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.unread -= int64(n)
	if err != nil {
		b.unread = 0
	}
	return n, err
}

// Close closes the body and ends the attempt. It reads what is left of a short body, since
// net/http closes the connection otherwise; the attempt's timeout still applies.
func (b *attemptBody) Close() error {
	if b.unread > 0 {
		_, _ = io.Copy(io.Discard, io.LimitReader(b.ReadCloser, b.unread+1)) // with its end
	}
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}

var buffers = sync.Pool{New: func() any {
	b := make([]byte, 0, 8<<10)
	return &b
}}

// getBuffer returns a buffer from the pool, with length 0.
func getBuffer() *[]byte { return buffers.Get().(*[]byte) }

// putBuffer returns p to the pool, with the larger memory of p and used.
func putBuffer(p *[]byte, used []byte) {
	if cap(used) > pooledBuffer {
		return
	}
	if cap(used) > cap(*p) {
		*p = used
	}
	*p = (*p)[:0]
	buffers.Put(p)
}

// readUpTo appends r to buf until the end of r or until buf has limit bytes; over
// reports that there was more. size is a hint, negative when unknown.
func readUpTo(buf []byte, r io.Reader, size, limit int64) (out []byte, over bool, err error) {
	limit = min(limit, math.MaxInt64-1)
	// The hint comes from the server, so it must not cause a large allocation.
	if want := min(size, limit, pooledBuffer-bytes.MinRead); want > 0 && int64(cap(buf)) < want+bytes.MinRead {
		buf = make([]byte, 0, want+bytes.MinRead)
	}
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		room := buf[len(buf):min(int64(cap(buf)), limit+1)]
		n, err := r.Read(room)
		buf = buf[:len(buf)+n]
		if int64(len(buf)) > limit {
			return buf[:limit], true, nil
		}
		if err == io.EOF {
			return buf, false, nil
		}
		if err != nil {
			return buf, false, err
		}
	}
}
