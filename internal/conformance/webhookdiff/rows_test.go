package webhookdiff

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A difference is a known one. It sees a delivery and never the outcome of package
// webhooks, so it cannot excuse one.
type difference struct {
	id      string // in docs/differences.md
	applies func(*delivery) bool
	// rewrite changes the delivery into one that the peer takes as package webhooks takes
	// this one.
	rewrite func(*delivery)
	// verdict is the one that package webhooks must have.
	verdict func(*delivery) verdict
	// last is for a row about what the peer accepts alone.
	last bool
}

func always(v verdict) func(*delivery) verdict { return func(*delivery) verdict { return v } }

// short reports whether a secret has too few bytes.
func short(secret string) bool { return len(leniently(secret)) < 24 }

// strict is a secret in base64 with its padding or without it. Of the last character, the
// bits after the last byte are zero.
var strict = regexp.MustCompile(`\A(whsec_)?([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw](==)?|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=?)?\z`)

func (d *delivery) anySecret(is func(string) bool) bool { return slices.ContainsFunc(d.Secrets, is) }

// of limits a condition to deliveries without a missing header.
func of(part string, is func(string) bool) func(*delivery) bool {
	return func(d *delivery) bool { return d.isComplete(d.family()) && is(d.one(part)) }
}

func twice(part string) func(*delivery) bool {
	return func(d *delivery) bool { return d.isComplete(d.family()) && len(d.lines(d.family()+part)) > 1 }
}

func matches(pattern string) func(string) bool { return regexp.MustCompile(pattern).MatchString }

// The rows about headers that are refused here.
var (
	repeatedID    = difference{id: "W2", applies: twice("id"), verdict: always(malformed)}
	repeatedTime  = difference{id: "W2", applies: twice("timestamp"), verdict: always(malformed)}
	fullStop      = difference{id: "W3", applies: of("id", matches(`\.`)), verdict: always(malformed)}
	longID        = difference{id: "W4", applies: of("id", func(id string) bool { return len(id) > 256 }), verdict: always(malformed)}
	plusSign      = difference{id: "W5", applies: of("timestamp", matches(`\A\+`)), verdict: always(malformed)}
	leadingZero   = difference{id: "W6", applies: of("timestamp", matches(`\A\+?0[0-9]`)), verdict: always(malformed)}
	moreThanTime  = difference{id: "W7", applies: of("timestamp", matches(`\A\s*[+]?[0-9]+[^0-9]`)), verdict: always(malformed)}
	invisibleID   = difference{id: "W9", applies: of("id", matches(`[^!-~]`)), verdict: always(malformed)}
	shortSecret   = difference{id: "W10", applies: func(d *delivery) bool { return d.anySecret(short) }, verdict: always(configuration)}
	inexactSecret = difference{
		id:      "W11",
		applies: func(d *delivery) bool { return d.anySecret(func(s string) bool { return !strict.MatchString(s) }) },
		verdict: always(configuration),
	}
)

// fromJavaScript are the differences from the JavaScript SDK, in the order in which they
// decide.
var fromJavaScript = []difference{
	{
		id:      "W1",
		applies: func(d *delivery) bool { return !d.has(svix) && d.isComplete(standard) },
		rewrite: func(d *delivery) { d.rename(standard, svix) },
	},
	shortSecret, inexactSecret,
	{id: "W12", applies: func(d *delivery) bool { return len(d.Body) > 1<<20 }, verdict: always(tooLarge)},
	repeatedID, repeatedTime, fullStop, longID, invisibleID, plusSign, leadingZero, moreThanTime,
	{
		id: "W13", applies: func(d *delivery) bool { return d.isComplete(d.family()) && d.noBreakSpace() },
		verdict: func(d *delivery) verdict { return d.judged() },
	},
	{
		id: "W14", applies: func(d *delivery) bool { return d.isComplete(d.family()) && !isText(d.Body) },
		verdict: func(d *delivery) verdict { return d.judged() },
	},
	{id: "W8", applies: func(d *delivery) bool { return !d.isEvent() }, verdict: always(payload), last: true},
	{id: "W15", applies: func(d *delivery) bool { return d.Misfit }, verdict: always(payload), last: true},
}

