package clients

import (
	"strings"
	"time"
)

type members = map[string]any

func cliUsers(c *tool) {
	create := func(fits func(value) bool, args ...string) value {
		return c.run("users create", fits, append([]string{"users", "create", "--json", "--yes"}, args...)...)
	}
	list := func(fits func(value) bool, args ...string) {
		c.run("users list", fits, append([]string{"users", "list", "--json"}, args...)...)
	}
	mary := create(with(members{"first_name": "Mary", "username": "mary_s", "external_id": "crm_mary", "password_enabled": true}),
		"--email", "mary@example.com", "--phone", "+15555550120", "--username", "mary_s", "--external-id", "crm_mary",
		"--first-name", "Mary", "--last-name", "Shelley", "--password", goodPassword).text("id")
	paul := create(with(members{"public_metadata.plan": "free"}), "-d", `{"email_address":["paul@example.com"],"first_name":"Paul","last_name":"Smith","username":"usul","phone_number":["+15555550121"],"password":"`+goodPassword+`","public_metadata":{"plan":"free"}}`).text("id")
	create(whatever, "--email", "dry@example.com", "--dry-run")
	list(has(1, mary), "--email-address", "mary@example.com")
	list(has(0, ""), "--email-address", "dry@example.com")
	list(has(2, ""), "--email-address", "mary@example.com,paul@example.com")
	list(has(1, mary), "--phone-number", "+15555550120")
	list(has(1, mary), "--username", "mary_s")
	list(has(1, mary), "--external-id", "crm_mary")
	list(has(1, paul), "--user-id", paul)
	list(has(1, mary), "--query", "shelley")
	list(has(1, ""), "--limit", "1", "--offset", "1")
	for _, field := range []string{"created_at", "email_address", "first_name", "last_name", "phone_number", "username", "last_sign_in_at"} {
		for sign, first := range map[string]string{"": mary, "+": mary, "-": paul} {
			if field == "last_sign_in_at" {
				first = ""
			}
			list(has(2, first), "--order-by", sign+field, "--user-id", mary+","+paul)
		}
	}

	c.get("/users", contains("id", mary))
	c.get("/users/count?query=shelley", with(members{"total_count": 1}))
	c.get("/users/"+mary, with(members{"id": mary, "last_name": "Shelley"}))
	c.send("PATCH", "/users/"+mary, `{"first_name":"Mary W."}`, with(members{"first_name": "Mary W."}))
	c.send("PATCH", "/users/"+mary+"/metadata", `{"public_metadata":{"plan":"pro"}}`, with(members{"public_metadata.plan": "pro"}))
	c.send("PUT", "/users/"+mary+"/metadata", `{"public_metadata":{"seats":2}}`, with(members{"public_metadata.seats": 2, "public_metadata.plan": nil}))
	address := c.send("POST", "/email_addresses", `{"user_id":"`+mary+`","email_address":"mary@work.example","verified":true}`, with(members{"verification.status": "verified"})).text("id")
	c.get("/email_addresses/"+address, with(members{"email_address": "mary@work.example"}))
	c.send("PATCH", "/email_addresses/"+address, `{"primary":true}`, with(members{"id": address}))
	c.send("PUT", "/users/"+mary+"/email_address", `{"email_address":"mary@home.example"}`, with(members{"email_address": "mary@home.example"}))
	list(has(0, ""), "--email-address", "mary@work.example")
	number := c.send("POST", "/phone_numbers", `{"user_id":"`+mary+`","phone_number":"+15555550122","verified":true}`, with(members{"verification.status": "verified"})).text("id")
	c.get("/phone_numbers/"+number, with(members{"phone_number": "+15555550122"}))
	c.send("PATCH", "/phone_numbers/"+number, `{"reserved_for_second_factor":true}`, with(members{"reserved_for_second_factor": true}))
	c.send("DELETE", "/phone_numbers/"+number, "", gone)
	c.send("POST", "/users/"+mary+"/verify_password", `{"password":"`+goodPassword+`"}`, with(members{"verified": true}))
	c.get("/users/"+seedUser+"/oauth_access_tokens/oauth_google", has(1, ""))
	c.get("/users/"+mary+"/trusted_devices", has(0, ""))
	c.send("POST", "/users/ban", `{"user_ids":["`+mary+`","`+paul+`"]}`, has(2, ""))
	c.get("/users?banned=true", has(2, ""))
	c.send("POST", "/users/unban", `{"user_ids":["`+mary+`","`+paul+`"]}`, has(2, ""))
	c.send("POST", "/users/"+mary+"/ban", "", with(members{"banned": true}))
	c.send("POST", "/users/"+mary+"/unban", "", with(members{"banned": false}))
	c.send("POST", "/users/"+mary+"/lock", "", with(members{"locked": true}))
	c.send("POST", "/users/"+mary+"/unlock", "", with(members{"locked": false}))
	c.send("DELETE", "/users/"+mary, "", gone)
	list(has(0, ""), "--user-id", mary)
	c.get("/users/count?user_id="+mary, with(members{"total_count": 0}))
	c.send("DELETE", "/users/"+paul, "", gone)
}

