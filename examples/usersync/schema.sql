-- Rows of Clerk's objects. version is the object's updated_at in milliseconds, and event_at
-- the time of the event that wrote the row, 0 for a list or a read of the API. A row with
-- deleted_at is a tombstone: it holds nothing but ids, and nothing brings it back. seen_run
-- is the last run that found the object in a list.
--
-- There are no foreign keys, because a membership may arrive before its user.
CREATE TABLE IF NOT EXISTS clerk_users (
	id          text PRIMARY KEY,
	version     bigint NOT NULL,
	event_at    bigint NOT NULL DEFAULT 0,
	deleted_at  timestamptz,
	seen_run    bigint NOT NULL DEFAULT 0,
	external_id text,
	username    text,
	email       text, -- the primary address, if it is verified
	first_name  text,
	last_name   text,
	image_url   text,
	banned      boolean,
	created_at  timestamptz,
	updated_at  timestamptz,
	data        jsonb -- metadata
);

CREATE TABLE IF NOT EXISTS clerk_organizations (
	id         text PRIMARY KEY,
	version    bigint NOT NULL,
	event_at   bigint NOT NULL DEFAULT 0,
	deleted_at timestamptz,
	seen_run   bigint NOT NULL DEFAULT 0,
	name       text,
	slug       text,
	created_at timestamptz,
	updated_at timestamptz,
	data       jsonb
);

CREATE TABLE IF NOT EXISTS clerk_memberships (
	id              text PRIMARY KEY,
	version         bigint NOT NULL,
	event_at        bigint NOT NULL DEFAULT 0,
	deleted_at      timestamptz,
	seen_run        bigint NOT NULL DEFAULT 0,
	organization_id text NOT NULL,
	user_id         text NOT NULL,
	role            text,
	permissions     text[],
	created_at      timestamptz,
	updated_at      timestamptz,
	data            jsonb
);
CREATE INDEX IF NOT EXISTS clerk_memberships_organization_id ON clerk_memberships (organization_id);
CREATE INDEX IF NOT EXISTS clerk_memberships_user_id ON clerk_memberships (user_id);

-- Who is a member of what. Whoever left and came back has two memberships for a while.
CREATE OR REPLACE VIEW members AS
	SELECT DISTINCT ON (m.organization_id, m.user_id) m.organization_id, m.user_id, m.id, m.role, m.permissions
	FROM clerk_memberships m
	JOIN clerk_organizations o ON o.id = m.organization_id AND o.deleted_at IS NULL
	JOIN clerk_users u ON u.id = m.user_id AND u.deleted_at IS NULL
	WHERE m.deleted_at IS NULL
	ORDER BY m.organization_id, m.user_id, m.created_at DESC, m.id DESC;

-- Messages that were handled, so that their effects happen once. Purged after 30 days.
CREATE TABLE IF NOT EXISTS webhook_deliveries (
	id         text PRIMARY KEY,
	type       text NOT NULL,
	handled_at timestamptz NOT NULL DEFAULT now()
);

-- Messages that failed and were not handled since.
CREATE TABLE IF NOT EXISTS webhook_failures (
	id        text PRIMARY KEY,
	type      text NOT NULL,
	failed_at timestamptz NOT NULL DEFAULT now()
);

-- One walk through a list. An unfinished one goes on after cursor.
CREATE TABLE IF NOT EXISTS sync_runs (
	id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	list              text NOT NULL,
	cursor            text NOT NULL DEFAULT '',
	cursor_created_at timestamptz, -- where to go on when the object of cursor is gone
	done              bigint NOT NULL DEFAULT 0,
	total             bigint NOT NULL DEFAULT 0,
	started_at        timestamptz NOT NULL DEFAULT now(),
	finished_at       timestamptz
);

-- Effects, written in the transaction of the delivery that causes them.
CREATE TABLE IF NOT EXISTS outbox (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind       text NOT NULL,
	user_id    text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	done_at    timestamptz
);

-- The instance that the tables are a copy of.
CREATE TABLE IF NOT EXISTS clerk_instance (id text PRIMARY KEY);
CREATE UNIQUE INDEX IF NOT EXISTS clerk_instance_one_row ON clerk_instance ((true));
