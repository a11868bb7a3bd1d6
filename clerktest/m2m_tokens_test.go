package clerktest_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest"
	"github.com/backend-sdk/clerk-go/machines"
	gocmp "github.com/google/go-cmp/cmp"
)

// newCallers creates three machines, the first of which may call the second. It returns
// their IDs and, by ID, call options with their keys; "" has the instance's key.
func newCallers(i *clerktest.Instance) (from, to, stranger string, keys map[string]clerk.CallOption) {
	b := i.CreateMachine(machines.CreateMachineParams{Name: "b"})
	a := i.CreateMachine(machines.CreateMachineParams{Name: "a", ScopedMachines: clerk.Set([]string{b.ID})})
	c := i.CreateMachine(machines.CreateMachineParams{Name: "c"})
	return a.ID, b.ID, c.ID, map[string]clerk.CallOption{
		a.ID: clerk.WithKey(a.SecretKey), b.ID: clerk.WithKey(b.SecretKey), c.ID: clerk.WithKey(c.SecretKey), "": clerk.WithKey(i.SecretKey()),
	}
}

func TestM2MTokens(t *testing.T) {
	t.Parallel()
	i := startInstance(t)
	ctx, client := t.Context(), i.Client()
	a, b, stranger, keys := newCallers(i)
	made, err := machines.CreateM2MToken(ctx, client, machines.CreateM2MTokenParams{Claims: clerk.Set[any]([]int{1}), SecondsUntilExpiration: clerk.Set(60)}, keys[a])
	if err != nil {
		t.Fatal(err)
	}
	if made.Subject != a || !strings.HasPrefix(made.Token, "mt_") || *made.Expiration != made.CreatedAt+60_000 || string(made.Claims) != "[1]" || !gocmp.Equal(made.Scopes, []string{b}) {
		t.Errorf("the token is %+v", made)
	}
	verifyAs := func(as string) error {
		got, err := machines.VerifyM2MToken(ctx, client, machines.VerifyM2MTokenParams{Token: made.Token}, keys[as])
		if err == nil && (got.ID != made.ID || got.Token != "" || got.LastUsedAt == nil) {
			t.Errorf("the verified token is %+v", got)
		}
		return err
	}
	if err := errors.Join(verifyAs(b), verifyAs("")); err != nil {
		t.Error(err)
	}
	for _, as := range []string{a, stranger} {
		if err := verifyAs(as); !errors.Is(err, clerk.ErrNotFound) {
			t.Errorf("verification by a machine that the token is not for: %v", err)
		}
	}
	if _, err := machines.DeleteMachine(ctx, client, a); err != nil {
		t.Fatal(err)
	}
	if err := verifyAs(""); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("the token of a deleted machine: %v", err)
	}
	if _, err := machines.VerifyM2MToken(ctx, client, machines.VerifyM2MTokenParams{Token: "ak_1"}); !errors.Is(err, clerk.ErrBadRequest) {
		t.Errorf("a token without the prefix of M2M tokens: %v", err)
	}
}

