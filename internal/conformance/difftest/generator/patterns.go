package generator

// patterns generates paths that belong to an organization or to the personal account.
func (d *draft) patterns() {
	o := &d.c.Options
	o.OrganizationPatterns = pick(d,
		[]string{"/orgs/:slug", "/orgs/:slug/(.*)"}, []string{"/orgs/:id", "/orgs/:id/(.*)"}, []string{"/orgs/:id/(.*)", "/orgs/:slug"},
		[]string{"/organizations-by-id/:id", "/organizations-by-slug/:slug{/*rest}?"}, []string{"/:slug/settings"}, []string{"/x"}, []string{"/orgs{/:slug}?"}, nil, []string{})
	o.PersonalPatterns = pick(d, []string{"/me", "/me/(.*)"}, []string{"/(.*)"}, nil, []string{}, []string{})
	for _, list := range []*[]string{&o.OrganizationPatterns, &o.PersonalPatterns} {
		if d.chance(18) {
			*list = []string{pick(d, "/orgs/:slug+", "/:slug+/settings", "/x/***", "/(", "/:", "i am not valid", "/orgs/:slug?", "/orgs/:slug+", "/orgs/([a-z_]+)")}
		}
	}
	d.path = pick(d, "/orgs/acme", "/orgs/org_acme", "/orgs/other", "/orgs/org_other/", "/orgs/acme/settings", "/orgs/ACME/", "/ORGS/other", "/me", "/me/", "/me/x", "/acme/settings", "/orgs/a%20b", "/orgs/", "/x/orgs/acme")
	if d.chance(85) {
		d.page()
	} else {
		d.call()
	}
	token := d.session()
	if d.chance(10) {
		token.Payload["sts"] = "pending"
	}
	if d.chance(10) {
		token = d.expired()
	}
	if d.chance(85) {
		d.signedInCookies(d.mint(token))
	}
	if d.chance(5) {
		d.header("Authorization", "Bearer "+d.mint(token))
	}
	d.redirects()
}
