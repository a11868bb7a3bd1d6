package clerk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/users"
)

func ExampleNew() {
	client, err := clerk.New("sk_test_example",
		clerk.WithTimeout(5*time.Second),
		clerk.WithMaxRetries(1),
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client)

	_, err = clerk.New("pk_test_example")
	fmt.Println(err)
	// Output:
	// clerk.Client(https://api.clerk.com/v1, development)
	// clerk: secret key: this is a publishable key; the secret key starts with sk_
}

// Call an operation that no package has by its method and path. It uses the same
// key, version, retries, limits and errors as every other call.
func ExampleCall() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/clients/handshake_payload", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"directives":["__session=example; Path=/; Secure"]}`)
	})
	api := httptest.NewServer(mux)
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	type payload struct {
		Directives []string `json:"directives"` // each the value of a Set-Cookie header
	}
	handshake, err := clerk.Call[payload](context.Background(), client, clerk.Request{
		Method:    http.MethodGet,
		Path:      "/clients/handshake_payload",
		Query:     clerk.Query{"nonce": "example"},
		Operation: "GetHandshakePayload", // names the call in errors and logs
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(handshake.Directives))
	// Output: 1
}

// Pass ids in IDs, never in Path, so that they are checked and escaped. Body is
// anything that encodes to JSON. None is for a call without a result.
func ExampleCall_write() {
	mux := http.NewServeMux()
	mux.HandleFunc("PATCH /v1/widgets/{widget_id}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{}`)
	})
	api := httptest.NewServer(mux)
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	type changes struct {
		Label clerk.Optional[string] `json:"label,omitzero"`
		Turns clerk.Optional[int]    `json:"turns,omitzero"`
	}
	rename := func(widgetID string) error {
		_, err := clerk.Call[clerk.None](context.Background(), client, clerk.Request{
			Method:    http.MethodPatch,
			Path:      "/widgets/{widget_id}",
			IDs:       []string{widgetID},
			Body:      changes{Label: clerk.Set("blue")},
			Operation: "widgets.UpdateWidget",
		})
		return err
	}
	fmt.Println(rename("wid_1"))
	fmt.Println(rename("../users"))
	// Output:
	// <nil>
	// clerk: widgets.UpdateWidget: widget_id: contains /, which is not allowed in an id
}

// Read a field that a model does not have yet together with those that it has.
func ExampleCall_field() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/users/{user_id}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"id":"user_1","first_name":"Ada","favorite_color":"blue"}`)
	})
	api := httptest.NewServer(mux)
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	type user struct {
		users.User
		FavoriteColor string `json:"favorite_color"`
	}
	u, err := clerk.Call[user](context.Background(), client, clerk.Request{
		Method: http.MethodGet, Path: "/users/{user_id}", IDs: []string{"user_1"}, Operation: "users.GetUser",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(u.ID, *u.FirstName, u.FavoriteColor)
	// Output: user_1 Ada blue
}

func ExampleError() {
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /v1/users/{user_id}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"errors":[{"code":"resource_not_found","message":"not found"}],"clerk_trace_id":"trace_1"}`)
	})
	api := httptest.NewServer(mux)
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	_, err = clerk.Call[clerk.None](context.Background(), client, clerk.Request{
		Method: http.MethodDelete, Path: "/users/{user_id}", IDs: []string{"user_1"}, Operation: "users.DeleteUser",
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, clerk.ErrNotFound), clerk.HasCode(err, "resource_not_found"))
	var e *clerk.Error
	if errors.As(err, &e) {
		fmt.Println(e.StatusCode, e.TraceID)
	}
	// Output:
	// clerk: users.DeleteUser: 404 resource_not_found: not found
	// true true
	// 404 trace_1
}

func ExampleDecodeError() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/users", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `[{"id":"user_1"},{"id":7}]`)
	})
	api := httptest.NewServer(mux)
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	type user struct {
		ID string `json:"id"`
	}
	_, err = clerk.Call[clerk.List[user]](context.Background(), client, clerk.Request{
		Method: http.MethodGet, Path: "/users", Operation: "users.ListUsers",
	})
	var e *clerk.DecodeError
	if errors.As(err, &e) {
		fmt.Println(e.Path)
		if list, ok := e.Partial.(*clerk.List[user]); ok {
			fmt.Println(list.Data[0].ID)
		}
	}
	// Output:
	// [1].id
	// user_1
}

func ExampleDecode() {
	type user struct {
		ID        string          `json:"id"`
		Name      string          `json:"name"`
		CreatedAt clerk.Timestamp `json:"created_at"`
	}
	var u user
	err := clerk.Decode([]byte(`{"id":"user_1","name":7,"created_at":1.7e12}`), &u)
	fmt.Println(err)
	fmt.Println(u.ID, u.CreatedAt)
	// Output:
	// clerk: cannot decode: name: JSON number does not fit string
	// user_1 2023-11-14T22:13:20.000Z
}

func ExampleOptional() {
	type params struct {
		FirstName clerk.Optional[string] `json:"first_name,omitzero"`
		Username  clerk.Optional[string] `json:"username,omitzero"`
	}
	for _, p := range []params{
		{},                               // changes neither
		{FirstName: clerk.Set("Ada")},    // sets one
		{Username: clerk.Null[string]()}, // clears the other
	} {
		body, err := json.Marshal(p)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(body))
	}
	// Output:
	// {}
	// {"first_name":"Ada"}
	// {"username":null}
}

func ExampleValue() {
	user := users.User{LastName: new("Lovelace")} // the API sent null as the first name
	fmt.Printf("%q %q\n", clerk.Value(user.FirstName), clerk.Value(user.LastName))
	fmt.Println(clerk.Value(user.LastSignInAt) == 0) // never signed in
	// Output:
	// "" "Lovelace"
	// true
}

func ExampleSetMetadata() {
	var m clerk.Metadata
	if err := json.Unmarshal([]byte(`{"plan":"pro","counter":9007199254740993}`), &m); err != nil {
		log.Fatal(err)
	}
	members := map[string]json.RawMessage{}
	if err := m.Decode(&members); err != nil {
		log.Fatal(err)
	}
	members["plan"] = json.RawMessage(`"max"`)
	body, err := json.Marshal(clerk.SetMetadata(members))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(body))
	// Output: {"counter":9007199254740993,"plan":"max"}
}

func ExamplePages() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/users", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":[{"id":"user_1"},{"id":"user_2"}],"total_count":2}`)
	})
	api := httptest.NewServer(mux)
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	type user struct {
		ID string `json:"id"`
	}
	all := clerk.Pages(clerk.Set(50), clerk.Optional[int]{}, func(limit, offset clerk.Optional[int]) (*clerk.List[user], error) {
		return clerk.Call[clerk.List[user]](context.Background(), client, clerk.Request{
			Method: http.MethodGet, Path: "/users", Query: clerk.Query{"limit": limit, "offset": offset},
		})
	}, func(u *user) string { return u.ID })
	for u, err := range all {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(u.ID)
	}
	// Output:
	// user_1
	// user_2
}

func ExampleWithResponse() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/jwks", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"keys":[]}`)
	})
	api := httptest.NewServer(mux)
	defer api.Close()
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(api.URL))
	if err != nil {
		log.Fatal(err)
	}

	var response clerk.Response
	_, err = clerk.Call[clerk.None](context.Background(), client,
		clerk.Request{Method: http.MethodGet, Path: "/jwks"},
		clerk.WithTimeout(time.Second), clerk.WithMaxRetries(0), clerk.WithResponse(&response))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode, response.Attempts)
	// Output: 200 1
}
