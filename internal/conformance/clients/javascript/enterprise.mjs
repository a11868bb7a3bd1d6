export default async function ({ call, refused, seed }) {
  const acme = await call('organizations.createOrganization', () => [{ name: 'Connected' }], made => made.id);
  const saml = await call('samlConnections.createSamlConnection', () => [{ name: 'Okta', domain: 'okta.example', provider: 'saml_okta', organizationId: acme.id, attributeMapping: { userId: 'uid', emailAddress: 'mail', firstName: 'first', lastName: 'last' } }],
    made => made.id.startsWith('samlc_') && made.domain === 'okta.example' && made.provider === 'saml_okta' && !made.active && made.organizationId === acme.id && made.attributeMapping.emailAddress === 'mail');
  await call('samlConnections.getSamlConnection', () => [saml.id], got => got.name === 'Okta' && got.acsUrl.startsWith('http'));
  await call('samlConnections.getSamlConnectionList', () => [{ query: 'okta' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === saml.id);
  await call('samlConnections.getSamlConnectionList', () => [{ organizationId: [acme.id], limit: 5 }], ({ totalCount }) => totalCount === 1);
  await refused('samlConnections.updateSamlConnection', () => [saml.id, { active: true }], 422, 'saml_connection_cant_be_activated');
  await call('samlConnections.updateSamlConnection', () => [saml.id, { name: 'Okta EU', idpEntityId: 'https://idp.example/entity', idpSsoUrl: 'https://idp.example/sso', idpCertificate: seed.certificate }], changed => changed.name === 'Okta EU' && changed.idpSsoUrl === 'https://idp.example/sso');
  await call('samlConnections.updateSamlConnection', () => [saml.id, { active: true }], changed => changed.active);
  await call('samlConnections.deleteSamlConnection', () => [saml.id], gone => gone.deleted);
  await refused('samlConnections.getSamlConnection', () => [saml.id], 404, 'resource_not_found');

  const oidc = await call('enterpriseConnections.createEnterpriseConnection', () => [{ name: 'GitLab', provider: 'oidc_gitlab', domains: ['gitlab.example'], organizationId: acme.id, oidc: { clientId: 'client', clientSecret: 'secret', discoveryUrl: 'https://gitlab.example/.well-known/openid-configuration' } }],
    made => made.id && made.name === 'GitLab' && made.domains.join() === 'gitlab.example');
  const custom = await call('enterpriseConnections.createEnterpriseConnection', () => [{ name: 'Custom', provider: 'saml_custom', domains: ['custom.example'], saml: { idpEntityId: 'https://idp.example/entity', idpSsoUrl: 'https://idp.example/sso', idpCertificate: seed.certificate, attributeMapping: { emailAddress: 'mail' } } }],
    made => made.samlConnection.idpSsoUrl === 'https://idp.example/sso');
  await call('enterpriseConnections.getEnterpriseConnection', () => [oidc.id], got => got.organizationId === acme.id);
  await call('enterpriseConnections.getEnterpriseConnectionList', () => [{ limit: 10 }], ({ totalCount }) => totalCount === 2);
  await call('enterpriseConnections.getEnterpriseConnectionList', () => [{ organizationId: acme.id }], ({ data, totalCount }) => totalCount === 1 && data[0].id === oidc.id);
  await call('enterpriseConnections.updateEnterpriseConnection', () => [custom.id, { name: 'Customers', active: true, domains: ['custom.example', 'customs.example'] }], changed => changed.name === 'Customers' && changed.active && changed.domains.length === 2);
  await call('enterpriseConnections.getEnterpriseConnectionList', () => [{ active: true }], ({ data }) => data.length === 1 && data[0].id === custom.id);
  await call('enterpriseConnections.deleteEnterpriseConnection', () => [custom.id], gone => gone.deleted);
  await call('enterpriseConnections.deleteEnterpriseConnection', () => [oidc.id], gone => gone.deleted);
  await refused('enterpriseConnections.getEnterpriseConnection', () => [oidc.id], 404, 'resource_not_found');
  await call('organizations.deleteOrganization', () => [acme.id], gone => gone.deleted);
}
