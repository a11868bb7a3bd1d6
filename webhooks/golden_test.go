package webhooks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/webhooks"
)

// These secrets are the bytes 0 to 23, 100 to 131 and 200 to 224.
const (
	first  = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	second = "whsec_ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM="
	third  = "whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4A=="
)

// epoch is the time of the clock, and of the deliveries where a row says nothing else.
const epoch = 1767225600

const deletion = `{"data":{"deleted":true,"id":"user_1","object":"user"},"event_attributes":{"http_request":{"client_ip":"203.0.113.7","user_agent":"curl/8"}},"instance_id":"ins_1","object":"event","timestamp":1767225599000,"type":"user.deleted"}`

// The signatures of a deletion with the id msg_1 at the time epoch. They were made with
// another implementation than this one.
const (
	macOfFirst = "FVf4kXVygSLKCN/jDfhh5xridR50u1FpiT/HXqflwoc="
	ofFirst    = "v1," + macOfFirst
	ofSecond   = "v1,7HKULKDtm7z3FpN4jpChZazH+9XHyQJYfvsa6KRBhno="
)

const payload = "payload" // the verdict on what is verified and not an event

var golden = []struct {
	name    string
	secrets []string
	header  map[string][]string
	body    string
	verdict string
}{
	{
		name: "plain", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: "",
	},
	{
		name: "webhook-* headers", secrets: []string{first},
		header: map[string][]string{"webhook-id": {"msg_1"}, "webhook-timestamp": {"1767225600"}, "webhook-signature": {ofFirst}},
		body:   deletion, verdict: "",
	},
	{
		name: "both families, svix good, webhook garbage", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst}, "webhook-id": {"x"}, "webhook-timestamp": {"1"}, "webhook-signature": {"v1,AAAA"}},
		body:   deletion, verdict: "",
	},
	{
		name: "no headers", secrets: []string{first},
		header: nil,
		body:   deletion, verdict: string(webhooks.ReasonMissingHeaders),
	},
	{
		name: "no id", secrets: []string{first},
		header: map[string][]string{"svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonMissingHeaders),
	},
	{
		name: "no signature", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}},
		body:   deletion, verdict: string(webhooks.ReasonMissingHeaders),
	},
	{
		name: "id of spaces", secrets: []string{first},
		header: map[string][]string{"svix-id": {"   "}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonMissingHeaders),
	},
	{
		name: "spaces around each value", secrets: []string{first},
		header: map[string][]string{"svix-id": {" msg_1 "}, "svix-timestamp": {" 1767225600 "}, "svix-signature": {" " + ofFirst + " "}},
		body:   deletion, verdict: "",
	},
	{
		name: "timestamp twice", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600", "1"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonMalformedHeaders),
	},
	{
		name: "signature in two header lines, second good", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,AAAA", ofFirst}},
		body:   deletion, verdict: "",
	},
	{
		name: "id with a full stop, signed so", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg.1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,UE27Os2CpOIzTAvnZReArniFirJ/RE6PWDofhEhvUfY="}},
		body:   deletion, verdict: string(webhooks.ReasonMalformedHeaders),
	},
	{
		name: "id of 256 characters, signed so", secrets: []string{first},
		header: map[string][]string{"svix-id": {strings.Repeat("m", 256)}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,NOdAOahdnyJktq+UPhcFQdSSIsd3w8JcjFGeY30PUiY="}},
		body:   deletion, verdict: "",
	},
	{
		name: "other id", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_2"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "body with one more space", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst}},
		body:   deletion + " ", verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "other spacing, signed so", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,Pw3TaclC6OJgdfXL3ernFtEC4ky7h94dvVUWJpN/xeo="}},
		body:   "{ \"type\": \"user.deleted\" , \"data\": {\"id\":\"user_1\",\"object\":\"user\",\"deleted\":true}, \"object\":\"event\", \"timestamp\":1767225599000, \"instance_id\":\"ins_1\" }\n", verdict: "",
	},
	{
		name: "UTF-8 body", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,+qBdeDZfjy+l6hFKKZ0U07b0tPk/Q9BhqxEjRlwDQb0="}},
		body:   `{"data":{"id":"user_1","object":"user","first_name":"Zoë 🙂"},"instance_id":"ins_1","object":"event","timestamp":1767225599000,"type":"user.updated"}`, verdict: "",
	},
	{
		name: "second of two secrets", secrets: []string{second, first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: "",
	},
	{
		name: "other secret", secrets: []string{second},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "unpadded secret, 25 bytes", secrets: []string{"whsec_yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4A"},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,HgCLxlpYsG/xnjRBgUiAjcqD6yiAexck0t97pIm2rk8="}},
		body:   deletion, verdict: "",
	},
	{
		name: "padded secret, 25 bytes", secrets: []string{third},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,HgCLxlpYsG/xnjRBgUiAjcqD6yiAexck0t97pIm2rk8="}},
		body:   deletion, verdict: "",
	},
	{
		name: "two signatures, first of another key", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofSecond + " " + ofFirst}},
		body:   deletion, verdict: "",
	},
	{
		name: "two spaces between signatures", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofSecond + "  " + ofFirst}},
		body:   deletion, verdict: "",
	},
	{
		name: "comma between signatures", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofSecond + "," + ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "v1a first, then good v1", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1a,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA== " + ofFirst}},
		body:   deletion, verdict: "",
	},
	{
		name: "good MAC under v2", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v2," + macOfFirst}},
		body:   deletion, verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "MAC without version", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {macOfFirst}},
		body:   deletion, verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "empty MAC", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,"}},
		body:   deletion, verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "MAC in hexadecimal", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,1557f89175728122ca08dfe30df861e71ae2751e74bb5169893fc75ea7e5c287"}},
		body:   deletion, verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "MAC with something after a comma", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {ofFirst + ",x"}},
		body:   deletion, verdict: "",
	},
	{
		name: "MAC of the empty key", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,FwSZvLPHe8veh3M7PMQka1DR8ba1NRYnpySfWCkCkZI="}},
		body:   deletion, verdict: string(webhooks.ReasonNoMatchingSignature),
	},
	{
		name: "exactly 300 s old", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225300"}, "svix-signature": {"v1,PrqvVcxDAQQ687hX9BruLshRik41rVyg1ZpTF7B1dHE="}},
		body:   deletion, verdict: "",
	},
	{
		name: "301 s old", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225299"}, "svix-signature": {"v1,VKmZbICC3b11RZMKeOUocPl/nxpW3Zwl2XIOEuO7fSE="}},
		body:   deletion, verdict: string(webhooks.ReasonTooOld),
	},
	{
		name: "milliseconds, signed so", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600000"}, "svix-signature": {"v1,IvGTWRoQeSLEKPhmAbxb5UyUbwgB8kB9SMppKiFaqxA="}},
		body:   deletion, verdict: string(webhooks.ReasonTooNew),
	},
	{
		name: "zero, signed so", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"0"}, "svix-signature": {"v1,2l6BcAvDNLAm4HqFo97rWI4KbcEM2bY951JLu57j8Js="}},
		body:   deletion, verdict: string(webhooks.ReasonMalformedHeaders),
	},
	{
		name: "plus sign", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"+1767225600"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonMalformedHeaders),
	},
	{
		name: "leading zero", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"01767225600"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonMalformedHeaders),
	},
	{
		name: "fraction", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600.5"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonMalformedHeaders),
	},
	{
		name: "hexadecimal", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"0x6955b900"}, "svix-signature": {ofFirst}},
		body:   deletion, verdict: string(webhooks.ReasonMalformedHeaders),
	},
	{
		name: "empty body, signed so", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,4b3PxJ9D2riAbW5VLRQWuBm5AoXVCxvtwElPk9ScId4="}},
		body:   "", verdict: payload,
	},
	{
		name: "a JSON array, signed so", secrets: []string{first},
		header: map[string][]string{"svix-id": {"msg_1"}, "svix-timestamp": {"1767225600"}, "svix-signature": {"v1,6lY2OVjI5rAfxhHvxMDQL6lP1NZ21FlFijegAS6LKh8="}},
		body:   "[]", verdict: payload,
	},
}

func TestGoldenDeliveries(t *testing.T) {
	t.Parallel()
	for _, row := range golden {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := receiver(t, row.secrets[0], webhooks.WithSecrets(row.secrets[1:]...))
			header := http.Header{}
			for name, lines := range row.header {
				for _, line := range lines {
					header.Add(name, line)
				}
			}
			event, err := r.Event(header, []byte(row.body))
			if got := verdict(err); got != row.verdict {
				t.Errorf("%q, want %q: %v", got, row.verdict, err)
			}
			if (event != nil) != (row.verdict == "") {
				t.Errorf("the event is %v", event)
			}
			verified := r.Verify(header, []byte(row.body)) == nil
			if want := row.verdict == "" || row.verdict == payload; verified != want {
				t.Errorf("Verify passes: %t", verified)
			}
		})
	}
	if len(golden) != 40 {
		t.Errorf("%d rows", len(golden))
	}
}
