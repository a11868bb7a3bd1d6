const image = () => new Blob([Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')], { type: 'image/gif' });

export default async function ({ call, refused }) {
  const owner = await call('users.createUser', () => [{ emailAddress: ['owner@acme.example'], password: 'correct-horse-battery-7' }], user => user.id);
  const worker = await call('users.createUser', () => [{ emailAddress: ['worker@acme.example'], firstName: 'Wilma', password: 'correct-horse-battery-7' }], user => user.id);
  const acme = await call('organizations.createOrganization', () => [{ name: 'Acme', slug: 'acme', createdBy: owner.id, publicMetadata: { tier: 'gold' } }],
    org => org.id.startsWith('org_') && org.slug === 'acme' && org.createdBy === owner.id && org.publicMetadata.tier === 'gold');
  const free = await call('organizations.createOrganization', () => [{ name: 'Free for all' }], org => org.name === 'Free for all' && org.slug.startsWith('free-for-all'));
  await refused('organizations.createOrganization', () => [{ name: 'Nobody', createdBy: 'user_nobody' }], 400, 'organization_creator_not_found');
  await call('organizations.getOrganization', () => [{ organizationId: acme.id, includeMembersCount: true }], org => org.id === acme.id && org.membersCount === 1);
  await call('organizations.getOrganization', () => [{ slug: 'acme' }], org => org.id === acme.id);
  await call('organizations.getOrganizationList', () => [{ includeMembersCount: true, orderBy: '+name' }],
    ({ data, totalCount }) => totalCount === 3 && data[0].id === acme.id && data[0].membersCount === 1 && data[1].membersCount === 0);
  await call('organizations.getOrganizationList', () => [{ query: 'acm' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === acme.id);
  await call('organizations.getOrganizationList', () => [{ userId: [owner.id] }], ({ data }) => data.length === 1 && data[0].id === acme.id);
  await call('organizations.updateOrganization', () => [acme.id, { name: 'Acme Inc.', maxAllowedMemberships: 20 }], org => org.name === 'Acme Inc.' && org.maxAllowedMemberships === 20);
  await call('organizations.updateOrganization', () => [acme.id, { slug: 'acme-inc', privateMetadata: { vat: 'x' } }], org => org.slug === 'acme-inc' && org.privateMetadata.vat === 'x');
  await call('organizations.updateOrganizationMetadata', () => [acme.id, { publicMetadata: { size: 3 } }], org => org.publicMetadata.tier === 'gold' && org.publicMetadata.size === 3);
  await call('organizations.replaceOrganizationMetadata', () => [acme.id, { publicMetadata: { size: 4 } }], org => JSON.stringify(org.publicMetadata) === '{"size":4}');
  await call('organizations.updateOrganizationLogo', () => [acme.id, { file: image(), uploaderUserId: owner.id }], org => org.hasImage);
  await call('organizations.getOrganization', () => [{ slug: 'acme-inc' }], org => org.hasImage && org.name === 'Acme Inc.');
  await call('organizations.deleteOrganizationLogo', () => [acme.id], org => !org.hasImage);

  await call('organizations.createOrganizationMembership', () => [{ organizationId: acme.id, userId: worker.id, role: 'org:member' }],
    membership => membership.role === 'org:member' && membership.organization.id === acme.id && membership.publicUserData.userId === worker.id);
  await refused('organizations.createOrganizationMembership', () => [{ organizationId: acme.id, userId: worker.id, role: 'org:member' }], 400, 'already_a_member_in_organization');
  await call('organizations.getOrganizationMembershipList', () => [{ organizationId: acme.id, orderBy: '+created_at' }],
    ({ data, totalCount }) => totalCount === 2 && data[0].publicUserData.userId === owner.id && data[0].role === 'org:admin');
  await call('organizations.getOrganizationMembershipList', () => [{ organizationId: acme.id, role: ['org:member'] }], ({ data, totalCount }) => totalCount === 1 && data[0].publicUserData.userId === worker.id);
  await call('organizations.getOrganizationMembershipList', () => [{ organizationId: acme.id, query: 'wilma' }], ({ data }) => data.length === 1);
  await call('organizations.getInstanceOrganizationMembershipList', () => [{ limit: 10 }], ({ totalCount }) => totalCount === 2);
  await call('users.getOrganizationMembershipList', () => [{ userId: worker.id, limit: 10 }], ({ data, totalCount }) => totalCount === 1 && data[0].organization.slug === 'acme-inc');
  await call('users.getUserList', () => [{ organizationId: [acme.id] }], ({ totalCount }) => totalCount === 2);
  await call('organizations.updateOrganizationMembership', () => [{ organizationId: acme.id, userId: worker.id, role: 'org:admin' }], membership => membership.role === 'org:admin');
  await call('organizations.updateOrganizationMembershipMetadata', () => [{ organizationId: acme.id, userId: worker.id, publicMetadata: { desk: 7 } }], membership => membership.publicMetadata.desk === 7);
  await call('users.getOrganizationMembershipList', () => [{ userId: worker.id }], ({ data }) => data[0].role === 'org:admin' && data[0].publicMetadata.desk === 7);

  const invitation = await call('organizations.createOrganizationInvitation', () => [{ organizationId: acme.id, emailAddress: 'guest@acme.example', role: 'org:member', inviterUserId: owner.id, publicMetadata: { from: 'fair' } }],
    made => made.status === 'pending' && made.organizationId === acme.id && made.publicMetadata.from === 'fair');
  await refused('organizations.createOrganizationInvitation', () => [{ organizationId: acme.id, emailAddress: 'guest@acme.example', role: 'org:member', inviterUserId: owner.id }], 400, 'organization_invitation_not_unique');
  await call('organizations.createOrganizationInvitationBulk', () => [acme.id, [{ emailAddress: 'one@acme.example', role: 'org:member', inviterUserId: owner.id }, { emailAddress: 'two@acme.example', role: 'org:admin', inviterUserId: owner.id }]],
    ({ data }) => data.length === 2 && data.some(made => made.role === 'org:admin'));
  const guest = await call('users.createUser', () => [{ emailAddress: ['guest@acme.example'], password: 'correct-horse-battery-7' }], user => user.id);
  await call('users.getOrganizationInvitationList', () => [{ userId: guest.id }], ({ data, totalCount }) => totalCount === 1 && data[0].id === invitation.id && data[0].publicOrganizationData.id === acme.id);
  await call('organizations.getOrganizationInvitationList', () => [{ organizationId: acme.id, status: ['pending'] }], ({ totalCount }) => totalCount === 3);
  await call('organizations.getOrganizationInvitation', () => [{ organizationId: acme.id, invitationId: invitation.id }], got => got.emailAddress === 'guest@acme.example');
  await call('organizations.revokeOrganizationInvitation', () => [{ organizationId: acme.id, invitationId: invitation.id, requestingUserId: owner.id }], revoked => revoked.status === 'revoked');
  await call('organizations.getOrganizationInvitationList', () => [{ organizationId: acme.id, status: ['pending'] }], ({ totalCount }) => totalCount === 2);
  await call('users.getOrganizationInvitationList', () => [{ userId: guest.id, status: ['pending'] }], ({ totalCount }) => totalCount === 0);

  const domain = await call('organizations.createOrganizationDomain', () => [{ organizationId: acme.id, name: 'acme.example', enrollmentMode: 'manual_invitation' }],
    made => made.id.startsWith('orgdmn_') && made.name === 'acme.example' && made.verification.status === 'verified');
  await refused('organizations.createOrganizationDomain', () => [{ organizationId: free.id, name: 'acme.example', enrollmentMode: 'manual_invitation' }], 422, 'organization_domain_already_exists');
  await call('organizations.getOrganizationDomainList', () => [{ organizationId: acme.id }], ({ data, totalCount }) => totalCount === 1 && data[0].id === domain.id);
  await call('organizations.updateOrganizationDomain', () => [{ organizationId: acme.id, domainId: domain.id, enrollmentMode: 'automatic_suggestion' }], changed => (changed.enrollmentMode ?? changed.enrollment_mode) === 'automatic_suggestion');
  await call('organizations.deleteOrganizationDomain', () => [{ organizationId: acme.id, domainId: domain.id }], gone => gone.deleted);
  await call('organizations.getOrganizationDomainList', () => [{ organizationId: acme.id }], ({ totalCount }) => totalCount === 0);
  await call('organizations.createOrganizationDomain', () => [{ organizationId: free.id, name: 'acme.example', enrollmentMode: 'automatic_invitation', verified: false }], made => (made.enrollmentMode ?? made.enrollment_mode) === 'automatic_invitation' && made.verification?.status !== 'verified');

  await roles({ call, refused }, acme, worker);

  await call('organizations.deleteOrganizationMembership', () => [{ organizationId: acme.id, userId: worker.id }], gone => gone.publicUserData.userId === worker.id);
  await call('organizations.getOrganizationMembershipList', () => [{ organizationId: acme.id }], ({ totalCount }) => totalCount === 1);
  await call('users.deleteUser', () => [guest.id], gone => gone.deleted);
  await call('organizations.createOrganizationMembership', () => [{ organizationId: free.id, userId: worker.id, role: 'org:member' }], membership => membership.organization.id === free.id);
  await call('users.deleteUser', () => [worker.id], gone => gone.deleted);
  await call('organizations.getOrganizationMembershipList', () => [{ organizationId: free.id }], ({ data, totalCount }) => totalCount === 0 && data.length === 0);
  await call('organizations.getOrganization', () => [{ organizationId: free.id, includeMembersCount: true }], org => org.membersCount === 0);
  await call('organizations.deleteOrganization', () => [acme.id], gone => gone.deleted && gone.id === acme.id);
  await refused('organizations.getOrganization', () => [{ organizationId: acme.id }], 404, 'resource_not_found');
  await call('users.getOrganizationMembershipList', () => [{ userId: owner.id }], ({ totalCount }) => totalCount === 0);
  await call('organizations.getOrganizationList', () => [{}], ({ data, totalCount }) => totalCount === 2 && data[0].id === free.id);
}

async function roles({ call, refused }, acme, member) {
  const read = await call('organizationPermissions.createOrganizationPermission', () => [{ name: 'Read reports', key: 'org:reports:read', description: 'of the month' }],
    made => made.key === 'org:reports:read' && made.description === 'of the month');
  await call('organizationPermissions.getOrganizationPermissionList', () => [{ query: 'reports' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === read.id);
  await call('organizationPermissions.getOrganizationPermission', () => [read.id], got => got.description === 'of the month');
  await call('organizationPermissions.updateOrganizationPermission', () => [{ permissionId: read.id, name: 'See reports' }], changed => changed.name === 'See reports' && changed.key === 'org:reports:read');
  const write = await call('organizationPermissions.createOrganizationPermission', () => [{ name: 'Write reports', key: 'org:reports:write' }], made => made.id);

  const auditor = await call('organizationRoles.createOrganizationRole', () => [{ name: 'Auditor', key: 'org:auditor', permissions: [read.id] }],
    made => made.key === 'org:auditor' && made.permissions.length === 1 && made.permissions[0].key === 'org:reports:read');
  await call('organizationRoles.getOrganizationRole', () => [auditor.id], got => got.name === 'Auditor');
  await call('organizationRoles.getOrganizationRoleList', () => [{ query: 'audit' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === auditor.id);
  await call('organizationRoles.updateOrganizationRole', () => [{ organizationRoleId: auditor.id, description: 'looks' }], changed => changed.description === 'looks' && changed.permissions.length === 1);
  await call('organizationRoles.assignPermissionToOrganizationRole', () => [{ organizationRoleId: auditor.id, permissionId: write.id }], changed => changed.permissions.length === 2);
  await call('organizationRoles.removePermissionFromOrganizationRole', () => [{ organizationRoleId: auditor.id, permissionId: write.id }], changed => changed.permissions.length === 1);
  const visitor = await call('organizationRoles.createOrganizationRole', () => [{ name: 'Visitor', key: 'org:visitor' }], made => made.permissions.length === 0);

  const set = await call('roleSets.createRoleSet', () => [{ name: 'Offices', key: 'role_set:offices', defaultRoleKey: 'org:member', creatorRoleKey: 'org:admin', roles: ['org:admin', 'org:member'] }],
    made => made.key === 'role_set:offices' && made.roles.length === 2 && made.defaultRole.key === 'org:member' && made.creatorRole.key === 'org:admin');
  await call('roleSets.getRoleSet', () => ['role_set:offices'], got => got.id === set.id);
  await call('roleSets.getRoleSetList', () => [{ query: 'offices' }], ({ data, totalCount }) => totalCount === 1 && data[0].id === set.id);
  await call('roleSets.updateRoleSet', () => [{ roleSetKeyOrId: set.id, name: 'All offices' }], changed => changed.name === 'All offices' && changed.roles.length === 2);
  await call('roleSets.addRolesToRoleSet', () => [{ roleSetKeyOrId: set.id, roleKeys: ['org:auditor', 'org:visitor'], defaultRoleKey: 'org:visitor' }], changed => changed.roles.length === 4 && changed.defaultRole.key === 'org:visitor');
  await call('organizations.updateOrganization', () => [acme.id, { roleSetKey: 'role_set:offices' }], org => org.id === acme.id);
  await call('organizations.updateOrganizationMembership', () => [{ organizationId: acme.id, userId: member.id, role: 'org:auditor' }], membership => membership.role === 'org:auditor');
  await call('roleSets.replaceRoleInRoleSet', () => [{ roleSetKeyOrId: set.id, roleKey: 'org:auditor', toRoleKey: 'org:visitor' }], changed => changed.roles.length === 3);
  await call('organizations.getOrganizationMembershipList', () => [{ organizationId: acme.id, userId: [member.id] }], ({ data }) => data[0].role === 'org:visitor');
  const rest = await call('roleSets.createRoleSet', () => [{ name: 'Rest', defaultRoleKey: 'org:member', creatorRoleKey: 'org:admin', roles: ['org:admin', 'org:member'] }], made => made.key.startsWith('role_set:'));
  await call('roleSets.replaceRoleSet', () => [{ roleSetKeyOrId: set.id, destRoleSetKey: rest.key, reassignmentMappings: { 'org:visitor': 'org:member' } }], gone => gone.deleted);
  await refused('roleSets.getRoleSet', () => [set.id], 404, 'resource_not_found');
  await call('organizations.getOrganizationMembershipList', () => [{ organizationId: acme.id, userId: [member.id] }], ({ data }) => data[0].role === 'org:member');
  await call('organizationRoles.deleteOrganizationRole', () => [auditor.id], gone => gone.deleted);
  await call('organizationRoles.deleteOrganizationRole', () => [visitor.id], gone => gone.deleted);
  await refused('organizationRoles.getOrganizationRole', () => [auditor.id], 404, 'resource_not_found');
  await call('organizationPermissions.deleteOrganizationPermission', () => [write.id], gone => gone.deleted);
  await refused('organizationPermissions.getOrganizationPermission', () => [write.id], 404, 'resource_not_found');
}
