package tokencache

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

// text returns the i-th of many different texts of n characters.
func text(i, n int) string {
	end := fmt.Sprintf("%016x", rand.New(rand.NewPCG(uint64(i), 1)).Uint64())
	return strings.Repeat("a", max(0, n-len(end))) + end
}

func lasting[V any](value V) Item[V] { return Item[V]{Value: value, Expires: 1000} }

func wantValue(t *testing.T, table *Table[int], token string, want int) {
	t.Helper()
	if got, found := table.Get(token); !found || got != want {
		t.Errorf("found %d (%t), want %d", got, found, want)
	}
}

func wantNone(t *testing.T, table *Table[int], token string) {
	t.Helper()
	if got, found := table.Get(token); found {
		t.Errorf("found %d, want nothing", got)
	}
}

// inBucket returns n tokens that the table keeps in its first bucket.
func inBucket(table *Table[int], n, length int) (tokens []string) {
	for i := 0; len(tokens) < n; i++ {
		token := text(i, length)
		if place, _ := table.find(token); place == &table.buckets[0] {
			tokens = append(tokens, token)
		}
	}
	return tokens
}

func TestWholeTokenDecides(t *testing.T) {
	t.Parallel()
	table := New[int](MinSize)
	token := text(1, 1200)
	table.Put(token, lasting(1))
	wantValue(t, table, token, 1)
	for i := range token {
		changed := token[:i] + "." + token[i+1:]
		wantNone(t, table, changed)
		wantNone(t, table, token[:i])
		wantNone(t, table, token[i+1:])
	}
	wantNone(t, table, "b"+token)
	wantNone(t, table, "")
	// Only the end is hashed, so this one is in the same place.
	other := "b" + token[1:]
	table.Put(other, lasting(2))
	wantValue(t, table, token, 1)
	wantValue(t, table, other, 2)
	table.Put(token, lasting(3))
	wantValue(t, table, token, 3)
	if entries, _ := table.Usage(); entries != 2 {
		t.Errorf("%d entries for two tokens", entries)
	}
}

func TestNilTableIsEmpty(t *testing.T) {
	t.Parallel()
	var table *Table[int]
	table.Put("a", lasting(1))
	table.DeleteFunc(func(int) bool { return true })
	wantNone(t, table, "a")
	if entries, size := table.Usage(); entries != 0 || size != 0 || table.Generation() != 0 {
		t.Errorf("%d entries of %d bytes, generation %d", entries, size, table.Generation())
	}
}

func TestTokensAreCopied(t *testing.T) {
	t.Parallel()
	table := New[int](MinSize)
	buffer := []byte(text(1, 1200))
	token := string(buffer)
	table.Put(unsafe.String(&buffer[0], len(buffer)), lasting(1))
	clear(buffer)
	wantValue(t, table, token, 1)
	wantNone(t, table, string(buffer))
}

func TestWhatIsTooLargeIsNotKept(t *testing.T) {
	t.Parallel()
	table := New[int](MinSize)
	longest, long, heavy := text(1, MaxToken), text(2, MaxToken+1), text(3, 10)
	table.Put(longest, lasting(1))
	table.Put(long, lasting(2))
	table.Put(heavy, Item[int]{Value: 3, Expires: 1000, Size: bucketSize})
	wantValue(t, table, longest, 1)
	wantNone(t, table, long)
	wantNone(t, table, heavy)
}

func TestOldestEntriesMakeRoom(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]struct{ value, fit int }{
		"too many": {0, ways}, "too large": {bucketSize / 5, 4},
	} {
		t.Run(name, func(t *testing.T) {
			table := New[int](MinSize)
			tokens := inBucket(table, 2*ways, 100)
			for i, token := range tokens {
				table.Put(token, Item[int]{Value: i, Expires: 1000, Size: size.value})
				for j := range tokens[:i+1] {
					if j > i-size.fit {
						wantValue(t, table, tokens[j], j)
					} else {
						wantNone(t, table, tokens[j])
					}
				}
			}
		})
	}
}

