// Reads requests as JSON lines, authenticates each with Clerk's JavaScript backend SDK,
// and writes one JSON line per request, in any order. The argument is the npm package:
// @clerk/backend, or clerk-backend-earlier for the version before.
import { AsyncLocalStorage } from 'node:async_hooks';
import { register } from 'node:module';
import { createInterface } from 'node:readline';

const sdk = process.argv[2] ?? '@clerk/backend';
const inFlight = 24;

// Each request has its own clock, and does not wait before a retry.
const current = new AsyncLocalStorage();
const { now } = Date;
Date.now = () => current.getStore()?.clock ?? now();
const { setTimeout: wait } = globalThis;
globalThis.setTimeout = (run, delay, ...rest) => wait(run, current.getStore() ? 0 : delay, ...rest);
globalThis.reached = branch => current.getStore()?.branches.add(branch);
for (const level of ['log', 'info', 'warn', 'error']) console[level] = () => {};

register('./hook.mjs', import.meta.url);
const { createClerkClient } = await import(sdk);
const { createAuthenticateRequest, getAuthObjectForAcceptedToken, verifyMachineAuthToken } = await import(`${sdk}/internal`);
const { outcome } = await import('./outcome.mjs');

async function judge(line) {
  const { id, api, method, url, headers, options, noClient, asks, endpoint, clock } = JSON.parse(line);
  const store = { clock, branches: new Set() };
  return current.run(store, async () => {
    const keys = { ...options, apiUrl: api };
    const client = createClerkClient({ ...keys, telemetry: { disabled: true } });
    const apiClient = noClient ? undefined : client;
    const { authenticateRequest } = createAuthenticateRequest({ options: keys, apiClient });
    const narrow = authObject => getAuthObjectForAcceptedToken({ authObject, acceptsToken: endpoint });
    // The resource of a verified OAuth token has its actor, but the auth object does not.
    const actor = async token => (await verifyMachineAuthToken(token, keys)).data?.act;
    const result = await outcome(() => authenticateRequest(new Request(url, { method, headers }), options), narrow, actor, asks);
    return { id, ...result, branches: [...store.branches] };
  });
}

const running = new Set();
for await (const line of createInterface({ input: process.stdin })) {
  const task = judge(line).then(result => process.stdout.write(`${JSON.stringify(result)}\n`));
  running.add(task);
  task.finally(() => running.delete(task));
  if (running.size >= inFlight) await Promise.race(running);
}
await Promise.all(running);
