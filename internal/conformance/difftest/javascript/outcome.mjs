// Turns a request state of the SDK into plain data, which is compared with package auth.

export async function outcome(authenticate, narrow, actor, asks) {
  let state;
  try {
    state = await authenticate();
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
  const { headers } = state;
  const isOAuth = state.tokenType === 'oauth_token' && state.isAuthenticated;
  const act = isOAuth ? await actor(await state.toAuth().getToken()) : undefined;
  return {
    status: state.status,
    reason: text(state.reason),
    tokenType: text(state.tokenType),
    location: text(headers.get('location')),
    cacheControl: text(headers.get('cache-control')),
    allowOrigin: text(headers.get('access-control-allow-origin')),
    allowCredentials: text(headers.get('access-control-allow-credentials')),
    cookies: headers.getSetCookie(),
    authStatus: text(headers.get('x-clerk-auth-status')),
    authReason: text(headers.get('x-clerk-auth-reason')),
    authMessage: headers.has('x-clerk-auth-message'),
    auth: await who(() => state.toAuth(), act, asks),
    endpointAuth: await who(() => narrow(state.toAuth() ?? nobody), act, asks),
    pendingAuth: await who(() => state.toAuth({ treatPendingAsSignedOut: false }), act, asks),
  };
}

// During a handshake there is no auth object, and nobody is signed in.
const nobody = { isAuthenticated: false, tokenType: 'session_token', getToken: () => null, has: () => false };

async function who(toAuth, act, asks) {
  let auth;
  try {
    auth = toAuth() ?? nobody;
  } catch {
    return { threw: true };
  }
  return {
    isAuthenticated: auth.isAuthenticated,
    tokenType: text(auth.tokenType),
    userId: text(auth.userId),
    sessionId: text(auth.sessionId),
    sessionStatus: text(auth.sessionStatus),
    orgId: text(auth.orgId),
    orgSlug: text(auth.orgSlug),
    orgRole: text(auth.orgRole),
    orgPermissions: texts(auth.orgPermissions),
    actor: auth.actor ?? (auth.isAuthenticated ? act : undefined) ?? null,
    claims: auth.sessionClaims ?? auth.claims ?? null,
    token: text(await auth.getToken()),
    id: text(auth.id),
    subject: text(auth.subject),
    name: text(auth.name),
    clientId: text(auth.clientId),
    machineId: text(auth.machineId),
    scopes: texts(auth.scopes),
    has: asks.map(ask => (auth.has(ask) ? '1' : '0')).join(''),
  };
}

// text returns a value that is not a string as JSON, so that it differs from a string.
function text(value) {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function texts(value) {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(text) : [text(value)];
}
