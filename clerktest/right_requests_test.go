package clerktest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/clerktest/internal/description"
)

// rightRequest is a request to an operation that succeeds in a populated instance.
type rightRequest struct {
	ids   []string // of the path, in its order
	query string
	body  map[string]any
	list  []any  // a body that is a list
	file  string // the field of a form that holds a file

	// seed, unless it is nil, changes the population first.
	seed func(*clerktest.Seed)
}

// rightRequests are the right requests of the operations that take IDs, a body or a query.
var rightRequests = map[string]rightRequest{}

// rightly adds right requests.
func rightly(more map[string]rightRequest) bool {
	maps.Copy(rightRequests, more)
	return true
}

// send sends the request.
func (r rightRequest) send(t *testing.T, instance *clerktest.Instance, o description.Operation, key []string) response {
	t.Helper()
	path := r.pathOf(o) + "?" + r.query
	if r.file != "" {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		part, err := w.CreateFormFile(r.file, "dot.png")
		if err == nil {
			_, err = part.Write(dotPNG)
		}
		for name, value := range r.body {
			err = errors.Join(err, w.WriteField(name, fmt.Sprint(value)))
		}
		if err = errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
		return send(t, instance, o.Method, path, form.String(), append(key, "Content-Type", w.FormDataContentType())...)
	}
	var body any = r.body
	if r.list != nil {
		body = r.list
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if string(raw) == "null" {
		raw = nil
	}
	if bytes.Contains(raw, []byte("EXPIRED")) {
		raw = bytes.ReplaceAll(raw, []byte("EXPIRED"), []byte(instance.Token(clerktest.ForSession("sess_1"), clerktest.WithAuthorizedParty("http://app.test"), clerktest.Expired())))
		raw = bytes.ReplaceAll(raw, []byte("REFRESH"), []byte(instance.RefreshToken("sess_1")))
	}
	return send(t, instance, o.Method, path, string(raw), key...)
}

// dotPNG is an image of one point.
var dotPNG = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" +
	"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82")

// pathOf returns the path of the request.
func (r rightRequest) pathOf(o description.Operation) string {
	var path []string
	ids := r.ids
	for segment := range strings.SplitSeq(o.Path, "/") {
		if strings.HasPrefix(segment, "{") && len(ids) > 0 {
			segment, ids = ids[0], ids[1:]
		}
		path = append(path, segment)
	}
	return strings.Join(path, "/")
}

// population is a seed with resources of every kind, by the names of their lists.
var population = map[string]string{}

// populate adds lists to the population.
func populate(more map[string]string) bool {
	for name, list := range more {
		population[name] = fixedIDs.Replace(list)
	}
	return true
}

