// Package webhooks verifies and decodes the events that Clerk sends to a service.
//
// [New] or [FromEnv] makes a [Receiver] of the endpoint's signing secret, and
// [Receiver.Handler] an http.Handler with a function for each type of event. [Receiver.Read]
// is for handlers of your own, and [Receiver.Event] for frameworks and queues that hand over
// the header and the body.
//
// Clerk sends an event until it is acknowledged, in no promised order, and possibly more
// than once. A function that copies state must therefore compare versions rather than trust
// the order, and one with an effect, such as a mail, should use [WithDeduplicator].
//
// A delivery carries no session, so its route must not be behind auth.Require, nor behind
// protection against cross-site requests.
package webhooks