// TestListAndRevokeM2MTokens checks that only the subject of a token can list and revoke
// it.
func TestListAndRevokeM2MTokens(t *testing.T) {
	t.Parallel()
	c := newClock()
	i := startInstance(t, clerktest.WithClock(c.now))
	ctx, client := t.Context(), i.Client()
	a, b, _, keys := newCallers(i)
	made, err := machines.CreateM2MToken(ctx, client, machines.CreateM2MTokenParams{SecondsUntilExpiration: clerk.Set(60)}, keys[a])
	if err != nil {
		t.Fatal(err)
	}
	listTokens := func(as string, params machines.ListM2MTokensParams) (int, error) {
		params.Subject = a
		page, err := machines.ListM2MTokens(ctx, client, params, keys[as])
		if err != nil {
			return 0, err
		}
		return len(page.Data), nil
	}
	if n, err := listTokens(a, machines.ListM2MTokensParams{}); n != 1 || err != nil {
		t.Errorf("%d tokens are listed, %v", n, err)
	}
	if _, err := listTokens(b, machines.ListM2MTokensParams{}); !errors.Is(err, clerk.ErrForbidden) {
		t.Errorf("listing another machine's tokens: %v", err)
	}
	if _, err := machines.RevokeM2MToken(ctx, client, made.ID, machines.RevokeM2MTokenParams{}, keys[b]); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("a revocation by another machine: %v", err)
	}
	revoked, err := machines.RevokeM2MToken(ctx, client, made.ID, machines.RevokeM2MTokenParams{RevocationReason: clerk.Set("old")}, keys[a])
	if err != nil || !revoked.Revoked || *revoked.RevocationReason != "old" || revoked.Token != "" {
		t.Errorf("the revoked token is %+v, %v", revoked, err)
	}
	c.advance(time.Minute)
	if got, err := machines.VerifyM2MToken(ctx, client, machines.VerifyM2MTokenParams{Token: made.Token}); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("after revocation and expiration the token is %+v, %v", got, err)
	}
	if revoked, err := machines.RevokeM2MToken(ctx, client, made.ID, machines.RevokeM2MTokenParams{}); err != nil || !revoked.Expired {
		t.Errorf("an expired token that is revoked again is %+v, %v", revoked, err)
	}
	for want, params := range map[int]machines.ListM2MTokensParams{0: {Revoked: clerk.Set(true)}, 1: {Revoked: clerk.Set(true), Expired: clerk.Set(true)}} {
		if n, err := listTokens("", params); n != want || err != nil {
			t.Errorf("%+v lists %d tokens, %v", params, n, err)
		}
	}
	if _, err := machines.DeleteMachine(ctx, client, a); err != nil {
		t.Fatal(err)
	}
	if _, err := listTokens("", machines.ListM2MTokensParams{}); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("listing the tokens of a deleted machine: %v", err)
	}
}

// TestM2MTokensInOtherForms checks tokens that are reused and tokens that are JWTs.
func TestM2MTokensInOtherForms(t *testing.T) {
	t.Parallel()
	i := startInstance(t)
	ctx, client := t.Context(), i.Client()
	a, b, _, keys := newCallers(i)
	createToken := func(params machines.CreateM2MTokenParams) (string, error) {
		made, err := machines.CreateM2MToken(ctx, client, params, keys[a])
		if err != nil {
			return "", err
		}
		return made.Token, nil
	}
	first, err1 := createToken(machines.CreateM2MTokenParams{})
	again, err2 := createToken(machines.CreateM2MTokenParams{MinRemainingTTLSeconds: clerk.Set(60)})
	fresh, err3 := createToken(machines.CreateM2MTokenParams{})
	other, err4 := createToken(machines.CreateM2MTokenParams{MinRemainingTTLSeconds: clerk.Set(60), Claims: clerk.Set[any](1)})
	if err := errors.Join(err1, err2, err3, err4); err != nil || again != first || fresh == first || other == first {
		t.Errorf("a token is not created or reused as requested: %v", err)
	}
	if _, err := createToken(machines.CreateM2MTokenParams{MinRemainingTTLSeconds: clerk.Set(60), SecondsUntilExpiration: clerk.Set(60)}); !errors.Is(err, clerk.ErrBadRequest) {
		t.Errorf("min_remaining_ttl_seconds equal to the lifetime: %v", err)
	}
	body := `{"token_format":"jwt","claims":{"tier":"gold","sub":"user_evil"}}`
	got := send(t, i, "POST", "/m2m_tokens", body, "Authorization", "Bearer "+secretOf(t, i, a))
	if got.status != 201 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	var made struct{ ID, Token string }
	if err := json.Unmarshal(got.body, &made); err != nil {
		t.Fatal(err)
	}
	header, claims := parts(t, made.Token)
	if header["cat"] != "cl_B7d4PD333AAA" || claims["sub"] != a || claims["jti"] != made.ID || claims["scopes"] != b || claims["tier"] != "gold" {
		t.Errorf("the JWT has header %v and claims %v", header, claims)
	}
	if got := send(t, i, "POST", "/m2m_tokens", `{"token_format":"jwt","claims":7}`, "Authorization", "Bearer "+secretOf(t, i, a)); got.status != 400 {
		t.Errorf("claims that are not an object: %d", got.status)
	}
	if _, err := machines.RevokeM2MToken(ctx, client, made.ID, machines.RevokeM2MTokenParams{}); !errors.Is(err, clerk.ErrNotFound) {
		t.Errorf("the revocation of a JWT: %v", err)
	}
}

func secretOf(t *testing.T, i *clerktest.Instance, machineID string) string {
	t.Helper()
	key, err := machines.GetMachineSecretKey(t.Context(), i.Client(), machineID)
	if err != nil {
		t.Fatal(err)
	}
	return key.Secret
}
