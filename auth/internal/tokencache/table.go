// Package tokencache remembers what was found out about tokens, in a bounded part of
// the heap.
//
// A hash chooses where a token is kept, and equality of the whole token whether it is
// found. The hash has a seed of its own in every table, so nobody can choose tokens that
// meet in one place.
package tokencache

import (
	"hash/maphash"
	"math/bits"
	"strings"
	"sync/atomic"
	"unsafe"
)

const (
	// ways is the number of entries that a bucket holds at most.
	ways = 16
	// bucketSize is the number of bytes per bucket: enough for sixteen short tokens or for
	// two of the longest.
	bucketSize = 32 << 10
	// MaxToken is the length of the longest token that is kept, in bytes.
	MaxToken = 4 << 10
	// MinSize is the size of the smallest table.
	MinSize = 2 * bucketSize
	// tail is the number of characters that are hashed: the end of a signature, which no
	// two tokens share by chance.
	tail = 48
)

// Table maps tokens to values. Its memory is divided between buckets, each with a limit
// on entries and bytes. Buckets and entries are immutable, and a change replaces a whole
// bucket: nobody sees half of a change, readers never wait, and no interleaving of
// writers exceeds a limit. A nil *Table is empty and stays so. All methods are safe for
// concurrent use.
type Table[V any] struct {
	seed       maphash.Seed
	limit      int // bytes in the entries of a bucket
	buckets    []atomic.Pointer[bucket[V]]
	generation atomic.Uint64 // number of calls of DeleteFunc
	swept      atomic.Uint64 // number of buckets that were looked at for expired entries
}

// bucket holds its entries in the order of their arrival, the newest first. What
// decides about them is beside them, because entries are far away in memory.
type bucket[V any] struct {
	hashes  [ways]uint32
	sizes   [ways]uint32 // 0: none
	expires [ways]int64
	entries [ways]*entry[V]
}

type entry[V any] struct {
	token string
	value V
}

// Item is what Put takes beside the token.
type Item[V any] struct {
	Value V
	// Size is the number of bytes that only Value keeps alive, without V itself.
	Size int
	// Expires is when the token is useless, and Now what time it is, in a unit of the
	// caller's choice.
	Expires, Now int64
	// Generation is the result of [Table.Generation] from before Value was determined.
	Generation uint64
}

// New returns a table that keeps at most size bytes alive. A size below [MinSize]
// counts as that.
func New[V any](size int) *Table[V] {
	n := max(size, MinSize) / bucketSize
	var b bucket[V]
	return &Table[V]{
		seed:    maphash.MakeSeed(),
		limit:   bucketSize - HeapSize(int(unsafe.Sizeof(b))) - int(unsafe.Sizeof(&b)),
		buckets: make([]atomic.Pointer[bucket[V]], n),
	}
}

// Get returns the value of token.
func (t *Table[V]) Get(token string) (value V, found bool) {
	if t == nil {
		return value, false
	}
	place, hash := t.find(token)
	b := place.Load()
	if b == nil {
		return value, false
	}
	for i, h := range b.hashes {
		if h == hash && b.entries[i] != nil && b.entries[i].token == token {
			return b.entries[i].value, true
		}
	}
	return value, false
}

// Generation returns a number that grows whenever values are deleted. It is for Put.
func (t *Table[V]) Generation() uint64 {
	if t == nil {
		return 0
	}
	return t.generation.Load()
}

