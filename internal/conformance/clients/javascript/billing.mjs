export default async function ({ call, refused, seed }) {
  await call('billing.getPlanList', () => [{ payerType: 'user', limit: 10 }], ({ data, totalCount }) => totalCount === data.length && data.some(plan => plan.id === seed.plan));
  await call('billing.getUserBillingSubscription', () => [seed.user], subscription => subscription.status === 'active' && subscription.subscriptionItems.some(item => item.id === seed.subscriptionItem));
  await call('billing.getOrganizationBillingSubscription', () => [seed.organization], subscription => subscription.id && subscription.payerId);
  const until = new Date(Date.now() + 20 * 24 * 3600 * 1000);
  await call('billing.extendSubscriptionItemFreeTrial', () => [seed.subscriptionItem, { extendTo: until }], item => item.id === seed.subscriptionItem && Math.abs(item.periodEnd - until) < 1000);
  await call('billing.cancelSubscriptionItem', () => [seed.subscriptionItem, { endNow: true }], item => item.canceledAt > 0);
  await refused('billing.cancelSubscriptionItem', () => ['csub_item_none'], 404, 'resource_not_found');
}
