package webhookdiff

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// beginning is when the clock of a bubble of testing/synctest starts.
var beginning = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

// A draft is a delivery that is not signed yet. The kinds change it.
type draft struct {
	*rand.Rand
	secret  string
	more    []string // further secrets
	key     []byte   // that signs; nil for that of secret
	clock   time.Time
	family  string
	id      []string // the lines of each header
	time    []string
	entries func(mac string) []string // the lines with signatures
	beside  [][2]string               // further headers
	body    []byte
	misfit  bool

	// What is signed, where it is not what is sent.
	signedID, signedTime string
	signedBody           []byte
}

func (g *draft) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *draft) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	return b
}

func (g *draft) newSecret(n int) string {
	return g.pick("whsec_", "whsec_", "whsec_", "") + base64.StdEncoding.EncodeToString(g.bytes(n))
}

// at sets the timestamp to so many seconds from the clock.
func (g *draft) at(offset int64) { g.time = []string{strconv.FormatInt(g.clock.Unix()+offset, 10)} }

// entry sets the only entry with a signature.
func (g *draft) entry(write func(mac string) string) {
	g.entries = func(mac string) []string { return []string{write(mac)} }
}

func newDraft(r *rand.Rand) *draft {
	g := &draft{Rand: r, clock: beginning, family: svix}
	g.secret = g.newSecret(24 + g.IntN(41))
	g.id = []string{"msg_" + hex.EncodeToString(g.bytes(8))}
	if g.IntN(2) == 0 {
		g.clock = g.clock.Add(time.Second / 2)
	}
	g.at(int64(g.IntN(599)) - 299)
	g.entry(func(mac string) string { return "v1," + mac })
	g.body = []byte(g.event())
	return g
}

func (g *draft) event() string {
	return g.pick(
		`{"data":{"deleted":true,"id":"user_1","object":"user"},"instance_id":"ins_1","object":"event","timestamp":1767225599000,"type":"user.deleted"}`,
		`{ "type": "user.created",`+"\r\n\t"+`"data": {"id":"user_1","first_name":"Zoë 🙂 \ud83d\ude42 \"","created_at":1.7e12}, "instance_id":"ins_é"}`+"\n",
		`{"type":"moon\u002efull","data":[1,2],"instance_id":"ins_1","__proto__":{"type":"x"}}`,
		`{"type":"user.deleted","data":{"id":"user_1"},"instance_id":"ins_0","instance_id":"ins_1"}`,
		`{"type":"session.created","data":{"id":"sess_`+hex.EncodeToString(g.bytes(4))+`","user":null},"timestamp":1e400,"instance_id":"ins_1"}`,
	)
}

// finish signs the draft.
func (g *draft) finish(kind string) *delivery {
	id, sent, body, key := strings.Join(g.id, ", "), strings.Join(g.time, ", "), g.body, g.key
	if g.signedID != "" {
		id = g.signedID
	}
	if g.signedTime != "" {
		sent = g.signedTime
	}
	if g.signedBody != nil {
		body = g.signedBody
	}
	if key == nil {
		key = leniently(g.secret)
	}
	d := &delivery{
		Kind: kind, Secrets: append([]string{g.secret}, g.more...), Clock: g.clock,
		Header: slices.Clone(g.beside), Body: g.body, Misfit: g.misfit,
	}
	for i, lines := range [][]string{g.id, g.time, g.entries(sign(key, id, sent, body))} {
		for _, line := range lines {
			d.Header = append(d.Header, [2]string{g.cased(g.family + parts[i]), line})
		}
	}
	return d
}

// cased returns a name in lower case, in capitals, or with some capitals.
func (g *draft) cased(name string) string {
	text := []byte(name)
	switch g.IntN(4) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		for i, c := range text {
			if 'a' <= c && c <= 'z' && g.IntN(2) == 0 {
				text[i] -= 'a' - 'A'
			}
		}
	}
	return string(text)
}

// A kind is what is special about a delivery.
type kind struct {
	name  string
	apply func(*draft)
}

// generate makes n deliveries, as many of each kind. A few are of two kinds.
func generate(seed uint64, n int) []*delivery {
	list := make([]*delivery, n)
	for i := range list {
		g := newDraft(rand.New(rand.NewPCG(seed, uint64(i))))
		k := kinds[i%len(kinds)]
		name := k.name
		k.apply(g)
		if g.IntN(6) == 0 {
			other := laterKinds[g.IntN(len(laterKinds))]
			name += " and " + other.name
			other.apply(g)
		}
		list[i] = g.finish(name)
	}
	return list
}

var kinds = slices.Concat(secretKinds, idKinds, timeKinds, headerKinds, signatureKinds, bodyKinds)

// laterKinds can be added to every other.
var laterKinds = []kind{
	{"too old", func(g *draft) { g.at(-301 - int64(g.IntN(2))) }},
	{"another secret signed", func(g *draft) { g.key = g.bytes(32) }},
	{"a changed body", func(g *draft) { g.signedBody = append(slices.Clone(g.body), ' ') }},
}
