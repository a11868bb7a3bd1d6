package webhookdiff

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

var secretKinds = []kind{
	{"nothing", func(g *draft) {}},
	{"several secrets", func(g *draft) {
		for range 1 + g.IntN(3) {
			g.more = append(g.more, g.newSecret(32))
		}
		g.key = leniently(g.more[len(g.more)-1])
	}},
	{"several secrets, the first signed", func(g *draft) { g.more = []string{g.newSecret(24)} }},
	{"a secret without padding", func(g *draft) {
		g.secret = strings.TrimRight(g.newSecret(25+g.IntN(2)), "=")
	}},
	{"a short secret", func(g *draft) { g.secret = g.newSecret(1 + g.IntN(23)) }},
	{"an empty secret", func(g *draft) { g.secret = g.pick("", "whsec_", "whsec_", "whsec_=") }},
	{"a secret with odd padding", func(g *draft) {
		g.secret = strings.TrimRight(g.newSecret(25), "=") + g.pick("=", "===", "====")
	}},
	{"a secret with bits after the last byte", func(g *draft) {
		g.secret = g.pick("whsec_", "") + base64.StdEncoding.EncodeToString(append(g.bytes(24), 0))
		text := strings.TrimRight(g.secret, "A=")
		g.secret = text + strings.Repeat("A", len(strings.TrimRight(g.secret, "="))-len(text)-1) + "B" + g.pick("==", "")
	}},
	{"a secret with a character more", func(g *draft) { g.secret = g.newSecret(24) + g.pick("A", "_", "é") }},
	{"a secret in the alphabet of URLs", func(g *draft) {
		g.secret = "whsec_" + base64.URLEncoding.EncodeToString(append([]byte{0xfb, 0xff}, g.bytes(25)...))
	}},
	{"a secret with white space", func(g *draft) {
		s := g.newSecret(24)
		g.secret = g.pick(s+"\n", s+"\r\n", " "+s, s+" ", s[:12]+"\n"+s[12:], "whsec_ "+s)
	}},
	{"a key of another kind", func(g *draft) {
		g.secret = g.pick("sk_test_", "sk_live_", "pk_test_", "whpk_", "whsk_", "ak_", "whsec_whsec_", "WHSEC_") + base64.StdEncoding.EncodeToString(g.bytes(24))
	}},
}

var idKinds = []kind{
	{"an id with a full stop", func(g *draft) { g.id[0] = g.pick(g.id[0]+".", "."+g.id[0], "msg.1", "a.1.2") }},
	{"a long id", func(g *draft) {
		g.id[0] = strings.Repeat("m", []int{255, 256, 257, 258, 300, 4000}[g.IntN(6)])
	}},
	{"a long id, over 256", func(g *draft) { g.id[0] = strings.Repeat("m", 257+g.IntN(100)) }},
	{"an id with blanks or commas", func(g *draft) {
		g.id[0] = g.pick("msg 1", "msg\t1", "msg, 1", "a  b", "msg,1", "~!@#$%^&*()")
	}},
	{"an id that is not ASCII", func(g *draft) {
		g.id[0] = g.pick("msgé", "msg\xe9", "\xff\xfe", "msg_1\u00a0", "\u00a0msg_1", "\xa0msg_1", "msg_1\xa0", "消息")
		g.signedID = g.pick(g.id[0], fromLatin1(g.id[0]), fromLatin1(g.id[0]), strings.Trim(fromLatin1(g.id[0]), "\u00a0"))
	}},
	{"an id twice", func(g *draft) { g.id = g.pairs(g.id[0]) }},
	{"an id with blanks around", func(g *draft) {
		g.signedID = g.id[0]
		g.id[0] = g.pick(" ", "\t", "  \t ") + g.id[0] + g.pick("", " ", "\t")
	}},
	{"another id", func(g *draft) { g.signedID = g.pick("msg_0", strings.ToUpper(g.id[0]), g.id[0]+"0") }},
}

// pairs returns two lines, of which one or both are the value.
func (g *draft) pairs(value string) []string {
	return [][]string{{value, value}, {value, "1"}, {"1", value}, {"", value}, {value, ""}}[g.IntN(5)]
}

