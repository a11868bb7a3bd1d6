package tokencache

import (
	"math/rand/v2"
	"sync"
	"testing"
)

// model is the map that a table stands for. It never forgets.
type model map[string]Item[int]

// step does to both what the three bytes say, and checks that they agree.
func (m model) step(t *testing.T, table *Table[int], now *int64, op, which, extra byte) {
	token := text(int(which), 10+int(which))
	switch op % 8 {
	case 0, 1, 2, 3:
		item := Item[int]{
			Value: int(op)<<8 | int(extra), Size: int(extra) * 40,
			Now: *now, Expires: *now + 1 + int64(extra%15), Generation: table.Generation(),
		}
		table.Put(token, item)
		m[token] = item
		wantValue(t, table, token, item.Value)
	case 4:
		item := m[token]
		item.Generation = table.Generation() - 1
		item.Now, item.Value = *now, -1
		table.Put(token, item)
		delete(m, token)
		wantNone(t, table, token)
	case 5:
		del := func(value int) bool { return value%5 == int(extra%5) }
		table.DeleteFunc(del)
		for token, item := range m {
			if del(item.Value) {
				delete(m, token)
			}
		}
	case 6:
		*now += int64(extra % 4)
	}
	found := 0
	for token := range m {
		if m.check(t, table, token) {
			found++
		}
	}
	m.check(t, table, token)
	if entries, _ := table.Usage(); entries != found {
		t.Fatalf("%d of %d entries are found", found, entries)
	}
	for i := range table.buckets {
		if _, size := table.buckets[i].Load().usage(); size > table.limit {
			t.Fatalf("a bucket holds %d bytes, its limit is %d", size, table.limit)
		}
	}
}

// check checks that the table has the value of the map, or none.
func (m model) check(t *testing.T, table *Table[int], token string) (found bool) {
	t.Helper()
	got, found := table.Get(token)
	if found && (got != m[token].Value || m[token].Expires == 0) {
		t.Fatalf("the table has %d, the map %+v", got, m[token])
	}
	return found
}

func run(t *testing.T, script []byte) {
	table, m, now := New[int](MinSize), model{}, int64(1)
	for ; len(script) >= 3; script = script[3:] {
		m.step(t, table, &now, script[0], script[1], script[2])
		if t.Failed() {
			t.FailNow()
		}
	}
}

func TestTableAgreesWithAMap(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 2))
		script := make([]byte, 1200)
		for i := range script {
			script[i] = byte(r.Uint32())
		}
		run(t, script)
	}
}

func FuzzTableAgreesWithAMap(f *testing.F) {
	f.Add([]byte{0, 1, 7, 5, 0, 2, 4, 1, 7, 6, 0, 3, 0, 1, 15})
	f.Fuzz(func(t *testing.T, script []byte) { run(t, script[:min(len(script), 3000)]) })
}

// Readers, writers and deletions at once: nobody finds the value of another token, no
// limit is exceeded, and nothing that was deleted comes back.
func TestTableInParallel(t *testing.T) {
	t.Parallel()
	const tokens = 40
	table := New[int](MinSize)
	var names [tokens]string
	for i := range names {
		names[i] = text(i, 200)
	}
	put := func(i int) {
		table.Put(names[i], Item[int]{Value: i, Expires: 1, Generation: table.Generation(), Size: i * 100})
	}
	for round := range 300 {
		for i := 1; i < tokens; i += 2 {
			put(i)
		}
		var all sync.WaitGroup
		for worker := range 4 {
			all.Go(func() {
				r := rand.New(rand.NewPCG(uint64(worker), uint64(round)))
				for range 50 {
					i := r.IntN(tokens)
					if value, found := table.Get(names[i]); found && value != i {
						t.Errorf("token %d has the value of token %d", i, value)
					}
					put(i &^ 1)
				}
			})
		}
		all.Go(func() { table.DeleteFunc(func(value int) bool { return value%2 == 1 }) })
		all.Wait()
		for i := 1; i < tokens; i += 2 {
			wantNone(t, table, names[i])
		}
		for i := range table.buckets {
			if _, size := table.buckets[i].Load().usage(); size > table.limit {
				t.Errorf("a bucket holds %d bytes, its limit is %d", size, table.limit)
			}
		}
	}
}
