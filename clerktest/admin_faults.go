package clerktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// duration is a duration in JSON, such as "1.5s".
type duration time.Duration

func (d duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

func (d *duration) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("%s is not a duration such as \"1s\"", data)
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("%q is not a duration such as 1s", text)
	}
	*d = duration(parsed)
	return nil
}

// shownFault is a Fault in JSON.
type shownFault struct {
	Operation  string    `json:"operation,omitempty"`
	Times      int       `json:"times,omitempty"`
	Status     int       `json:"status,omitempty"`
	RetryAfter duration  `json:"retry_after,omitzero"`
	Delay      duration  `json:"delay,omitzero"`
	Drop       bool      `json:"drop,omitempty"`
	Hang       bool      `json:"hang,omitempty"`
	Cut        bool      `json:"cut,omitempty"`
	HTML       bool      `json:"html,omitempty"`
	Limit      shownRate `json:"limit,omitzero"`
}

type shownRate struct {
	Requests int      `json:"requests"`
	Per      duration `json:"per"`
}

func showFault(f Fault) shownFault {
	return shownFault{
		Operation: f.Operation, Times: f.Times, Status: f.Status, RetryAfter: duration(f.RetryAfter), Delay: duration(f.Delay),
		Drop: f.Drop, Hang: f.Hang, Cut: f.Cut, HTML: f.HTML, Limit: shownRate{f.Limit.Requests, duration(f.Limit.Per)},
	}
}

func (f shownFault) fault() Fault {
	return Fault{
		Operation: f.Operation, Times: f.Times, Status: f.Status, RetryAfter: time.Duration(f.RetryAfter), Delay: time.Duration(f.Delay),
		Drop: f.Drop, Hang: f.Hang, Cut: f.Cut, HTML: f.HTML, Limit: RateLimit{f.Limit.Requests, time.Duration(f.Limit.Per)},
	}
}

func (i *Instance) listFaults() listed[shownFault] {
	var shown []shownFault
	for _, f := range i.Faults() {
		shown = append(shown, showFault(f))
	}
	return list(shown)
}

// addFault adds the fault in a request.
func (i *Instance) addFault(r *http.Request) (any, error) {
	var f shownFault
	if err := readJSON(r, &f); err != nil {
		return nil, err
	}
	if err := i.inject(f.fault()); err != nil {
		return nil, invalid("form_param_value_invalid", "fault", "cannot be: %v", err)
	}
	return i.listFaults(), nil
}