// noBreakSpace reports whether a value begins or ends with a no-break space in Latin-1.
func (d *delivery) noBreakSpace() bool {
	return slices.ContainsFunc(parts, func(part string) bool {
		value := d.one(part)
		return strings.HasPrefix(value, "\xa0") || strings.HasSuffix(value, "\xa0")
	})
}

// judged is the verdict on a delivery with good secrets and no missing header.
func (d *delivery) judged() verdict {
	switch {
	case !goodID.MatchString(d.one("id")), !goodTime.MatchString(d.one("timestamp")):
		return malformed
	case d.age() > 300:
		return tooOld
	case d.age() < -300:
		return tooNew
	case !d.isSigned():
		return unsigned
	case !isText(d.Body) || !d.isEvent() || d.Misfit:
		return payload
	default:
		return ok
	}
}

// isEvent reports whether the body is an object with a type that is not nested too deeply.
func (d *delivery) isEvent() bool {
	var event map[string]any
	if json.Unmarshal(d.Body, &event) != nil && event == nil {
		return false
	}
	name, _ := event["type"].(string)
	depth := strings.Count(string(d.Body), "[") + strings.Count(string(d.Body), "{")
	return name != "" && depth <= 200 && utf8.Valid(d.Body)
}

// reworded are refusals for which package webhooks has another word, because it looks at
// the form of a header first.
func reworded(d *delivery, theirs verdict) verdict {
	early := theirs == tooOld || theirs == tooNew || theirs == unsigned
	if early && (!goodID.MatchString(d.one("id")) || !goodTime.MatchString(d.one("timestamp"))) {
		return malformed
	}
	return theirs
}

// fromLibraries are the differences from both Go libraries, and fromSvix and fromStandard
// those from one.
var (
	fromLibraries = []difference{
		{
			id: "G1", applies: func(d *delivery) bool { return len(d.lines(d.family()+"signature")) > 1 },
			rewrite: func(d *delivery) {
				name := d.family() + "signature"
				joined := strings.Join(d.lines(name), " ")
				d.Header = slices.DeleteFunc(d.Header, func(f [2]string) bool { return strings.EqualFold(f[0], name) })
				d.Header = append(d.Header, [2]string{name, joined})
			},
		},
		{
			id: "G2", applies: func(d *delivery) bool { return d.anySecret(unpadded) },
			rewrite: func(d *delivery) {
				for i, s := range d.Secrets {
					if unpadded(s) {
						d.Secrets[i] = s + strings.Repeat("=", 4-len(strings.TrimPrefix(s, "whsec_"))%4)
					}
				}
			},
		},
		{
			id: "G3", applies: func(d *delivery) bool { return d.Clock.Nanosecond() > 0 },
			rewrite: func(d *delivery) { d.Clock = beginning },
		},
		repeatedID, repeatedTime, fullStop, longID, invisibleID, plusSign, leadingZero, shortSecret, inexactSecret,
	}
	fromSvix = []difference{{
		id:      "G4",
		applies: func(d *delivery) bool { return d.has(svix) && !d.isComplete(svix) && d.isComplete(standard) },
		verdict: always(missing),
	}}
	fromStandard = []difference{{
		id: "G5", applies: func(d *delivery) bool { return d.has(svix) },
		rewrite: func(d *delivery) { d.remove(standard); d.rename(svix, standard) },
	}}
)

// unpadded reports whether a good secret has not the padding that it could have.
func unpadded(secret string) bool {
	return strict.MatchString(secret) && len(strings.TrimPrefix(secret, "whsec_"))%4 > 1
}