func cliSessions(c *tool) {
	user := c.send("POST", "/users", `{"email_address":["sid@example.com"],"password":"`+goodPassword+`"}`, whatever).text("id")
	session := c.send("POST", "/sessions", `{"user_id":"`+user+`"}`, with(members{"status": "active", "user_id": user}))
	id, client := session.text("id"), session.text("client_id")
	c.get("/sessions?user_id="+user, has(1, id))
	c.get("/sessions/"+id, with(members{"client_id": client}))
	c.send("POST", "/sessions/"+id+"/tokens", `{"expires_in_seconds":60}`, func(v value) bool { return strings.Count(v.text("jwt"), ".") == 2 })
	template := c.send("POST", "/jwt_templates", `{"name":"reports","claims":{"mail":"{{user.primary_email_address}}"}}`, with(members{"name": "reports"})).text("id")
	c.get("/jwt_templates", contains("id", template))
	c.get("/jwt_templates/"+template, with(members{"claims.mail": "{{user.primary_email_address}}"}))
	c.send("POST", "/sessions/"+id+"/tokens/reports", "", func(v value) bool { return strings.Count(v.text("jwt"), ".") == 2 })
	c.send("PATCH", "/jwt_templates/"+template, `{"name":"reports","claims":{"mail":"none"},"lifetime":90}`, with(members{"lifetime": 90}))
	c.send("DELETE", "/jwt_templates/"+template, "", gone)
	c.get("/clients?limit=100", contains("id", client))
	c.get("/clients/"+client, with(members{"session_ids.0": id}))
	c.get("/jwks", with(members{"keys.0.kty": "RSA"}))
	ticket := c.send("POST", "/sign_in_tokens", `{"user_id":"`+user+`"}`, with(members{"status": "pending"})).text("id")
	c.send("POST", "/sign_in_tokens/"+ticket+"/revoke", "", with(members{"status": "revoked"}))
	actor := c.send("POST", "/actor_tokens", `{"user_id":"`+user+`","actor":{"sub":"`+seedUser+`"}}`, with(members{"status": "pending"})).text("id")
	c.send("POST", "/actor_tokens/"+actor+"/revoke", "", with(members{"status": "revoked"}))
	task := c.send("POST", "/agents/tasks", `{"on_behalf_of":{"user_id":"`+user+`"},"permissions":"*","agent_name":"helper","task_description":"Reads mail","redirect_url":"http://localhost:3000/"}`, whatever).text("agent_task_id")
	c.send("POST", "/agents/tasks/"+task+"/revoke", "", with(members{"agent_task_id": task}))
	c.send("POST", "/testing_tokens", "", func(v value) bool { return v.text("token") != "none" })
	c.get("/sign_ups/"+seedSignUp, with(members{"id": seedSignUp}))
	c.send("PATCH", "/sign_ups/"+seedSignUp, `{"external_id":"guest_7"}`, with(members{"external_id": "guest_7"}))
	c.send("POST", "/sessions/"+id+"/revoke", "", with(members{"status": "revoked"}))
	c.get("/sessions?user_id="+user+"&status=active", has(0, ""))
	c.send("DELETE", "/users/"+user, "", gone)
}

