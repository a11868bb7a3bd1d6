// Reads deliveries as JSON lines, verifies each with Clerk's JavaScript backend SDK at the
// time that it names, and writes one JSON line for each, in order.
import { createInterface } from 'node:readline';
import { verifyWebhook } from '@clerk/backend/webhooks';

const url = 'http://127.0.0.1/webhooks';
let clock;
Date.now = () => clock;

async function verify({ signingSecret, headers, body }) {
  try {
    const request = new Request(url, { method: 'POST', headers, body: Buffer.from(body, 'base64') });
    const { type, instance_id: instance } = await verifyWebhook(request, { signingSecret });
    return { type: String(type), instance: String(instance ?? '') };
  } catch (error) {
    return { error: String(error.message) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const delivery = JSON.parse(line);
  clock = delivery.clock;
  process.stdout.write(`${JSON.stringify(await verify(delivery))}\n`);
}