// fromLatin1 is what a text is for a reader that takes each byte for a character.
func fromLatin1(text string) string {
	runes := make([]rune, 0, len(text))
	for _, c := range []byte(text) {
		runes = append(runes, rune(c))
	}
	return string(runes)
}

// spelled writes the timestamp in another way, and signs it in either.
func (g *draft) spelled(spell func(string) string) {
	before := g.time[0]
	g.time[0] = spell(before)
	if g.signedTime = before; g.IntN(3) == 0 {
		g.signedTime = g.time[0]
	}
}

var timeKinds = []kind{
	{"at the edge", func(g *draft) {
		g.at([]int64{-302, -301, -300, -299, 299, 300, 301, 302}[g.IntN(8)])
	}},
	{"as old as allowed", func(g *draft) { g.at(-300) }},
	{"as old as allowed, and half a second", func(g *draft) { g.clock = beginning.Add(time.Second / 2); g.at(-300) }},
	{"as new as allowed", func(g *draft) { g.at(300) }},
	{"a second too old", func(g *draft) { g.at(-301) }},
	{"a second too new", func(g *draft) { g.at(301) }},
	{"a plus sign", func(g *draft) { g.spelled(func(s string) string { return "+" + s }) }},
	{"a leading zero", func(g *draft) {
		zeros := g.pick("0", "00", "000000000000000000000")
		g.spelled(func(s string) string { return zeros + s })
	}},
	{"a plus sign, signed as a number", func(g *draft) { g.signedTime, g.time[0] = g.time[0], "+"+g.time[0] }},
	{"a leading zero, signed as a number", func(g *draft) { g.signedTime, g.time[0] = g.time[0], "0"+g.time[0] }},
	{"a fraction", func(g *draft) {
		end := g.pick(".0", ".5", ".", ".999")
		g.spelled(func(s string) string { return s + end })
	}},
	{"something after the timestamp", func(g *draft) {
		end := g.pick("s", " s", ",1", "-", "_000", "e0", "n", "\t0", "é")
		g.spelled(func(s string) string { return s + end })
	}},
	{"a no-break space around a value", func(g *draft) {
		switch g.IntN(3) {
		case 0:
			g.spelled(func(s string) string { return "\xa0" + s })
		case 1:
			g.signedTime = g.time[0]
			g.time[0] += "\xa0"
		default:
			g.entry(func(mac string) string { return "\xa0v1," + mac })
		}
	}},
	{"a no-break space around a signature", func(g *draft) {
		before, after := g.pick("\xa0", "\u00a0", ""), g.pick("\xa0", "\u00a0", "")
		g.entry(func(mac string) string { return before + "v1," + mac + after })
	}},
	{"a no-break space before a timestamp", func(g *draft) { g.signedTime, g.time[0] = g.time[0], "\xa0"+g.time[0] }},
	{"a negative timestamp", func(g *draft) { g.spelled(func(s string) string { return "-" + s }) }},
	{"no number", func(g *draft) {
		g.time[0] = g.pick("x", "-", "+", "NaN", "Infinity", ".5", "now", "٣", "0x"+strconv.FormatInt(g.clock.Unix(), 16))
	}},
	{"a small number", func(g *draft) { g.time[0] = g.pick("0", "1", "-0", "+0", "00", "1e9", "-1") }},
	{"a large number", func(g *draft) {
		g.time[0] = g.pick(g.time[0]+"000", "999999999999999", "1000000000000000", "9223372036854775807", "9223372036854775808",
			"18446744073709551616", strings.Repeat("9", 400), "1_000")
	}},
	{"a number of more than 15 digits", func(g *draft) { g.time[0] += strings.Repeat("0", 6+g.IntN(6)) }},
	{"a timestamp twice", func(g *draft) {
		g.signedTime = g.time[0]
		g.time = g.pairs(g.time[0])
	}},
	{"a good timestamp, then another", func(g *draft) {
		g.signedTime = g.time[0]
		g.time = append(g.time, g.pick("1", "x", g.time[0]))
	}},
	{"a timestamp with blanks around", func(g *draft) {
		g.signedTime = g.time[0]
		g.time[0] = g.pick(" ", "\t", "") + g.time[0] + g.pick(" ", " \t")
	}},
	{"another timestamp", func(g *draft) { g.signedTime = strconv.FormatInt(g.clock.Unix()+400, 10) }},
}