func cliOrganizations(c *tool) {
	owner := c.send("POST", "/users", `{"email_address":["owner@acme.example"],"password":"`+goodPassword+`"}`, whatever).text("id")
	worker := c.send("POST", "/users", `{"email_address":["worker@acme.example"],"password":"`+goodPassword+`"}`, whatever).text("id")
	acme := c.send("POST", "/organizations", `{"name":"Acme","slug":"acme","created_by":"`+owner+`"}`, with(members{"slug": "acme", "created_by": owner})).text("id")
	at := "/organizations/" + acme
	c.get("/organizations?query=acm", has(1, acme))
	c.get(at+"?include_members_count=true", with(members{"members_count": 1}))
	c.send("PATCH", at, `{"name":"Acme Inc."}`, with(members{"name": "Acme Inc."}))
	c.send("PATCH", at+"/metadata", `{"public_metadata":{"tier":"gold"}}`, with(members{"public_metadata.tier": "gold"}))
	c.send("PUT", at+"/metadata", `{"public_metadata":{"size":3}}`, with(members{"public_metadata.size": 3, "public_metadata.tier": nil}))
	c.send("POST", at+"/memberships", `{"user_id":"`+worker+`","role":"org:member"}`, with(members{"role": "org:member"}))
	c.get(at+"/memberships", has(2, ""))
	c.get(at+"/memberships?role=org:member", has(1, ""))
	c.get("/organization_memberships?limit=100", contains("organization.id", acme))
	c.get("/users/"+worker+"/organization_memberships", has(1, ""))
	c.send("PATCH", at+"/memberships/"+worker, `{"role":"org:admin"}`, with(members{"role": "org:admin"}))
	c.send("PATCH", at+"/memberships/"+worker+"/metadata", `{"public_metadata":{"desk":7}}`, with(members{"public_metadata.desk": 7}))
	c.send("DELETE", at+"/memberships/"+worker, "", with(members{"public_user_data.user_id": worker}))
	invitation := c.send("POST", at+"/invitations", `{"email_address":"worker@acme.example","role":"org:member","inviter_user_id":"`+owner+`"}`, with(members{"status": "pending"})).text("id")
	c.send("POST", at+"/invitations/bulk", `[{"email_address":"one@acme.example","role":"org:member","inviter_user_id":"`+owner+`"}]`, has(1, ""))
	c.get(at+"/invitations", has(2, ""))
	c.get(at+"/invitations/pending", has(2, ""))
	c.get(at+"/invitations/"+invitation, with(members{"email_address": "worker@acme.example"}))
	c.get("/organization_invitations?query=worker@acme", has(1, invitation))
	c.get("/users/"+worker+"/organization_invitations", has(1, invitation))
	c.send("POST", at+"/invitations/"+invitation+"/revoke", `{"requesting_user_id":"`+owner+`"}`, with(members{"status": "revoked"}))
	c.get(at+"/invitations?status=pending", has(1, ""))
	domain := c.send("POST", at+"/domains", `{"name":"acme.example","enrollment_mode":"manual_invitation","verified":false}`, with(members{"name": "acme.example"})).text("id")
	c.send("POST", at+"/domains/"+domain+"/verify_ownership", "", with(members{"id": domain}))
	c.get(at+"/domains", has(1, domain))
	c.get("/organization_domains?organization_id="+acme, has(1, domain))
	c.send("PATCH", at+"/domains/"+domain, `{"enrollment_mode":"automatic_suggestion"}`, with(members{"enrollment_mode": "automatic_suggestion"}))
	c.send("DELETE", at+"/domains/"+domain, "", gone)

	permission := c.send("POST", "/organization_permissions", `{"name":"Read reports","key":"org:reports:read"}`, with(members{"key": "org:reports:read"})).text("id")
	c.get("/organization_permissions?query=reports", has(1, permission))
	c.get("/organization_permissions/"+permission, with(members{"name": "Read reports"}))
	c.send("PATCH", "/organization_permissions/"+permission, `{"name":"See reports"}`, with(members{"name": "See reports"}))
	role := c.send("POST", "/organization_roles", `{"name":"Auditor","key":"org:auditor"}`, with(members{"key": "org:auditor"})).text("id")
	c.get("/organization_roles?query=audit", has(1, role))
	c.send("PATCH", "/organization_roles/"+role, `{"name":"Auditors"}`, with(members{"name": "Auditors"}))
	c.send("POST", "/organization_roles/"+role+"/permissions/"+permission, "", with(members{"permissions.0.id": permission}))
	c.get("/organization_roles/"+role, with(members{"permissions.0.key": "org:reports:read"}))
	c.send("DELETE", "/organization_roles/"+role+"/permissions/"+permission, "", with(members{"permissions.0": nil}))
	set := c.send("POST", "/role_sets", `{"name":"Offices","key":"role_set:offices","default_role_key":"org:member","creator_role_key":"org:admin","roles":["org:admin","org:member"]}`, with(members{"key": "role_set:offices"})).text("id")
	c.get("/role_sets?query=offices", has(1, set))
	c.get("/role_sets/role_set:offices", with(members{"id": set}))
	c.send("PATCH", "/role_sets/"+set, `{"name":"All offices"}`, with(members{"name": "All offices"}))
	c.send("POST", "/role_sets/"+set+"/roles", `{"role_keys":["org:auditor"]}`, func(v value) bool { return v.at("roles.2") != nil })
	c.send("POST", "/role_sets/"+set+"/roles/replace", `{"role_key":"org:auditor","to_role_key":"org:member"}`, func(v value) bool { return v.at("roles.1") != nil && v.at("roles.2") == nil })
	rest := c.send("POST", "/role_sets", `{"name":"Rest","key":"role_set:rest","default_role_key":"org:member","creator_role_key":"org:admin","roles":["org:admin","org:member"]}`, whatever).text("key")
	c.send("POST", "/role_sets/"+set+"/replace", `{"dest_role_set_key":"`+rest+`"}`, gone)
	c.send("DELETE", "/organization_roles/"+role, "", gone)
	c.send("DELETE", "/organization_permissions/"+permission, "", gone)
	c.send("DELETE", at, "", gone)
	c.get("/users/"+owner+"/organization_memberships", has(0, ""))
	c.send("DELETE", "/users/"+owner, "", gone)
	c.send("DELETE", "/users/"+worker, "", gone)
}

