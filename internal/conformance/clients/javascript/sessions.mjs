import { verifyToken } from '@clerk/backend';
import { verifyMachineAuthToken } from '@clerk/backend/internal';

export default async function ({ call, refused, seed, tokens, keys, jwtKey }) {
  const user = await call('users.createUser', () => [{ emailAddress: ['sid@example.com'], password: 'correct-horse-battery-7' }], made => made.id);
  const session = await call('sessions.createSession', () => [{ userId: user.id }], made => made.id.startsWith('sess_') && made.userId === user.id && made.status === 'active');
  await call('sessions.getSession', () => [session.id], got => got.clientId === session.clientId && got.expireAt > Date.now());
  await call('sessions.getSessionList', () => [{ userId: user.id, status: 'active' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === session.id);
  await call('sessions.getSessionList', () => [{ userId: user.id, status: 'revoked' }], ({ data, totalCount }) => totalCount === 0 && data.length === 0);
  const { jwt } = await call('sessions.getToken', () => [session.id], ({ jwt }) => JSON.parse(atob(jwt.split('.')[1])).sub === user.id) ?? {};
  await call('sessions.getToken', () => [session.id, undefined, 300], ({ jwt }) => {
    const { iat, exp } = JSON.parse(atob(jwt.split('.')[1]));
    return exp - iat === 300;
  });
  const template = await call('jwtTemplates.create', () => [{ name: 'reports', claims: { mail: '{{user.primary_email_address}}' }, lifetime: 120 }], made => made.name === 'reports' && made.lifetime === 120);
  await call('sessions.getToken', () => [session.id, 'reports'], ({ jwt }) => JSON.parse(atob(jwt.split('.')[1])).mail === 'sid@example.com');
  await call('jwtTemplates.get', () => [template.id], got => got.claims.mail === '{{user.primary_email_address}}');
  await call('jwtTemplates.list', () => [{ limit: 100 }], ({ data }) => data.some(other => other.id === template.id));
  await call('jwtTemplates.update', () => [{ templateId: template.id, name: 'reports', claims: { mail: 'none' } }], changed => changed.claims.mail === 'none');
  await call('sessions.getToken', () => [session.id, 'reports'], ({ jwt }) => JSON.parse(atob(jwt.split('.')[1])).mail === 'none');
  await call('jwtTemplates.delete', () => [template.id], gone => gone.deleted);
  await refused('sessions.getToken', () => [session.id, 'reports'], 404, 'resource_not_found');

  const refresh = { expired_token: tokens.expired, refresh_token: tokens.refresh, request_origin: 'https://app.example', request_headers: { 'user-agent': ['test'] } };
  await call('sessions.refreshSession', () => [seed.session, { ...refresh, format: 'token', suffixed_cookies: true }], ({ jwt }) => JSON.parse(atob(jwt.split('.')[1])).sid === seed.session);
  await call('sessions.refreshSession', () => [seed.session, { ...refresh, format: 'cookie', suffixed_cookies: true }], ({ cookies }) => cookies.some(cookie => cookie.startsWith('__session_')));
  await refused('sessions.refreshSession', () => [seed.session, { ...refresh, refresh_token: 'none', format: 'token' }], 401, 'refresh_token_not_found');

  await call('clients.getClientList', () => [{ limit: 100 }], ({ data }) => data.some(client => client.id === session.clientId));
  await call('clients.getClient', () => [session.clientId], client => client.sessionIds.includes(session.id) && client.sessions[0].userId === user.id);
  await call('clients.verifyClient', () => [tokens.client], client => client.sessions.some(of => of.id === seed.session));
  await call('clients.getHandshakePayload', () => [{ nonce: tokens.nonce }], ({ directives }) => directives.some(directive => directive.startsWith('__session')));

  await call('verifyToken', () => [jwt, keys], claims => claims.sid === session.id && claims.sub === user.id && claims.sts === 'active', verifyToken);
  await call('verifyToken', () => [jwt, { jwtKey }], claims => claims.sub === user.id, verifyToken);
  await call('verifyToken', () => [tokens.forged, keys], ({ reason }) => reason === 'token-invalid-signature', (...args) => verifyToken(...args).then(claims => ({ reason: `accepted ${claims.sub}` }), error => error));
  await call('jwks.getJwks', () => [], ({ keys }) => keys.length > 0 && keys[0].kty === 'RSA' && keys[0].kid === JSON.parse(atob(jwt.split('.')[0])).kid);

  const request = headers => new Request('https://app.example/reports', { headers });
  await call('authenticateRequest', () => [request({ authorization: `Bearer ${jwt}` })], state => state.isAuthenticated && state.toAuth().userId === user.id && state.toAuth().sessionId === session.id);
  await call('authenticateRequest', () => [request({})], state => state.status === 'signed-out');
  await call('debugRequestState', () => [{ isSignedIn: true, proxyUrl: 'https://app.example/__clerk' }], state => state.isSignedIn && state.proxyUrl === 'https://app.example/__clerk');
  await call('verifyMachineAuthToken', () => [tokens.oauth, keys], ({ data, tokenType }) => tokenType === 'oauth_token' && data.subject === seed.user, verifyMachineAuthToken);

  await call('sessions.revokeSession', () => [session.id], revoked => revoked.status === 'revoked');
  await refused('sessions.revokeSession', () => [session.id], 400, 'session_not_active');
  await refused('sessions.getToken', () => [session.id], 404, 'resource_not_found');

  const invitation = await call('signInTokens.createSignInToken', () => [{ userId: user.id, expiresInSeconds: 600 }], made => made.status === 'pending' && made.userId === user.id && made.token && made.url);
  await call('signInTokens.revokeSignInToken', () => [invitation.id], revoked => revoked.status === 'revoked');
  await refused('signInTokens.revokeSignInToken', () => [invitation.id], 400, 'sign_in_token_cannot_be_revoked_code');
  const actor = await call('actorTokens.create', () => [{ userId: user.id, actor: { sub: seed.user }, expiresInSeconds: 600 }], made => made.status === 'pending' && made.actor.sub === seed.user && made.token);
  await call('actorTokens.revoke', () => [actor.id], revoked => revoked.status === 'revoked');
  await refused('actorTokens.revoke', () => [actor.id], 400, 'actor_token_cannot_be_revoked_code');
  const task = await call('agentTasks.create', () => [{ onBehalfOf: { userId: user.id }, permissions: '*', agentName: 'helper', taskDescription: 'Reads mail', redirectUrl: 'http://localhost:3000/' }], made => made.agentTaskId && made.url);
  await call('agentTasks.create', () => [{ onBehalfOf: { identifier: 'sid@example.com' }, permissions: '*', agentName: 'helper', taskDescription: 'Sends mail', redirectUrl: 'http://localhost:3000/' }], made => made.agentId === task.agentId && made.agentTaskId !== task.agentTaskId);
  await call('agentTasks.revoke', () => [task.agentTaskId], revoked => revoked.agentTaskId === task.agentTaskId);
  await call('testingTokens.createTestingToken', () => [], made => made.token && (made.expiresAt ?? made.expires_at) > Date.now() / 1000);
  await call('signUps.get', () => [seed.signUp], got => got.id === seed.signUp);
  await call('signUps.update', () => [{ signUpAttemptId: seed.signUp, externalId: 'guest_7', customAction: true }], changed => changed.externalId === 'guest_7' && changed.customAction);
  await call('signUps.get', () => [seed.signUp], got => got.externalId === 'guest_7');

  await call('users.deleteUser', () => [user.id], gone => gone.deleted);
  await call('sessions.getSessionList', () => [{ userId: user.id, status: 'active' }], ({ totalCount }) => totalCount === 0);
}
