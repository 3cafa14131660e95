-- What the triggers of events/models/ call. Of very many changes in one statement, one is noted.
CREATE FUNCTION events_note_changes(tags text[]) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO events_pagechange (transaction_id, tag)
    SELECT pg_current_xact_id()::text::bigint, tag
      FROM unnest(CASE WHEN cardinality(tags) > 1000 THEN ARRAY['everything'] ELSE tags END) AS tag
     WHERE tag IS NOT NULL;
$$;

-- Of tables of other apps: whose name is shown with a review, and who is logged in by a session.
CREATE FUNCTION events_note_user() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM events_note_changes(ARRAY['user:' || OLD.id]);
    RETURN NULL;
END
$$;

CREATE TRIGGER events_note_changed
AFTER UPDATE OF name, email, password, is_active ON accounts_user
FOR EACH ROW EXECUTE FUNCTION events_note_user();

CREATE TRIGGER events_note_deleted
AFTER DELETE ON accounts_user
FOR EACH ROW EXECUTE FUNCTION events_note_user();

-- By a digest: nobody reads here who is logged in.
CREATE FUNCTION events_note_ended_sessions() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM events_note_changes(
        ARRAY(SELECT 'session:' || md5(session_key) FROM old_rows LIMIT 1001)
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER events_note_ended
AFTER DELETE ON django_session
REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION events_note_ended_sessions();