func cliInvitations(c *tool) {
	invitation := c.send("POST", "/invitations", `{"email_address":"new@guest.example","notify":false}`, with(members{"status": "pending"})).text("id")
	c.send("POST", "/invitations/bulk", `[{"email_address":"one@guest.example"},{"email_address":"two@guest.example"}]`, has(2, ""))
	c.get("/invitations?status=pending", has(3, ""))
	c.send("POST", "/invitations/"+invitation+"/revoke", "", with(members{"status": "revoked"}))
	c.get("/invitations?status=revoked", has(1, invitation))
	entry := c.send("POST", "/waitlist_entries", `{"email_address":"patient@guest.example"}`, with(members{"status": "pending"})).text("id")
	c.send("POST", "/waitlist_entries/bulk", `[{"email_address":"a@guest.example"},{"email_address":"b@guest.example"}]`, has(2, ""))
	c.get("/waitlist_entries?query=patient", has(1, entry))
	c.send("POST", "/waitlist_entries/"+entry+"/invite", "", with(members{"status": "invited"}))
	c.get("/waitlist_entries?status=invited", has(1, entry))
	c.send("DELETE", "/waitlist_entries/"+entry, "", whatever)
	for _, list := range []string{"/allowlist_identifiers", "/blocklist_identifiers"} {
		identifier := c.send("POST", list, `{"identifier":"friend@example.com"}`, with(members{"identifier": "friend@example.com"})).text("id")
		c.get(list, has(1, identifier))
		c.send("DELETE", list+"/"+identifier, "", gone)
	}
}

