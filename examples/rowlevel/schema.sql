-- What an administrator runs once. The service connects as authenticator, which can do
-- nothing but become authenticated, and authenticated can only do what the policies allow.
CREATE ROLE authenticated NOLOGIN;
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT authenticated TO authenticator;

-- The user of the token that the transaction was begun with, NULL without one.
CREATE FUNCTION requesting_user_id() RETURNS text STABLE LANGUAGE sql AS
	$$ SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub' $$;

CREATE TABLE notes (
	id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	user_id text NOT NULL DEFAULT requesting_user_id(),
	text    text NOT NULL
);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY; -- for the table's owner, too
-- The subselect lets the planner call the function once a query.
CREATE POLICY own_notes ON notes TO authenticated
	USING (user_id = (SELECT requesting_user_id()))
	WITH CHECK (user_id = (SELECT requesting_user_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO authenticated;