var headerKinds = []kind{
	{"no id", func(g *draft) { g.id = g.absent() }},
	{"no timestamp", func(g *draft) { g.time = g.absent() }},
	{"no signature", func(g *draft) { lines := g.absent(); g.entries = func(string) []string { return lines } }},
	{"no headers", func(g *draft) { g.id, g.time, g.entries = nil, nil, func(string) []string { return nil } }},
	{"the other names", func(g *draft) { g.family = standard }},
	{"the other names, too old", func(g *draft) { g.family = standard; g.at(-301) }},
	{"both names", func(g *draft) {
		for _, part := range parts {
			g.beside = append(g.beside, [2]string{standard + part, g.pick("x", "1", "", "v1,AAAA")})
		}
	}},
	{"the other names, and one of these", func(g *draft) {
		g.family = standard
		g.beside = append(g.beside, [2]string{g.cased(svix + g.pick(parts...)), g.pick("", "x", "1", g.time[0], g.id[0])})
	}},
}

// absent returns no line, or lines with nothing in them.
func (g *draft) absent() []string {
	return [][]string{nil, nil, {""}, {"  \t"}, {}}[g.IntN(5)]
}

var signatureKinds = []kind{
	{"other signatures around", func(g *draft) {
		other := "v1," + base64.StdEncoding.EncodeToString(g.bytes(32))
		format := g.pick("%s v1,%s", "v1,%[2]s %[1]s", "%s  v1,%s", "v1a,AAAA v1,%[2]s", "v2,AAAA %s v1,%s x", "v1 v1, , v1,%[2]s", ", v1,%[2]s")
		g.entry(func(mac string) string { return fmt.Sprintf(format, other, mac) })
	}},
	{"two lines of signatures", func(g *draft) {
		first := g.pick("v1,AAAA", "", "v1", "v1,", "v1a,AAAA v2,AAAA")
		g.entries = func(mac string) []string { return []string{first, "v1," + mac} }
		if g.IntN(3) == 0 {
			g.entries = func(mac string) []string { return []string{"v1," + mac, first} }
		}
	}},
	{"another signature in the line before", func(g *draft) {
		g.entries = func(mac string) []string { return []string{"v1," + sign(g.key, "x", "1", nil), "v1," + mac} }
	}},
	{"lines of signatures joined by a proxy", func(g *draft) {
		format := g.pick("v1,AAAA, v1,%s", "v1,%s, v1,AAAA", "v1,AAAA,v1,%s", "v1,%s,v1,AAAA")
		g.entry(func(mac string) string { return fmt.Sprintf(format, mac) })
	}},
	{"another version", func(g *draft) {
		version := g.pick("v2,", "v1a,", "V1,", "", "v1", "v1:", "v1=", "v01,", " v,", "v1 ,", "v1,,", "v1, ")
		g.entry(func(mac string) string { return version + mac })
	}},
	{"no signature after the version", func(g *draft) {
		line := g.pick("v1", "v1,", ",", "v1,,", "v1, v1")
		g.entry(func(string) string { return line })
	}},
	{"another encoding", func(g *draft) {
		style := g.IntN(5)
		g.entry(func(mac string) string {
			raw, _ := base64.StdEncoding.DecodeString(mac)
			return "v1," + []string{hex.EncodeToString(raw), base64.URLEncoding.EncodeToString(raw), strings.TrimRight(mac, "="), mac + "=", strings.ToLower(mac)}[style]
		})
	}},
	{"something after the signature", func(g *draft) {
		end := g.pick(",", ",x", ",v1", "\t", ";", "x", "\tx", ",\tx")
		g.entry(func(mac string) string { return "v1," + mac + end })
	}},
	{"signatures with a tab between", func(g *draft) { g.entry(func(mac string) string { return "v1,AAAA\tv1," + mac }) }},
	{"many signatures", func(g *draft) {
		g.entry(func(mac string) string { return strings.Repeat("v1,AAAA ", 200) + "v1," + mac })
	}},
	{"another secret signed", func(g *draft) { g.key = g.bytes(32) }},
	{"the empty key signed", func(g *draft) { g.key = []byte{} }},
	{"the text of the secret signed", func(g *draft) { g.key = []byte(g.secret) }},
	{"a changed character in the signature", func(g *draft) {
		at := g.IntN(42)
		g.entry(func(mac string) string {
			text := []byte(mac)
			text[at] = "AB"[min(1, strings.Count(mac[at:at+1], "A"))]
			return "v1," + string(text)
		})
	}},
	{"stray bits in the signature", func(g *draft) {
		g.entry(func(mac string) string { return "v1," + mac[:42] + string(mac[42]+1) + "=" })
	}},
}

