// What the SDK has and the published document does not: an API without it refuses it.
export default async function ({ call, seed }) {
  const absent = (name, ...args) => call(name, () => args, () => true);
  await absent('sessions.verifySession', seed.session, 'token');
  await absent('invitations.deleteInvitation', 'inv_none');
  await absent('betaFeatures.changeDomain', { homeUrl: 'https://app.example' });
  await absent('emails.create', { to: { userId: seed.user }, fromEmailName: 'news', subject: 'Hello', body: 'Hello' });
  await absent('emails.createBatch', [{ to: { userId: seed.user }, fromEmailName: 'news', subject: 'Hello', body: 'Hello' }]);
  await absent('emails.get', 'ema_none');
  await absent('__experimental_accountlessApplications.createAccountlessApplication', {});
  await absent('__experimental_accountlessApplications.completeAccountlessApplicationOnboarding', {});
}
