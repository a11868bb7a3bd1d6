// Keeps what is sent over the network during a call. It must be imported before the SDK,
// which takes fetch when it is loaded.
let exchanges = [];
let origin;
const { fetch } = globalThis;

globalThis.fetch = async (resource, options = {}) => {
  const response = await fetch(resource, options);
  if (new URL(resource).origin !== origin) return response;
  const line = { method: options.method ?? 'GET', path: new URL(resource).pathname, status: response.status };
  if (response.status >= 400) {
    const { errors } = await response.clone().json().catch(() => ({}));
    line.code = errors?.[0]?.code;
    line.message = errors?.[0]?.message;
  }
  exchanges.push(line);
  return response;
};

// watch says which server's exchanges are kept.
export function watch(server) {
  origin = new URL(server).origin;
}

// record makes a call and adds its exchanges to a list.
export async function record(list, call) {
  exchanges = list;
  try {
    return await call();
  } finally {
    exchanges = [];
  }
}