// Put keeps a copy of token with a value, unless it is too long or the value may be one
// that was deleted since item.Generation. It drops expired entries, and the oldest ones
// of the same bucket as far as the limits require.
func (t *Table[V]) Put(token string, item Item[V]) {
	if t == nil || len(token) > MaxToken {
		return
	}
	size := HeapSize(int(unsafe.Sizeof(entry[V]{}))) + HeapSize(len(token)) + item.Size
	if size > t.limit {
		return
	}
	place, hash := t.find(token)
	// The caller's string may be part of a longer one, or of a buffer that is used again.
	e := &entry[V]{strings.Clone(token), item.Value}
	for {
		old, added := place.Load(), new(bucket[V])
		added.add(0, hash, size, item.Expires, e)
		added.addOthers(old, t.limit, item.Now)
		if place.CompareAndSwap(old, added) {
			break
		}
	}
	// DeleteFunc counts before it looks, and this looks after it stored: one of the two
	// finds the entry.
	if t.generation.Load() != item.Generation {
		remove(place, func(b *bucket[V], i int) bool { return b.entries[i] == e })
	}
	next := &t.buckets[t.swept.Add(1)%uint64(len(t.buckets))]
	remove(next, func(b *bucket[V], i int) bool { return b.expires[i] <= item.Now })
}

// DeleteFunc deletes the entries whose value satisfies del.
func (t *Table[V]) DeleteFunc(del func(V) bool) {
	if t == nil {
		return
	}
	t.generation.Add(1)
	for i := range t.buckets {
		remove(&t.buckets[i], func(b *bucket[V], i int) bool { return del(b.entries[i].value) })
	}
}

// Usage returns the number of entries, and the bytes that they count as.
func (t *Table[V]) Usage() (entries, size int) {
	if t == nil {
		return 0, 0
	}
	for i := range t.buckets {
		n, bytes := t.buckets[i].Load().usage()
		entries, size = entries+n, size+bytes
	}
	return entries, size
}

func (t *Table[V]) find(token string) (place *atomic.Pointer[bucket[V]], hash uint32) {
	h := maphash.String(t.seed, token[max(0, len(token)-tail):])
	i, _ := bits.Mul64(h, uint64(len(t.buckets)))
	return &t.buckets[i], uint32(h)
}

// remove replaces a bucket by one without the entries that satisfy drop, which takes
// their index.
func remove[V any](place *atomic.Pointer[bucket[V]], drop func(b *bucket[V], i int) bool) {
	for {
		old := place.Load()
		if !old.any(drop) || place.CompareAndSwap(old, old.without(drop)) {
			return
		}
	}
}

// usage returns the number and the size of the entries of b, which may be nil.
func (b *bucket[V]) usage() (n, size int) {
	for b != nil && n < ways && b.sizes[n] > 0 {
		size += int(b.sizes[n])
		n++
	}
	return n, size
}

func (b *bucket[V]) any(satisfies func(b *bucket[V], i int) bool) bool {
	n, _ := b.usage()
	for i := range n {
		if satisfies(b, i) {
			return true
		}
	}
	return false
}

func (b *bucket[V]) add(i int, hash uint32, size int, expires int64, e *entry[V]) {
	b.hashes[i], b.sizes[i], b.expires[i], b.entries[i] = hash, uint32(size), expires, e
}

// addOthers adds to b, which has one entry, the newest of old as far as the limits
// allow: no expired one, and none for the same token.
func (b *bucket[V]) addOthers(old *bucket[V], limit int, now int64) {
	room, n := limit-int(b.sizes[0]), 1
	others, _ := old.usage()
	for i := range others {
		if old.expires[i] <= now || old.hashes[i] == b.hashes[0] && old.entries[i].token == b.entries[0].token {
			continue
		}
		if room -= int(old.sizes[i]); room < 0 || n == ways {
			return
		}
		b.add(n, old.hashes[i], int(old.sizes[i]), old.expires[i], old.entries[i])
		n++
	}
}

// without returns a bucket without the entries of b that satisfy drop, or nil if none
// is left.
func (b *bucket[V]) without(drop func(b *bucket[V], i int) bool) *bucket[V] {
	kept, n := new(bucket[V]), 0
	all, _ := b.usage()
	for i := range all {
		if !drop(b, i) {
			kept.add(n, b.hashes[i], int(b.sizes[i]), b.expires[i], b.entries[i])
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return kept
}

// HeapSize returns a number that the allocator does not exceed for n bytes: it rounds up
// by less than a fifth, or to the next multiple of 16.
func HeapSize(n int) int { return n + n/5 + 16 }
