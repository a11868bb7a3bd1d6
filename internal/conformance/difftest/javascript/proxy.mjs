// Reads requests as JSON lines, sends each through the frontend API proxy of Clerk's
// JavaScript backend SDK, and writes one JSON line per request.
import { createInterface } from 'node:readline';
import { clerkFrontendApiProxy, fapiUrlFromPublishableKey, matchProxyPath } from '@clerk/backend/proxy';

for await (const line of createInterface({ input: process.stdin })) {
  const { url, method, headers, body, options } = JSON.parse(line);
  const init = { method, headers, ...(body ? { body, duplex: 'half' } : {}) };
  const response = await clerkFrontendApiProxy(new Request(url, init), options);
  const answer = {
    matches: matchProxyPath(new Request(url), options),
    target: fapiUrlFromPublishableKey(options.publishableKey ?? ''),
    status: response.status,
    headers: [...response.headers],
    body: await response.text().catch(() => 'cut off'),
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
