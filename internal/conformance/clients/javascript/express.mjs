import { clerkMiddleware, getAuth, requireAuth } from '@clerk/express';
import express from 'express';

// A service with a route for people and one for machines.
async function service(keys) {
  const app = express();
  const options = { ...keys, telemetry: { disabled: true } };
  app.use(clerkMiddleware(options));
  const as = (req, acceptsToken) => getAuth(req, { acceptsToken });
  app.get('/me', (req, res) => res.json(getAuth(req)));
  app.get('/private', requireAuth({ ...options, signInUrl: '/sign-in' }), (req, res) => res.json(getAuth(req)));
  for (const kind of ['api_key', 'm2m_token', 'oauth_token']) app.get(`/${kind}`, (req, res) => res.json(as(req, kind)));
  const server = app.listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  return server;
}

export default async function ({ call, clerk, keys, tokens, seed, fetch = globalThis.fetch }) {
  const server = await service(keys);
  const get = async (path, token) => {
    const response = await fetch(`http://127.0.0.1:${server.address().port}${path}`, { redirect: 'manual', headers: token && { authorization: `Bearer ${token}` } });
    return { status: response.status, ...(await response.json().catch(() => ({}))) };
  };
  try {
    const user = await call('users.createUser', () => [{ emailAddress: ['express@example.com'], password: 'correct-horse-battery-7' }], made => made.id);
    const session = await call('sessions.createSession', () => [{ userId: user.id }], made => made.id);
    const { jwt } = await call('sessions.getToken', () => [session.id], made => made.jwt) ?? {};
    await call('express', () => ['/me', jwt], me => me.status === 200 && me.userId === user.id && me.sessionId === session.id && me.isAuthenticated, get);
    await call('express', () => ['/me'], me => me.status === 200 && me.userId === null && !me.isAuthenticated, get);
    await call('express', () => ['/private', jwt], me => me.status === 200 && me.userId === user.id, get);
    await call('express', () => ['/private'], me => me.status === 302, get);
    await call('express', () => ['/me', tokens.forged], me => me.userId === null, get);

    const key = await call('apiKeys.create', () => [{ name: 'Reports', subject: user.id, scopes: ['read'] }], made => made.secret.startsWith('ak_'));
    await call('express', () => ['/api_key', key.secret], me => me.isAuthenticated && me.userId === user.id && me.scopes.join() === 'read' && me.id === key.id, get);
    await call('express', () => ['/me', key.secret], me => !me.isAuthenticated, get);
    await call('apiKeys.revoke', () => [{ apiKeyId: key.id }], revoked => revoked.revoked);
    await call('express', () => ['/api_key', key.secret], me => !me.isAuthenticated, get);

    const caller = await call('machines.create', () => [{ name: 'caller' }], made => made.secretKey.startsWith('ak_'));
    const callee = await call('machines.create', () => [{ name: 'callee' }], made => made.id);
    await call('machines.createScope', () => [caller.id, callee.id], made => made.toMachineId === callee.id);
    const token = await call('m2m.createToken', () => [{ machineSecretKey: caller.secretKey, claims: { job: 'nightly' } }], made => made.token.startsWith('mt_'));
    await call('express', () => ['/m2m_token', token.token], me => me.isAuthenticated && me.machineId === caller.id, get);
    await call('express', () => ['/oauth_token', tokens.oauth], me => me.isAuthenticated && me.userId === seed.user, get);

    await call('machines.delete', () => [caller.id], gone => gone.deleted);
    await call('machines.delete', () => [callee.id], gone => gone.deleted);
    await call('sessions.revokeSession', () => [session.id], revoked => revoked.status === 'revoked');
    await call('users.deleteUser', () => [user.id], gone => gone.deleted);
  } finally {
    server.close();
  }
}