// populationSeed returns the population as the text of a seed.
func populationSeed(t *testing.T) string {
	t.Helper()
	lists := map[string]json.RawMessage{}
	for name, list := range population {
		lists[name] = json.RawMessage(list)
	}
	text, err := json.Marshal(lists)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// IDs in the form that the description requires for some parameters.
var (
	keySubject = "user_" + strings.Repeat("1", 27)
	machineOne = "mch_" + strings.Repeat("1", 27)
	hexDigits  = strings.Repeat("ab", 16)
	fixedIDs   = strings.NewReplacer("KEY_SUBJECT", keySubject, "MACHINE_ONE", machineOne, "HEX", hexDigits)
)

var _ = populate(map[string]string{
	"users":         `[{"id": "user_1", "email_addresses": [{"email_address": "one@example.com"}]}, ` + person + `]`,
	"sessions":      `[{"id": "sess_1", "user_id": "user_1"}]`,
	"jwt_templates": `[{"id": "jtmp_1", "name": "supabase", "claims": {"aud": "authenticated"}}]`,
	"machines":      `[{"id": "MACHINE_ONE", "secret_key": "ak_machine", "scoped_machines": ["mch_2"]}, {"id": "mch_2", "name": "two"}, {"id": "mch_3"}]`,
	"api_keys":      `[{"id": "ak_HEX", "subject": "KEY_SUBJECT", "name": "key", "secret": "ak_seeded", "scopes": ["read"], "claims": {"tier": 1}}]`,
	"m2m_tokens":    `[{"id": "mt_HEX", "subject": "MACHINE_ONE", "token": "mt_seeded", "scopes": ["mch_2"]}]`,
	"oauth_tokens":  `[{"subject": "user_1", "client_id": "client_1", "token": "oat_seeded", "scopes": ["email"]}]`,
	"redirect_urls": `[{"id": "ru_1", "url": "https://example.com/done"}]`,
})

var (
	oneUser     = []string{"user_1"}
	oneSession  = []string{"sess_1"}
	oneTemplate = []string{"jtmp_1"}
	oneMachine  = []string{machineOne}
	oneAPIKey   = []string{"ak_" + hexDigits}
	oneM2MToken = []string{"mt_" + hexDigits}
)

var _ = rightly(map[string]rightRequest{
	"CreateUser":          {body: map[string]any{"email_address": []any{"new@example.com"}}},
	"GetUser":             {ids: oneUser},
	"UpdateUser":          {ids: oneUser, body: map[string]any{"first_name": "New"}},
	"DeleteUser":          {ids: oneUser},
	"BanUser":             {ids: oneUser},
	"UnbanUser":           {ids: oneUser},
	"LockUser":            {ids: oneUser},
	"UnlockUser":          {ids: oneUser},
	"MergeUserMetadata":   {ids: oneUser, body: map[string]any{"public_metadata": map[string]any{"a": 1}}},
	"ReplaceUserMetadata": {ids: oneUser, body: map[string]any{"public_metadata": map[string]any{"a": 1}}},
	"BanUsers":            {body: map[string]any{"user_ids": []any{"user_1"}}},
	"UnbanUsers":          {body: map[string]any{"user_ids": []any{"user_1"}}},

	"CreateSession":                  {body: map[string]any{"user_id": "user_1"}},
	"GetSession":                     {ids: oneSession},
	"RevokeSession":                  {ids: oneSession},
	"CreateSessionToken":             {ids: oneSession, body: map[string]any{"expires_in_seconds": 60}},
	"CreateSessionTokenFromTemplate": {ids: []string{"sess_1", "supabase"}, body: map[string]any{"expires_in_seconds": 60}},
	"RefreshSession":                 {ids: oneSession, body: map[string]any{"expired_token": "EXPIRED", "refresh_token": "REFRESH", "request_origin": "http://app.test"}},

	"CreateJWTTemplate": {body: map[string]any{"name": "new", "claims": map[string]any{"a": 1}}},
	"GetJWTTemplate":    {ids: oneTemplate},
	"UpdateJWTTemplate": {ids: oneTemplate, body: map[string]any{"name": "new", "claims": map[string]any{"a": 1}}},
	"DeleteJWTTemplate": {ids: oneTemplate},

	"CreateMachine":          {body: map[string]any{"name": "new"}},
	"GetMachine":             {ids: oneMachine},
	"UpdateMachine":          {ids: oneMachine, body: map[string]any{"name": "new"}},
	"DeleteMachine":          {ids: oneMachine},
	"CreateMachineScope":     {ids: oneMachine, body: map[string]any{"to_machine_id": "mch_3"}},
	"DeleteMachineScope":     {ids: []string{machineOne, "mch_2"}},
	"GetMachineSecretKey":    {ids: oneMachine},
	"RotateMachineSecretKey": {ids: oneMachine, body: map[string]any{"previous_token_ttl": 60}},

	"ListAPIKeys":            {query: "subject=" + keySubject},
	"CreateAPIKey":           {body: map[string]any{"name": "new", "subject": keySubject}},
	"GetAPIKey":              {ids: oneAPIKey},
	"GetAPIKeySecret":        {ids: oneAPIKey},
	"UpdateAPIKey":           {ids: oneAPIKey, body: map[string]any{"scopes": []any{"a"}}},
	"RevokeAPIKey":           {ids: oneAPIKey, body: map[string]any{"revocation_reason": "old"}},
	"DeleteAPIKey":           {ids: oneAPIKey},
	"VerifyAPIKey":           {body: map[string]any{"secret": "ak_seeded"}},
	"ListM2MTokens":          {query: "subject=" + machineOne},
	"CreateM2MToken":         {body: map[string]any{"token_format": "opaque"}},
	"RevokeM2MToken":         {ids: oneM2MToken, body: map[string]any{"revocation_reason": "old"}},
	"VerifyM2MToken":         {body: map[string]any{"token": "mt_seeded"}},
	"VerifyOAuthAccessToken": {body: map[string]any{"access_token": "oat_seeded"}},

	"CreateRedirectURL": {body: map[string]any{"url": "https://example.com/new"}},
	"GetRedirectURL":    {ids: []string{"ru_1"}},
	"DeleteRedirectURL": {ids: []string{"ru_1"}},
})