func TestExpiredEntriesMakeRoomFirst(t *testing.T) {
	t.Parallel()
	table := New[int](MinSize)
	tokens := inBucket(table, ways+1, 100)
	for i, token := range tokens[:ways] {
		table.Put(token, Item[int]{Value: i, Expires: 1000 + int64(i%2)})
	}
	table.Put(tokens[ways], Item[int]{Value: ways, Expires: 2000, Now: 1000})
	for i, token := range tokens[:ways] {
		if i%2 == 1 {
			wantValue(t, table, token, i)
		} else {
			wantNone(t, table, token)
		}
	}
}

// As many insertions as there are buckets remove every expired entry, wherever it is.
func TestExpiredEntriesLeave(t *testing.T) {
	t.Parallel()
	table := New[int](1 << 20)
	for i := range 200 {
		table.Put(text(i, 100), lasting(i))
	}
	again := text(1000, 100)
	for range table.buckets {
		table.Put(again, Item[int]{Value: 1, Expires: 2000, Now: 1000})
	}
	if entries, _ := table.Usage(); entries != 1 {
		t.Errorf("%d entries are left of one", entries)
	}
}

func TestDeletedValuesDoNotComeBack(t *testing.T) {
	t.Parallel()
	table := New[int](MinSize)
	before := table.Generation()
	for i := range 10 {
		table.Put(text(i, 100), lasting(i))
	}
	table.DeleteFunc(func(value int) bool { return value%2 == 0 })
	for i := range 10 {
		if i%2 == 0 {
			wantNone(t, table, text(i, 100))
		} else {
			wantValue(t, table, text(i, 100), i)
		}
	}
	// Whoever determined a value before it was deleted puts it in too late.
	late := Item[int]{Value: 2, Expires: 1000, Generation: before}
	table.Put(text(2, 100), late)
	wantNone(t, table, text(2, 100))
	late.Generation = table.Generation()
	table.Put(text(2, 100), late)
	wantValue(t, table, text(2, 100), 2)
}

// The tokens that meet in one place of a table do not meet in that of another, so they
// cannot be chosen without its seed.
func TestPlacesDifferBetweenTables(t *testing.T) {
	t.Parallel()
	one, other := New[int](16<<20), New[int](16<<20)
	places := map[any]bool{}
	for _, token := range inBucket(one, 32, 100) {
		place, _ := other.find(token)
		places[place] = true
	}
	if len(places) < 16 {
		t.Errorf("32 tokens that meet in one table have %d places in another", len(places))
	}
}

// load is as large as what is known of a usual session token.
type load struct {
	payload []byte
	claims  *[384]byte
}

func newLoad() Item[load] {
	return Item[load]{
		Value:   load{make([]byte, 550), new([384]byte)},
		Size:    HeapSize(550) + HeapSize(384),
		Expires: 1000,
	}
}

func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestSizeIsThatOfTheHeap is not parallel, as it measures the heap.
func TestSizeIsThatOfTheHeap(t *testing.T) {
	for _, size := range []int{MinSize, 1 << 20, 16 << 20} {
		for _, length := range []int{20, 300, 1200, 2305, MaxToken} {
			before := heap()
			table := New[load](size)
			for i := range size / 500 {
				table.Put(text(i, length), newLoad())
			}
			grown := heap() - before
			entries, counted := table.Usage()
			if grown > size+1000 || counted > size || entries > len(table.buckets)*ways {
				t.Errorf("a table of %d bytes with tokens of %d has %d entries of %d bytes, and the heap grew by %d",
					size, length, entries, counted, grown)
			}
			if entries < len(table.buckets)*2 {
				t.Errorf("a table of %d bytes has only %d entries with tokens of %d", size, entries, length)
			}
			runtime.KeepAlive(table)
		}
	}
}

func TestHeapSizeIsEnough(t *testing.T) {
	for n := 1; n < 8<<10; n += 7 {
		if class := cap(append([]byte(nil), make([]byte, n)...)); HeapSize(n) < class {
			t.Errorf("%d bytes take %d, counted as %d", n, class, HeapSize(n))
		}
	}
}
