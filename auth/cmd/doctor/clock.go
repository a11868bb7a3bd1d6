package main

import (
	"net/http"
	"time"
)

// interval bounds a difference of times.
type interval struct{ least, most time.Duration }

// clockDifference returns how far this machine's clock is ahead of a server's that dates its
// response. The response was dated between the two times, and a date has whole seconds.
func clockDifference(sent, received time.Time, date string) interval {
	dated, err := http.ParseTime(date)
	if err != nil {
		return interval{}
	}
	return interval{sent.Sub(dated.Add(time.Second)), received.Sub(dated)}
}

// checkClock compares the clocks with what tokens are accepted with.
func (e *examination) checkClock() {
	clock, accepted := e.backend.clock, e.settings.ClockSkew
	if clock == (interval{}) {
		clock = e.frontend.clock
	}
	const remedy = "Tokens look expired or not yet valid: set the clock of this machine, such as by NTP"
	switch round := time.Second; {
	case !e.backend.responded && !e.frontend.responded: // which was said
	case clock == (interval{}):
		e.report.add(warning, "clock", "no response had a date to compare it with")
	case clock.least > accepted:
		e.report.add(wrong, "clock", "at least %v ahead of Clerk's, and %v are accepted. %s", clock.least.Round(round), accepted, remedy)
	case clock.most < -accepted:
		e.report.add(wrong, "clock", "at least %v behind Clerk's, and %v are accepted. %s", -clock.most.Round(round), accepted, remedy)
	default:
		most := max(clock.most, -clock.least).Round(100 * time.Millisecond)
		e.report.add(ok, "clock", "at most %v away from Clerk's; a service accepts %v", most, accepted)
	}
}