var bodyKinds = []kind{
	{"no event", func(g *draft) {
		g.body = []byte(g.pick(`[]`, `7`, `"x"`, `true`, `{}`, `{"type":""}`, `{"type":null}`, `{"type":7}`, `{"Type":"user.created"}`, `[{"type":"user.created"}]`))
	}},
	{"no object with a type", func(g *draft) { g.body = []byte(g.pick(`{"data":{}}`, `[1]`, `{"type":["user.created"]}`)) }},
	{"no JSON", func(g *draft) {
		event := g.event()
		g.body = []byte(g.pick(`null`, ` `, `{`, event[:len(event)-2], event+"x", event+event, event+"\x00", "\x00", "NaN", "{'type':'x'}", "\u00a0"+event, event+"\v"))
	}},
	{"an empty body", func(g *draft) { g.body = []byte{} }},
	{"data that does not fit", func(g *draft) {
		g.misfit = true
		g.body = []byte(g.pick(
			`{"type":"user.deleted","data":{"id":7},"instance_id":"ins_1"}`, `{"type":"user.created","data":{"banned":"no","id":"user_1"}}`,
			`{"type":"session.created","data":null}`, `{"type":"user.updated"}`, `{"type":"email.created","data":[]}`))
	}},
	{"a deep body", func(g *draft) {
		depth := 201 + g.IntN(100)
		g.body = []byte(`{"type":"moon.full","data":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`)
	}},
	{"a byte order mark", func(g *draft) {
		event := g.body
		g.body = append([]byte(byteOrderMark), event...)
		if g.IntN(4) > 0 {
			g.signedBody = event
		}
	}},
	{"bytes that are not UTF-8", func(g *draft) {
		g.body = []byte(strings.Replace(`{"type":"user.deleted","data":{"id":"user_?"}}`, "?", g.pick("\xff", "\xc3", "\xed\xa0\x80", "\xf5\x80", "\xe2\x82"), 1))
		if g.IntN(4) > 0 {
			g.signedBody = replaced(g.body)
		}
	}},
	{"a changed body", func(g *draft) {
		g.signedBody = []byte(g.pick(string(g.body)+"\n", " "+string(g.body), strings.ReplaceAll(string(g.body), "user", "User"), strings.ReplaceAll(string(g.body), ":", ": ")))
	}},
	{"other line breaks", func(g *draft) {
		g.body = []byte("{\r\n\"type\": \"moon.full\",\r\n\"instance_id\": \"ins_1\"\r\n}\r\n")
		if g.IntN(2) == 0 {
			g.signedBody = []byte(strings.ReplaceAll(string(g.body), "\r\n", "\n"))
		}
	}},
	{"a huge body", func(g *draft) {
		const limit = 1 << 20
		frame := `{"type":"moon.full","data":""}`
		g.body = []byte(frame[:len(frame)-2] + strings.Repeat("x", limit-len(frame)+g.IntN(4)-1) + frame[len(frame)-2:])
	}},
	{"a body over the limit", func(g *draft) { g.body = append([]byte(g.event()), strings.Repeat(" ", 1<<20)...) }},
}

// replaced is the body as a decoder of UTF-8 in a browser takes it, which replaces each
// sequence of bytes that cannot go on.
func replaced(body []byte) []byte {
	text := string(body)
	for _, bad := range []struct{ bytes, by string }{
		{"\xed\xa0\x80", "\ufffd\ufffd\ufffd"}, {"\xe2\x82", "\ufffd"}, {"\xf5\x80", "\ufffd\ufffd"}, {"\xff", "\ufffd"}, {"\xc3", "\ufffd"},
	} {
		text = strings.ReplaceAll(text, bad.bytes, bad.by)
	}
	return []byte(text)
}