func cliMachines(c *tool) {
	reader := c.send("POST", "/machines", `{"name":"Reader"}`, with(members{"name": "Reader"})).text("id")
	made := c.send("POST", "/machines", `{"name":"Writer"}`, with(members{"name": "Writer"}))
	writer := made.text("id")
	c.get("/machines?query=reader", has(1, reader))
	c.get("/machines/"+reader, with(members{"name": "Reader"}))
	c.send("PATCH", "/machines/"+reader, `{"name":"Readers"}`, with(members{"name": "Readers"}))
	c.get("/machines/"+writer+"/secret_key", with(members{"secret": made.text("secret_key")}))
	c.send("POST", "/machines/"+writer+"/secret_key/rotate", `{"previous_token_ttl":0}`, func(v value) bool { return v.at("secret") != made.at("secret_key") })
	c.send("POST", "/machines/"+writer+"/scopes", `{"to_machine_id":"`+reader+`"}`, with(members{"to_machine_id": reader}))
	c.get("/m2m_tokens?subject="+writer, has(0, "")) // the tool takes no machine's key, so it makes none
	c.send("DELETE", "/machines/"+writer+"/scopes/"+reader, "", gone)
	c.send("DELETE", "/machines/"+reader, "", gone)
	key := c.send("POST", "/api_keys", `{"name":"Exports","subject":"`+seedUser+`"}`, with(members{"subject": seedUser}))
	id := key.text("id")
	c.get("/api_keys?subject="+seedUser, has(1, id))
	c.get("/api_keys/"+id, with(members{"name": "Exports"}))
	c.get("/api_keys/"+id+"/secret", with(members{"secret": key.text("secret")}))
	c.send("POST", "/api_keys/verify", `{"secret":"`+key.text("secret")+`"}`, with(members{"id": id}))
	c.send("PATCH", "/api_keys/"+id, `{"subject":"`+seedUser+`","description":"of the day"}`, with(members{"description": "of the day"}))
	c.send("POST", "/api_keys/"+id+"/revoke", `{"revocation_reason":"leaked"}`, with(members{"revoked": true}))
	c.send("DELETE", "/api_keys/"+id, "", gone)
	app := c.send("POST", "/oauth_applications", `{"name":"Calendar","redirect_uris":["https://calendar.example/done"]}`, with(members{"name": "Calendar"})).text("id")
	c.get("/oauth_applications?name_query=calendar", has(1, app))
	c.get("/oauth_applications/"+app, with(members{"redirect_uris.0": "https://calendar.example/done"}))
	c.send("PATCH", "/oauth_applications/"+app, `{"name":"Calendars"}`, with(members{"name": "Calendars"}))
	c.send("POST", "/oauth_applications/"+app+"/rotate_secret", "", func(v value) bool { return v.text("client_secret") != "none" })
	c.send("DELETE", "/oauth_applications/"+app, "", gone)
}

