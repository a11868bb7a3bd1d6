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

	clerk "github.com/backend-sdk/clerk-go"
)

// A server that stands for the Backend API in these examples.
func exampleServer(routes map[string]string) (*clerk.Client, func()) {
	mux := http.NewServeMux()
	for pattern, body := range routes {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"errors":[{"code":"resource_not_found","message":"not found"}],"clerk_trace_id":"trace_1"}`)
	})
	srv := httptest.NewServer(mux)
	client, err := clerk.New("sk_test_example", clerk.WithBaseURL(srv.URL))
	if err != nil {
		log.Fatal(err)
	}
	return client, srv.Close
}

func ExampleNew() {
	client, err := clerk.New("sk_test_example",
		clerk.WithCallTimeout(5*time.Second),
		clerk.WithRetryLimit(1),
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

func ExampleCall() {
	client, stop := exampleServer(map[string]string{"POST /v1/widgets/{id}/spin": `{"id":"wid_1","turns":3}`})
	defer stop()

	// What no package of this module has yet is still one call away.
	type widget struct {
		ID    string `json:"id"`
		Turns int    `json:"turns"`
	}
	w, err := clerk.Call[widget](context.Background(), client, clerk.Request{
		Method: http.MethodPost,
		Path:   "/widgets/{widget_id}/spin",
		IDs:    []string{"wid_1"},
		Body:   map[string]int{"turns": 3},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(w.ID, w.Turns)
	// Output: wid_1 3
}

func ExampleError() {
	client, stop := exampleServer(nil)
	defer stop()

	_, err := clerk.Call[clerk.None](context.Background(), client, clerk.Request{
		Method: http.MethodDelete, Path: "/users/{user_id}", IDs: []string{"user_1"}, Operation: "DeleteUser",
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, clerk.ErrNotFound), clerk.HasCode(err, "resource_not_found"))
	var e *clerk.Error
	if errors.As(err, &e) {
		fmt.Println(e.StatusCode, e.TraceID)
	}
	// Output:
	// clerk: DeleteUser: 404 resource_not_found: not found
	// true true
	// 404 trace_1
}

func ExampleDecodeError() {
	client, stop := exampleServer(map[string]string{"GET /v1/users": `[{"id":"user_1"},{"id":7}]`})
	defer stop()

	type user struct {
		ID string `json:"id"`
	}
	_, err := clerk.Call[clerk.List[user]](context.Background(), client, clerk.Request{
		Method: http.MethodGet, Path: "/users", Operation: "ListUsers",
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

func ExampleOptional() {
	type params struct {
		FirstName clerk.Optional[string] `json:"first_name,omitzero"`
		Username  clerk.Optional[string] `json:"username,omitzero"`
	}
	for _, p := range []params{
		{},                               // leaves both alone
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
	client, stop := exampleServer(map[string]string{
		"GET /v1/users": `{"data":[{"id":"user_1"},{"id":"user_2"}],"total_count":2}`,
	})
	defer stop()

	type user struct {
		ID string `json:"id"`
	}
	all := clerk.Pages(clerk.Set(50), clerk.Optional[int]{}, func(limit, offset clerk.Optional[int]) (*clerk.List[user], error) {
		return clerk.Call[clerk.List[user]](context.Background(), client, clerk.Request{
			Method: http.MethodGet, Path: "/users", Query: clerk.Query{"limit": limit, "offset": offset},
		})
	})
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
	client, stop := exampleServer(map[string]string{"GET /v1/jwks": `{"keys":[]}`})
	defer stop()

	var response clerk.Response
	_, err := clerk.Call[clerk.None](context.Background(), client,
		clerk.Request{Method: http.MethodGet, Path: "/jwks"},
		clerk.WithTimeout(time.Second), clerk.WithMaxRetries(0), clerk.WithResponse(&response))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode, response.Attempts)
	// Output: 200 1
}
