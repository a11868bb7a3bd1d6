export default async function ({ call, refused, keys }) {
  const url = await call('redirectUrls.createRedirectUrl', () => [{ url: 'myapp://signed-in' }], made => made.url === 'myapp://signed-in' && made.id);
  await refused('redirectUrls.createRedirectUrl', () => [{ url: 'myapp://signed-in' }], 422, 'form_already_exists');
  await call('redirectUrls.getRedirectUrl', () => [url.id], got => got.url === url.url && got.createdAt === url.createdAt);
  await call('redirectUrls.getRedirectUrlList', () => [], ({ data, totalCount }) => totalCount === 1 && data[0].id === url.id);
  await call('redirectUrls.deleteRedirectUrl', () => [url.id], gone => gone.deleted);
  await refused('redirectUrls.getRedirectUrl', () => [url.id], 404, 'resource_not_found');

  const primary = await call('domains.list', () => [], ({ data }) => data.length === 1 && !data[0].isSatellite);
  const satellite = await call('domains.add', () => [{ name: 'satellite.example', is_satellite: true }], made => made.id.startsWith('dmn_') && made.isSatellite && made.name === 'satellite.example');
  await call('domains.list', () => [], ({ data, totalCount }) => totalCount === 2 && data.some(domain => domain.id === satellite.id));
  await call('domains.update', () => [{ domainId: satellite.id, name: 'other.example' }], changed => changed.name === 'other.example');
  await call('domains.delete', () => [satellite.id], gone => gone.deleted);
  const second = await call('domains.add', () => [{ name: 'second.example', is_satellite: true }], made => made.id !== satellite.id);
  await call('domains.deleteDomain', () => [second.id], gone => gone.deleted && gone.id === second.id);
  await refused('domains.delete', () => [primary.data[0].id], 403, 'operation_not_allowed_on_primary_domain');
  await call('proxyChecks.verify', () => [{ domainId: primary.data[0].id, proxyUrl: 'https://app.example/__clerk' }], check => check.id && check.domainId === primary.data[0].id && check.proxyUrl === 'https://app.example/__clerk');

  await call('instance.get', () => [], got => got.id.startsWith('ins_') && got.environmentType === 'development');
  await call('instance.update', () => [{ supportEmail: 'help@app.example', testMode: true, allowedOrigins: ['http://localhost:3000'] }], () => true);
  await call('instance.get', () => [], got => got.allowedOrigins.join() === 'http://localhost:3000');
  await call('instance.getOrganizationSettings', () => [], got => got.enabled && got.creatorRole === 'org:admin');
  await call('instance.updateOrganizationSettings', () => [{ maxAllowedMemberships: 9, domainsEnabled: true }], changed => changed.maxAllowedMemberships === 9 && changed.domainsEnabled);
  await call('instance.getOrganizationSettings', () => [], got => got.maxAllowedMemberships === 9 && got.domainsEnabled);
  await call('organizations.createOrganization', () => [{ name: 'Nine' }], made => made.maxAllowedMemberships === 9);

  const allowed = await call('allowlistIdentifiers.createAllowlistIdentifier', () => [{ identifier: 'friend@example.com', notify: false }], made => made.identifier === 'friend@example.com' && made.identifierType === 'email_address');
  await refused('allowlistIdentifiers.createAllowlistIdentifier', () => [{ identifier: 'friend@example.com' }], 400, 'duplicate_record');
  await call('allowlistIdentifiers.getAllowlistIdentifierList', () => [], ({ data, totalCount }) => totalCount === 1 && data[0].id === allowed.id);
  const blocked = await call('blocklistIdentifiers.createBlocklistIdentifier', () => [{ identifier: 'spam@example.com' }], made => made.identifier === 'spam@example.com');
  await call('blocklistIdentifiers.getBlocklistIdentifierList', () => [{ limit: 10 }], ({ data, totalCount }) => totalCount === 1 && data[0].id === blocked.id);
  await call('instance.updateRestrictions', () => [{ allowlist: true, blocklist: true }], changed => changed.allowlist && changed.blocklist);
  await call('instance.updateRestrictions', () => [{ allowlist: false, blocklist: false }], changed => !changed.allowlist && !changed.blocklist);
  await call('allowlistIdentifiers.deleteAllowlistIdentifier', () => [allowed.id], gone => gone.deleted);
  await call('blocklistIdentifiers.deleteBlocklistIdentifier', () => [blocked.id], gone => gone.deleted);
  await call('allowlistIdentifiers.getAllowlistIdentifierList', () => [], ({ totalCount }) => totalCount === 0);

  await refused('webhooks.generateSvixAuthURL', () => [], 400, 'svix_app_missing');
  await call('webhooks.createSvixApp', () => [], made => (made.svixUrl ?? made.svix_url).startsWith('http'));
  await call('webhooks.generateSvixAuthURL', () => [], made => (made.svixUrl ?? made.svix_url).startsWith('http'));
  await call('webhooks.deleteSvixApp', () => [], () => true);
  await refused('webhooks.generateSvixAuthURL', () => [], 400, 'svix_app_missing');
}
