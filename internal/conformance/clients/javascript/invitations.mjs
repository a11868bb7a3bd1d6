export default async function ({ call, refused }) {
  const invitation = await call('invitations.createInvitation', () => [{ emailAddress: 'new@guest.example', publicMetadata: { from: 'fair' }, redirectUrl: 'https://app.example/join', notify: false }],
    made => made.id.startsWith('inv_') && made.status === 'pending' && made.publicMetadata.from === 'fair');
  await refused('invitations.createInvitation', () => [{ emailAddress: 'new@guest.example' }], 400, 'duplicate_record');
  await call('invitations.createInvitationBulk', () => [[{ emailAddress: 'one@guest.example' }, { emailAddress: 'two@guest.example', expiresInDays: 3 }]], list => list.length === 2);
  await refused('invitations.createInvitationBulk', () => [[{ emailAddress: 'three@guest.example' }, { emailAddress: 'new@guest.example' }]], 400, 'duplicate_record');
  await call('invitations.getInvitationList', () => [{ status: 'pending' }], ({ data, totalCount }) => totalCount === 3 && data.length === 3);
  await call('invitations.getInvitationList', () => [{ query: 'new@guest', orderBy: '-created_at' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === invitation.id);
  await call('invitations.revokeInvitation', () => [invitation.id], revoked => revoked.status === 'revoked' && revoked.revoked);
  await refused('invitations.revokeInvitation', () => [invitation.id], 400, 'invitation_already_revoked');
  await call('invitations.getInvitationList', () => [{ status: 'revoked' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === invitation.id);
  await call('invitations.createInvitation', () => [{ emailAddress: 'new@guest.example' }], made => made.id !== invitation.id);

  const entry = await call('waitlistEntries.create', () => [{ emailAddress: 'patient@guest.example' }], made => made.id.startsWith('wle_') && made.status === 'pending');
  await call('waitlistEntries.createBulk', () => [[{ emailAddress: 'a@guest.example' }, { emailAddress: 'b@guest.example' }]], entries => entries.length === 2);
  await call('waitlistEntries.list', () => [{ status: 'pending' }], ({ data, totalCount }) => totalCount === 3 && data.length === 3);
  await call('waitlistEntries.list', () => [{ query: 'patient' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === entry.id);
  await call('waitlistEntries.invite', () => [entry.id, { ignoreExisting: true }], invited => invited.status === 'invited' && invited.invitation.emailAddress === 'patient@guest.example');
  await call('invitations.getInvitationList', () => [{ query: 'patient' }], ({ totalCount }) => totalCount === 1);
  const find = query => call('waitlistEntries.list', () => [{ query }], ({ totalCount }) => totalCount === 1);
  const first = await find('a@guest');
  await call('waitlistEntries.reject', () => [first.data[0].id], rejected => rejected.status === 'rejected');
  await refused('waitlistEntries.delete', () => [first.data[0].id], 409);
  const second = await find('b@guest');
  await call('waitlistEntries.delete', () => [second.data[0].id], gone => gone.deleted);
  await call('waitlistEntries.list', () => [{}], ({ totalCount }) => totalCount === 2);
}
