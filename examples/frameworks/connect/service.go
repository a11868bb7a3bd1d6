package main

import (
	"context"
	"errors"
	"io"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/backend-sdk/clerk-go/auth"
)

// service is called behind the Guard, whose caller is in the context.
type service struct{}

func (service) WhoAmI(ctx context.Context, _ *emptypb.Empty) (*wrapperspb.StringValue, error) {
	return wrapperspb.String(auth.FromContext(ctx).UserID), nil
}

func (service) Refund(ctx context.Context, _ *emptypb.Empty) (*wrapperspb.StringValue, error) {
	return wrapperspb.String(auth.FromContext(ctx).UserID), nil
}

func (service) Report(ctx context.Context, _ *emptypb.Empty) (*wrapperspb.StringValue, error) {
	return wrapperspb.String(auth.FromContext(ctx).UserID), nil
}

func (service) Watch(ctx context.Context, _ *emptypb.Empty, stream *connect.ServerStream[wrapperspb.StringValue]) error {
	if err := stream.Send(wrapperspb.String(auth.FromContext(ctx).UserID)); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}

func (service) Chat(ctx context.Context, stream *connect.BidiStream[wrapperspb.StringValue, wrapperspb.StringValue]) error {
	caller := auth.FromContext(ctx).UserID
	for {
		m, err := stream.Receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(wrapperspb.String(caller + ": " + m.Value)); err != nil {
			return err
		}
	}
}
