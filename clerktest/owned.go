package clerktest

// dropOwned removes what belongs to a user or an organization that is deleted: API keys,
// OAuth access tokens, subscription items with their discounts, and credits. Statements
// stay, as accounts do.
func (i *Instance) dropOwned(ownerID string) {
	for _, k := range i.apiKeysOfSubject.All(ownerID) {
		i.apiKeys.Remove(k.ID)
	}
	for _, t := range i.oauthTokensOfSubject.All(ownerID) {
		i.oauthTokens.Remove(t.ID)
	}
	for _, item := range i.itemsByOwner.All(ownerID) {
		for _, r := range i.redemptionsOfItem.All(item.ID) {
			i.redemptions.Remove(r.ID)
		}
		i.items.Remove(item.ID)
	}
	for _, c := range i.creditsByOwner.All(ownerID) {
		i.credits.Remove(c.ID)
	}
}
