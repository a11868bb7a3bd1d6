import { totp } from './totp.mjs';

const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const password = 'correct-horse-battery-7';
const image = () => new Blob([Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')], { type: 'image/gif' });

export default async function ({ call, refused, seed }) {
  const mary = await call(
    'users.createUser',
    () => [{
      emailAddress: ['mary@example.com'], phoneNumber: ['+15555550120'], username: 'mary_s', externalId: 'crm_mary',
      firstName: 'Mary', lastName: 'Shelley', password, totpSecret: secret, backupCodes: ['code-number-one', 'code-number-two'],
      web3Wallet: ['0x52908400098527886E0F7030069857D2E4169EE7'],
      publicMetadata: { plan: 'free', seats: { used: 1 } }, privateMetadata: { cost: 3 },
    }],
    user => user.id.startsWith('user_') && user.emailAddresses[0].emailAddress === 'mary@example.com' && user.primaryPhoneNumber.phoneNumber === '+15555550120'
      && user.username === 'mary_s' && user.externalId === 'crm_mary' && user.passwordEnabled && user.totpEnabled && user.backupCodeEnabled && user.twoFactorEnabled
      && user.web3Wallets.length === 1 && user.publicMetadata.plan === 'free',
  );
  const count = await call('users.getCount', () => [{}], total => total > 1);
  await call('users.getUser', () => [mary.id], user => user.id === mary.id && user.fullName === 'Mary Shelley' && user.createdAt === mary.createdAt);
  const alone = ({ data, totalCount }) => data.length === 1 && totalCount === 1 && data[0].username === 'mary_s';
  await call('users.getUserList', () => [{ emailAddress: ['mary@example.com'] }], alone);
  await call('users.getUserList', () => [{ phoneNumber: ['+15555550120'] }], alone);
  await call('users.getUserList', () => [{ externalId: ['crm_mary'] }], alone);
  await call('users.getUserList', () => [{ username: ['mary_s'] }], alone);
  await call('users.getUserList', () => [{ userId: [mary.id] }], alone);
  await call('users.getUserList', () => [{ web3Wallet: ['0x52908400098527886E0F7030069857D2E4169EE7'] }], alone);
  await call('users.getUserList', () => [{ query: 'shelley' }], alone);
  await call('users.getUserList', () => [{ orderBy: '-created_at', limit: 1 }], ({ data, totalCount }) => data[0].username === 'mary_s' && totalCount === count);
  await call('users.getUserList', () => [{ limit: 1, offset: 1 }], ({ data, totalCount }) => data.length === 1 && totalCount === count);
  await call('users.getUserList', () => [{ lastActiveAtSince: Date.now() + 1000 }], ({ data }) => data.length === 0);
  await call('users.getCount', () => [{ query: 'shelley' }], total => total === 1);
  await refused('users.createUser', () => [{ emailAddress: ['Mary@Example.com'], password }], 422, 'form_identifier_exists');
  await refused('users.createUser', () => [{ emailAddress: ['weak@example.com'], password: 'password123' }], 422, 'form_password_pwned');

  await call('users.updateUser', () => [mary.id, { firstName: 'Mary W.' }], user => user.firstName === 'Mary W.' && user.lastName === 'Shelley' && user.updatedAt >= mary.updatedAt);
  await call('users.updateUser', () => [mary.id, { lastName: 'Godwin', publicMetadata: { plan: 'pro', seats: { used: 2 } } }], user => user.lastName === 'Godwin' && user.publicMetadata.plan === 'pro');
  await call('users.updateUserMetadata', () => [mary.id, { publicMetadata: { seats: { free: 3 }, plan: null } }],
    ({ publicMetadata: { seats, plan }, privateMetadata }) => seats.used === 2 && seats.free === 3 && plan === undefined && privateMetadata.cost === 3);
  await call('users.replaceUserMetadata', () => [mary.id, { privateMetadata: { cost: 9 } }], user => user.privateMetadata.cost === 9 && user.publicMetadata.seats.free === 3);
  await call('users.getUser', () => [mary.id], user => user.firstName === 'Mary W.' && user.lastName === 'Godwin' && user.privateMetadata.cost === 9);

  await call('users.updateUserProfileImage', () => [mary.id, { file: image() }], user => user.hasImage);
  await call('users.getUser', () => [mary.id], user => user.hasImage && user.imageUrl.startsWith('http'));
  await call('users.deleteUserProfileImage', () => [mary.id], user => !user.hasImage);

  await call('users.verifyPassword', () => [{ userId: mary.id, password }], result => result.verified);
  await refused('users.verifyPassword', () => [{ userId: mary.id, password: 'wrong-password-7' }], 422, 'incorrect_password');
  await call('users.setPasswordCompromised', () => [mary.id], user => user.id === mary.id);
  await call('users.unsetPasswordCompromised', () => [mary.id], user => user.id === mary.id);
  await refused('users.verifyTOTP', () => [{ userId: mary.id, code: '12' }], 422, 'totp_invalid_length');
  await call('users.verifyTOTP', () => [{ userId: mary.id, code: totp(secret) }], result => result.verified && result.code_type === 'totp');
  await call('users.verifyTOTP', () => [{ userId: mary.id, code: 'code-number-one' }], result => result.verified && result.code_type === 'backup_code');
  await call('users.deleteUserBackupCodes', () => [mary.id], result => result.userId === mary.id || result.user_id === mary.id);
  await call('users.getUser', () => [mary.id], user => !user.backupCodeEnabled && user.totpEnabled);
  await call('users.deleteUserTOTP', () => [mary.id], result => result.userId === mary.id || result.user_id === mary.id);
  await call('users.getUser', () => [mary.id], user => !user.totpEnabled && !user.twoFactorEnabled);
  await refused('users.verifyTOTP', () => [{ userId: mary.id, code: totp(secret) }], 400, 'totp_disabled');
  await call('users.updateUser', () => [mary.id, { totpSecret: secret, backupCodes: ['code-number-three'] }], user => user.totpEnabled && user.twoFactorEnabled);
  await call('users.disableUserMFA', () => [mary.id], result => result.userId === mary.id || result.user_id === mary.id);
  await call('users.getUser', () => [mary.id], user => !user.twoFactorEnabled && !user.backupCodeEnabled);
  await call('users.removePassword', () => [mary.id, { signOutOfOtherSessions: true }], user => !user.passwordEnabled);
  await refused('users.verifyPassword', () => [{ userId: mary.id, password }], 400, 'no_password_set');

  const work = await call('emailAddresses.createEmailAddress', () => [{ userId: mary.id, emailAddress: 'mary@work.example', verified: true, primary: false }],
    address => address.id.startsWith('idn_') && address.verification.status === 'verified');
  await call('emailAddresses.getEmailAddress', () => [work.id], address => address.emailAddress === 'mary@work.example');
  await call('users.getUser', () => [mary.id], user => user.emailAddresses.length === 2 && user.primaryEmailAddress.emailAddress === 'mary@example.com');
  await call('emailAddresses.updateEmailAddress', () => [work.id, { primary: true }], address => address.id === work.id);
  await call('users.getUser', () => [mary.id], user => user.primaryEmailAddressId === work.id);
  await call('emailAddresses.deleteEmailAddress', () => [mary.emailAddresses[0].id], gone => gone.deleted && gone.id === mary.emailAddresses[0].id);
  await refused('emailAddresses.getEmailAddress', () => [mary.emailAddresses[0].id], 404, 'resource_not_found');
  await call('users.getUserList', () => [{ emailAddress: ['mary@example.com'] }], ({ data, totalCount }) => data.length === 0 && totalCount === 0);
  await call('users.replaceUserEmailAddress', () => [mary.id, { emailAddress: 'mary@home.example' }], address => address.emailAddress === 'mary@home.example');
  await call('users.getUser', () => [mary.id], user => user.emailAddresses.length === 1 && user.primaryEmailAddress.emailAddress === 'mary@home.example');

  const mobile = await call('phoneNumbers.createPhoneNumber', () => [{ userId: mary.id, phoneNumber: '+15555550121', verified: true, reservedForSecondFactor: true }],
    number => number.phoneNumber === '+15555550121' && number.reservedForSecondFactor);
  await call('phoneNumbers.getPhoneNumber', () => [mobile.id], number => number.verification.status === 'verified');
  await call('phoneNumbers.updatePhoneNumber', () => [mobile.id, { reservedForSecondFactor: false, primary: true }], number => !number.reservedForSecondFactor);
  await call('users.getUser', () => [mary.id], user => user.primaryPhoneNumberId === mobile.id && user.phoneNumbers.length === 2);
  await call('phoneNumbers.deletePhoneNumber', () => [mary.phoneNumbers[0].id], gone => gone.deleted);
  await refused('phoneNumbers.getPhoneNumber', () => [mary.phoneNumbers[0].id], 404, 'resource_not_found');
  await call('users.replaceUserPhoneNumber', () => [mary.id, { phoneNumber: '+15555550122' }], number => number.phoneNumber === '+15555550122');
  await call('users.getUserList', () => [{ phoneNumber: ['+15555550122'] }], ({ data }) => data[0].id === mary.id && data[0].phoneNumbers.length === 1);

  await call('users.deleteUserWeb3Wallet', () => [{ userId: mary.id, web3WalletIdentificationId: mary.web3Wallets[0].id }], gone => gone.deleted);
  await call('users.getUser', () => [mary.id], user => user.web3Wallets.length === 0);
  await call('users.getUserOauthAccessToken', () => [seed.user, 'google'], ({ data, totalCount }) => totalCount === 1 && data[0].token && data[0].provider === 'oauth_google');
  await refused('users.getUserOauthAccessToken', () => [seed.user, 'discord'], 404, 'oauth_token_provider_not_enabled');
  await call('users.deleteUserExternalAccount', () => [{ userId: seed.user, externalAccountId: seed.externalAccount }], gone => gone.deleted);
  await call('users.deleteUserPasskey', () => [{ userId: seed.user, passkeyIdentificationId: seed.passkey }], gone => gone.deleted);
  await refused('users.deleteUserPasskey', () => [{ userId: seed.user, passkeyIdentificationId: seed.passkey }], 404, 'resource_not_found');
  await call('users.getUser', () => [seed.user], user => user.externalAccounts.length === 0);

  const session = await call('sessions.createSession', () => [{ userId: mary.id }], session => session.status === 'active');
  await call('users.banUser', () => [mary.id], user => user.banned);
  await call('sessions.getSession', () => [session.id], session => session.status !== 'active');
  await refused('sessions.createSession', () => [{ userId: mary.id }], 403, 'user_banned');
  await call('users.getUserList', () => [{ banned: true }], ({ data }) => data.length === 1 && data[0].id === mary.id);
  await call('users.unbanUser', () => [mary.id], user => !user.banned);
  await call('users.lockUser', () => [mary.id], user => user.locked);
  await call('users.unlockUser', () => [mary.id], user => !user.locked);
  await call('users.deleteUser', () => [mary.id], gone => gone.deleted && gone.id === mary.id);
  await refused('users.getUser', () => [mary.id], 404, 'resource_not_found');
  await refused('users.deleteUser', () => [mary.id], 404, 'resource_not_found');
  await call('users.getCount', () => [{}], total => total === count - 1);
  await call('users.getUserList', () => [{ query: 'godwin' }], ({ data, totalCount }) => data.length === 0 && totalCount === 0);
}