func cliInstance(c *tool) {
	url := c.send("POST", "/redirect_urls", `{"url":"myapp://signed-in"}`, with(members{"url": "myapp://signed-in"})).text("id")
	c.get("/redirect_urls", has(1, url))
	c.get("/redirect_urls/"+url, with(members{"url": "myapp://signed-in"}))
	c.send("DELETE", "/redirect_urls/"+url, "", gone)
	satellite := c.send("POST", "/domains", `{"name":"satellite.example","is_satellite":true}`, with(members{"is_satellite": true})).text("id")
	c.get("/domains", has(2, ""))
	c.send("PATCH", "/domains/"+satellite, `{"name":"other.example"}`, with(members{"name": "other.example"}))
	c.send("DELETE", "/domains/"+satellite, "", gone)
	c.get("/instance", with(members{"object": "instance"}))
	c.send("PATCH", "/instance", `{"support_email":"help@app.example"}`, whatever)
	c.send("PATCH", "/instance/restrictions", `{"block_email_subaddresses":true}`, with(members{"block_email_subaddresses": true}))
	c.send("PATCH", "/instance/communication", `{"blocked_country_codes":["DE"]}`, with(members{"blocked_country_codes.0": "DE"}))
	c.get("/instance/communication", with(members{"blocked_country_codes.0": "DE"}))
	c.send("PATCH", "/instance/oauth_application_settings", `{"dynamic_oauth_client_registration":true}`, with(members{"dynamic_oauth_client_registration": true}))
	c.get("/instance/oauth_application_settings", with(members{"dynamic_oauth_client_registration": true}))
	c.send("PATCH", "/instance/organization_settings", `{"max_allowed_memberships":9}`, with(members{"max_allowed_memberships": 9}))
	c.get("/instance/organization_settings", with(members{"max_allowed_memberships": 9}))
	c.send("PATCH", "/instance/protect", `{"rules_enabled":true}`, with(members{"rules_enabled": true}))
	c.get("/instance/protect", with(members{"rules_enabled": true}))
	c.send("PATCH", "/beta_features/instance_settings", `{"test_mode":true}`, whatever)
	c.get("/public/interstitial", func(v value) bool { _, html := v.any.(string); return html })
	c.send("POST", "/webhooks/svix", "", func(v value) bool { return strings.HasPrefix(v.text("svix_url"), "http") })
	c.send("POST", "/webhooks/svix_url", "", func(v value) bool { return strings.HasPrefix(v.text("svix_url"), "http") })
	c.send("DELETE", "/webhooks/svix", "", whatever)
}

func cliTemplates(c *tool) {
	const at = "/templates/email/verification_code"
	c.get("/templates/email", contains("slug", "verification_code"))
	before := c.get(at, with(members{"slug": "verification_code"}))
	c.send("PUT", at, `{"name":"Code","subject":"Your code","body":"Hello {{otp_code}}"}`, with(members{"subject": "Your code"}))
	c.send("POST", at+"/preview", `{"subject":"Your code","body":"Hello {{otp_code}}"}`, whatever)
	c.send("POST", at+"/toggle_delivery", `{"delivered_by_clerk":false}`, with(members{"delivered_by_clerk": false}))
	c.send("POST", at+"/revert", "", with(members{"body": before.at("body")}))
}

