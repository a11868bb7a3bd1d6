export default async function ({ call, refused, keys, tokens, seed }) {
  const reader = await call('machines.create', () => [{ name: 'Reader', defaultTokenTtl: 7200 }], made => made.id.startsWith('mch_') && made.secretKey.startsWith('ak_') && made.defaultTokenTtl === 7200);
  const writer = await call('machines.create', () => [{ name: 'Writer', scopedMachines: [reader.id] }], made => made.scopedMachines.some(other => other.id === reader.id));
  await call('machines.get', () => [reader.id], got => got.name === 'Reader');
  await call('machines.list', () => [{ query: 'reader' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === reader.id);
  await call('machines.list', () => [{ orderBy: '-name', limit: 1 }], ({ data }) => data[0].id === writer.id);
  await call('machines.update', () => [{ machineId: reader.id, name: 'Readers' }], changed => changed.name === 'Readers' && changed.defaultTokenTtl === 7200);
  await call('machines.getSecretKey', () => [writer.id], ({ secret }) => secret === writer.secretKey);
  const { secret } = await call('machines.rotateSecretKey', () => [{ machineId: writer.id, previousTokenTtl: 0 }], ({ secret }) => secret.startsWith('ak_') && secret !== writer.secretKey) ?? {};
  await refused('m2m.createToken', () => [{ machineSecretKey: writer.secretKey }], 401);
  await call('machines.createScope', () => [reader.id, writer.id], made => made.fromMachineId === reader.id && made.toMachineId === writer.id);
  await call('machines.get', () => [reader.id], got => got.scopedMachines.some(other => other.id === writer.id));
  const token = await call('m2m.createToken', () => [{ machineSecretKey: secret, claims: { job: 'nightly' }, secondsUntilExpiration: 600 }],
    made => made.subject === writer.id && made.claims.job === 'nightly' && made.token.startsWith('mt_') && !made.revoked);
  const { token: jwt } = await call('m2m.createToken', () => [{ machineSecretKey: secret, tokenFormat: 'jwt' }], made => made.token.split('.').length === 3) ?? {};
  await call('m2m.verify', () => [{ token: token.token }], got => got.id === token.id && got.subject === writer.id);
  await call('m2m.verify', () => [{ token: jwt }], got => got.subject === writer.id);
  await call('m2m.list', () => [{ machineSecretKey: secret, subject: writer.id }], ({ data }) => data.some(got => got.id === token.id));
  await call('m2m.list', () => [{ subject: writer.id, limit: 1 }], ({ data, totalCount }) => data.length === 1 && totalCount >= 1);
  await call('m2m.revokeToken', () => [{ m2mTokenId: token.id, revocationReason: 'done' }], revoked => revoked.revoked && revoked.revocationReason === 'done');
  await call('m2m.list', () => [{ subject: writer.id, revoked: true }], ({ data }) => data.length === 1 && data[0].id === token.id);
  await refused('m2m.verify', () => [{ token: token.token }], 404);
  await call('machines.deleteScope', () => [reader.id, writer.id], gone => gone.deleted);
  await call('machines.get', () => [reader.id], got => got.scopedMachines.length === 0);
  await call('machines.delete', () => [reader.id], gone => gone.deleted);
  await refused('machines.get', () => [reader.id], 404, 'resource_not_found');
  await call('machines.get', () => [writer.id], got => got.scopedMachines.length === 0);

  const key = await call('apiKeys.create', () => [{ name: 'Exports', subject: seed.user, description: 'of the night', scopes: ['read', 'write'], claims: { plan: 'pro' }, secondsUntilExpiration: 3600, createdBy: seed.user }],
    made => made.secret.startsWith('ak_') && made.subject === seed.user && made.scopes.length === 2 && made.expiration > Date.now());
  await call('apiKeys.get', () => [key.id], got => got.name === 'Exports' && got.claims.plan === 'pro' && !got.secret);
  await call('apiKeys.list', () => [{ subject: seed.user }], ({ data, totalCount }) => totalCount === 1 && data[0].id === key.id);
  await call('apiKeys.getSecret', () => [key.id], ({ secret }) => secret === key.secret);
  await call('apiKeys.verify', () => [key.secret], got => got.id === key.id && got.subject === seed.user);
  await call('apiKeys.update', () => [{ apiKeyId: key.id, subject: seed.user, description: 'of the day', scopes: ['read'] }], changed => changed.description === 'of the day' && changed.scopes.join() === 'read');
  await call('apiKeys.revoke', () => [{ apiKeyId: key.id, revocationReason: 'leaked' }], revoked => revoked.revoked && revoked.revocationReason === 'leaked');
  await refused('apiKeys.verify', () => [key.secret], 404);
  await call('apiKeys.list', () => [{ subject: seed.user }], ({ data }) => data.length === 0);
  await call('apiKeys.list', () => [{ subject: seed.user, includeInvalid: true }], ({ data }) => data.length === 1);
  await call('apiKeys.delete', () => [key.id], gone => gone.deleted);
  await refused('apiKeys.get', () => [key.id], 404);

  const application = await call('oauthApplications.create', () => [{ name: 'Calendar', redirectUris: ['https://calendar.example/done'], scopes: 'email profile' }],
    made => made.clientId && made.clientSecret && made.redirectUris.length === 1 && made.scopes === 'email profile');
  await call('oauthApplications.get', () => [application.id], got => got.name === 'Calendar' && !got.clientSecret);
  await call('oauthApplications.list', () => [{ nameQuery: 'cal' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === application.id);
  await call('oauthApplications.update', () => [{ oauthApplicationId: application.id, name: 'Calendars', redirectUris: ['https://calendar.example/a', 'https://calendar.example/b'] }], changed => changed.name === 'Calendars' && changed.redirectUris.length === 2);
  await call('oauthApplications.rotateSecret', () => [application.id], made => made.clientSecret && made.clientSecret !== application.clientSecret);
  await call('idPOAuthAccessToken.verify', () => [tokens.oauth], got => got.subject === seed.user && !got.revoked);
  await call('idPOAuthAccessToken.verify', () => [tokens.revocable], got => got.clientId === seed.oauthClient);
  await call('oauthApplications.revokeToken', () => [{ oauthApplicationId: seed.oauthApplication, token: tokens.revocable }], () => true);
  await refused('idPOAuthAccessToken.verify', () => [tokens.revocable], 404);
  await call('oauthApplications.delete', () => [application.id], gone => gone.deleted);
  await refused('oauthApplications.get', () => [application.id], 404, 'resource_not_found');
}
