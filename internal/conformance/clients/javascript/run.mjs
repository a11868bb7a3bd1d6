// Reads a world from standard input, plays every scenario with Clerk's SDKs for
// JavaScript against its instance, and writes one JSON line per call.
import { readFileSync } from 'node:fs';
import { record, watch } from './recorded.mjs';

const world = JSON.parse(readFileSync(0, 'utf8'));
watch(world.keys.apiUrl);
const { createClerkClient } = await import('@clerk/backend');
const clerk = createClerkClient({ ...world.keys, telemetry: { disabled: true } });
const write = line => process.stdout.write(`${JSON.stringify(line)}\n`);


// method returns a method by its name, such as users.getUser.
function method(name) {
  const [group, of] = name.split('.');
  return of ? clerk[group][of].bind(clerk[group]) : clerk[group];
}

// The methods that the client has.
const methods = Object.entries(clerk).flatMap(([name, api]) => {
  if (typeof api === 'function') return [name];
  if (!(api && 'request' in api)) return [];
  return Object.getOwnPropertyNames(Object.getPrototypeOf(api))
    .filter(member => member !== 'constructor')
    .map(member => `${name}.${member}`);
});

function shorten(value) {
  const text = JSON.stringify(value, (key, v) => (key === '_raw' ? undefined : v instanceof Blob ? `${v.size} bytes` : v));
  return text && text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

// play makes one call. args is a function, since the arguments come from the calls before;
// verdict says what is wrong with the outcome.
async function play(chapter, name, call, args, verdict) {
  const line = { chapter, name, exchanges: [] };
  let result;
  try {
    const list = args();
    line.sent = shorten(list);
    const outcome = await record(line.exchanges, () => (call ?? method(name))(...list)).then(
      value => ({ value }),
      error => ({ error }),
    );
    result = outcome.value;
    line.problem = verdict(outcome);
  } catch (error) {
    line.problem = `${error}`;
  }
  write(line);
  return line.problem ? undefined : result;
}

const described = error => `${error.status ?? error.name} ${error.errors?.map(e => `${e.code}: ${e.longMessage ?? e.message}`).join('; ') || error.message}`;

function scenario(chapter) {
  return {
    ...world,
    clerk,
    // call makes a call that succeeds, and whose result fits.
    call: (name, args, fits, call) =>
      play(chapter, name, call, args, ({ value, error }) => {
        if (error) return described(error);
        if (!fits(value)) return `not so: ${fits} of ${shorten(value)}`;
      }),
    // refused makes a call that fails with a status and a code.
    refused: (name, args, status, code, call) =>
      play(chapter, name, call, args, ({ value, error }) => {
        if (!error) return `not refused with ${status} ${code}: ${shorten(value)}`;
        if (error.status !== status || (code && error.errors?.[0]?.code !== code)) return `not refused with ${status} ${code}: ${described(error)}`;
      }),
  };
}

write({ methods });
for (const chapter of world.chapters) {
  const { default: run } = await import(`./${chapter}.mjs`);
  await run(scenario(chapter));
}