func cliEnterprise(c *tool) {
	organization := c.send("POST", "/organizations", `{"name":"Connected"}`, whatever).text("id")
	saml := c.send("POST", "/saml_connections", `{"name":"Okta","domain":"okta.example","provider":"saml_okta"}`, with(members{"active": false})).text("id")
	c.get("/saml_connections?query=okta", has(1, saml))
	c.get("/saml_connections/"+saml, with(members{"name": "Okta"}))
	c.send("PATCH", "/saml_connections/"+saml, `{"name":"Okta EU"}`, with(members{"name": "Okta EU"}))
	c.send("DELETE", "/saml_connections/"+saml, "", gone)
	connection := c.send("POST", "/enterprise_connections", `{"name":"Custom","provider":"saml_custom","domains":["custom.example"],"organization_id":"`+organization+`"}`, with(members{"name": "Custom"})).text("id")
	c.get("/enterprise_connections?organization_id="+organization, has(1, connection))
	c.get("/enterprise_connections/"+connection, with(members{"organization_id": organization}))
	c.send("PATCH", "/enterprise_connections/"+connection, `{"name":"Customs"}`, with(members{"name": "Customs"}))
	run := c.send("POST", "/enterprise_connections/"+connection+"/test_runs", "", whatever)
	c.get("/enterprise_connections/"+connection+"/test_runs", func(v value) bool { return run.any != nil && len(v.list()) == 1 })
	role := c.send("POST", "/organization_roles", `{"name":"Provisioned","key":"org:provisioned"}`, whatever).text("id")
	for _, kind := range []struct{ path, group string }{{"/directories", "directory_group_id"}, {"/scim_directories", "scim_group_id"}} {
		directory := c.send("POST", kind.path, `{"enterprise_connection_id":"`+connection+`","provider":"okta","name":"People"}`, with(members{"name": "People"})).text("id")
		at := kind.path + "/" + directory
		c.get(kind.path, has(1, directory))
		c.get(at, with(members{"name": "People"}))
		c.send("PATCH", at, `{"name":"Persons","group_role_mapping_enabled":true}`, with(members{"name": "Persons"}))
		c.send("POST", at+"/rotate_api_key", "", whatever)
		mapping := c.send("POST", at+"/group_role_mappings", `{"`+kind.group+`":"group-1","role_id":"`+role+`"}`, whatever).text("id")
		c.get(at+"/group_role_mappings", has(1, mapping))
		c.send("DELETE", at+"/group_role_mappings/"+mapping, "", gone)
		c.send("PUT", at+"/group_role_mappings", `{"mappings":[{"`+kind.group+`":"group-2","role_id":"`+role+`"}]}`, has(1, ""))
		c.send("DELETE", at, "", gone)
	}
	link := c.send("POST", "/admin_portal_link_tokens", `{"organization_id":"`+organization+`"}`, whatever).text("id")
	c.send("POST", "/admin_portal_link_tokens/"+link+"/revoke", `{"revocation_reason":"done"}`, with(members{"revoked": true}))
	c.send("DELETE", "/enterprise_connections/"+connection, "", gone)
	c.send("DELETE", "/organization_roles/"+role, "", gone)
	c.send("DELETE", "/organizations/"+organization, "", gone)
}

func cliBilling(c *tool) {
	c.get("/billing/plans?payer_type=user", contains("id", seedPlan))
	price := c.send("POST", "/billing/prices", `{"plan_id":"`+seedPlan+`","amount":900}`, with(members{"plan_id": seedPlan})).text("id")
	c.get("/billing/prices?plan_id="+seedPlan, contains("id", price))
	c.get("/billing/statements", has(1, seedStatement))
	c.get("/billing/statements/"+seedStatement, with(members{"id": seedStatement}))
	c.get("/billing/statements/"+seedStatement+"/payment_attempts", has(1, ""))
	c.get("/billing/subscription_items", has(1, seedItem))
	c.get("/users/"+seedUser+"/billing/subscription", with(members{"status": "active"}))
	c.get("/organizations/"+seedOrganization+"/billing/subscription", with(members{"status": "active"}))
	for _, at := range []string{"/users/" + seedUser + "/billing/credits", "/organizations/" + seedOrganization + "/billing/credits"} {
		c.send("POST", at, `{"amount":500,"action":"increase","idempotency_key":"`+at+`"}`, whatever)
		c.get(at, with(members{"balance.amount": 500}))
	}
	until := time.Now().Add(20 * 24 * time.Hour).UTC().Format(time.RFC3339)
	c.send("POST", "/billing/subscription_items/"+seedItem+"/extend_free_trial", `{"extend_to":"`+until+`"}`, with(members{"id": seedItem}))
	c.send("DELETE", "/billing/subscription_items/"+seedItem+"?end_now=true", "", func(v value) bool { return v.at("canceled_at") != nil })
}
