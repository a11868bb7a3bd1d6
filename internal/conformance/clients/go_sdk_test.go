package clients

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest"
	sdk "github.com/clerk/clerk-sdk-go/v2"
)

// goModule is Clerk's SDK for Go.
const goModule = "github.com/clerk/clerk-sdk-go/v2"

// beyondGo are the functions of the SDK that call what the published document does not
// have.
var beyondGo = []string{"session.Verify", "template.Delete"}

// A program uses the SDK for Go.
type program struct {
	*clerktest.Instance
	ctx     context.Context
	chapter string
	record  *record
	wire    *wire
	tokens  map[string]string
}

// TestGoSDKGetsAlong plays the scenarios with the functions of clerk-sdk-go.
func TestGoSDKGetsAlong(t *testing.T) {
	instance := startSeeded(t)
	p := &program{
		Instance: instance, ctx: t.Context(), wire: &wire{}, tokens: credentials(t, instance),
		record: &record{client: "clerk-sdk-go", methods: goFunctions(t), beyond: beyondGo},
	}
	sdk.SetKey(instance.SecretKey())
	sdk.SetBackend(sdk.NewBackend(p.config(instance.SecretKey())))
	for _, chapter := range []struct {
		name string
		run  func(*program)
	}{
		{"users", goUsers}, {"organizations", goOrganizations}, {"sessions", goSessions}, {"machines", goMachines},
		{"invitations", goInvitations}, {"instance", goInstance}, {"enterprise", goEnterprise}, {"templates", goTemplates},
		{"billing", goBilling}, {"beyond", goBeyond},
	} {
		p.chapter = chapter.name
		chapter.run(p)
	}
	p.record.judge(t)
}

func (p *program) config(key string) *sdk.BackendConfig {
	return &sdk.BackendConfig{HTTPClient: &http.Client{Transport: p.wire}, URL: new(p.URL() + "/v1"), Key: &key}
}

// got returns the result of a call, which must succeed and fit. Where it does not, the
// result is empty, so that the scenario can go on.
func got[T any](p *program, name string, fits func(*T) bool) func(*T, error) *T {
	at := caller()
	return func(result *T, err error) *T {
		problem := ""
		if err != nil {
			problem = described(err)
		} else if !holds(fits, result) {
			problem = fmt.Sprintf("not as %s has it: %s", at, shorten(result))
		}
		p.add(name, problem)
		if problem != "" {
			return new(T)
		}
		return result
	}
}

// fails checks that a call is refused with a status and a code.
func fails[T any](p *program, name string, status int, code string) func(*T, error) {
	return func(result *T, err error) {
		problem := ""
		if refusal, ok := errors.AsType[*sdk.APIErrorResponse](err); err == nil {
			problem = fmt.Sprintf("not refused with %d %s: %s", status, code, shorten(result))
		} else if !ok || refusal.HTTPStatusCode != status || code != "" && (len(refusal.Errors) == 0 || refusal.Errors[0].Code != code) {
			problem = fmt.Sprintf("not refused with %d %s: %s", status, code, described(err))
		}
		p.add(name, problem)
	}
}

func (p *program) add(name, problem string) {
	exchanges, sent := p.wire.take()
	p.record.attempts = append(p.record.attempts, attempt{Chapter: p.chapter, Name: name, Sent: sent, Exchanges: exchanges, Problem: problem})
}

// holds reports whether a result fits. One that lacks what fits looks at does not.
func holds[T any](fits func(*T) bool, result *T) (ok bool) {
	defer func() { _ = recover() }()
	return fits(result)
}

func described(err error) string {
	refusal, ok := errors.AsType[*sdk.APIErrorResponse](err)
	if !ok {
		return err.Error()
	}
	problems := make([]string, len(refusal.Errors))
	for n, e := range refusal.Errors {
		problems[n] = e.Code + ": " + cmp.Or(e.LongMessage, e.Message)
	}
	return fmt.Sprintf("%d %s", refusal.HTTPStatusCode, strings.Join(problems, "; "))
}

func caller() string {
	_, file, number, _ := runtime.Caller(2)
	return fmt.Sprintf("%s:%d", filepath.Base(file), number)
}

// wire is a transport that keeps what was sent over it.
type wire struct {
	exchanges []exchange
	sent      []string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body.Close()
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	received, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(received))
	w.add(r, body, resp.StatusCode, received)
	return resp, err
}

func (w *wire) add(r *http.Request, body []byte, status int, received []byte) {
	e := exchange{Method: r.Method, Path: r.URL.Path, Status: status}
	if status >= http.StatusBadRequest {
		var refusal struct {
			Errors []struct{ Code, Message string }
		}
		if json.Unmarshal(received, &refusal) == nil && len(refusal.Errors) > 0 {
			e.Code, e.Message = refusal.Errors[0].Code, refusal.Errors[0].Message
		}
	}
	w.exchanges = append(w.exchanges, e)
	w.sent = append(w.sent, cut(strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Method, r.URL.RequestURI(), printable(body)))))
}

// take returns what was sent since the last time.
func (w *wire) take() ([]exchange, string) {
	defer func() { w.exchanges, w.sent = nil, nil }()
	return w.exchanges, strings.Join(w.sent, ", ")
}

func printable(body []byte) string {
	if len(body) > 0 && !json.Valid(body) {
		return fmt.Sprintf("%d bytes", len(body))
	}
	return string(bytes.TrimSpace(body))
}

// goFunctions returns the functions of the SDK that make a call or verify a token, such as
// user.Create, in the packages for programs.
func goFunctions(t *testing.T) []string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}} {{.Dir}}", goModule+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var functions []string
	for listed := range strings.Lines(string(output)) {
		importPath, dir, _ := strings.Cut(strings.TrimSpace(listed), " ")
		name := strings.TrimPrefix(importPath, goModule+"/")
		if name != path.Base(name) || name == "clerktest" {
			continue
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, declaration := range parsed.Decls {
				if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() && takesContext(f) {
					functions = append(functions, name+"."+f.Name.Name)
				}
			}
		}
	}
	if len(functions) < 100 {
		t.Fatalf("the SDK has %d functions", len(functions))
	}
	// Middlewares take no context.
	functions = append(functions, "http.WithHeaderAuthorization", "http.RequireHeaderAuthorization")
	slices.Sort(functions)
	return functions
}

func takesContext(f *ast.FuncDecl) bool {
	if len(f.Type.Params.List) == 0 {
		return false
	}
	selector, ok := f.Type.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Context"
}
