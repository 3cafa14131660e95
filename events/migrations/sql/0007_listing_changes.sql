-- As in 0003, but not STRICT: with a CASE in it, PostgreSQL would call each for every row as a query
-- of its own, which takes longer than what it does, rather than write it into the query that uses it.
CREATE OR REPLACE FUNCTION events_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT trim(regexp_replace(
        replace(replace(replace(
            CASE
                WHEN octet_length($1) = char_length($1) THEN lower($1)
                ELSE replace(replace(replace(replace(
                    translate(
                        regexp_replace(normalize(lower($1), NFKD), '[\u0300-\u036f]', '', 'g'),
                        'øłđıħŧŋðς', 'oldihtndσ'),
                    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
            END,
            'c++', 'cplusplus'), 'c#', 'csharp'), 'f#', 'fsharp'),
        '[][!"#$%&''()*+,./:;<=>?@\\^_`{|}~·•’‘“”„«»‹›–—¡¿\s\u001c-\u001f-]+', ' ', 'g'))
$$;

CREATE OR REPLACE FUNCTION events_respell(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN octet_length($1) = char_length($1) OR lower($1) !~ '[äöüåø]' THEN ''
        ELSE events_fold(replace(replace(replace(replace(replace(
            lower($1), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'å', 'aa'), 'ø', 'oe'))
    END
$$;

CREATE OR REPLACE FUNCTION events_part_of_day(local timestamp) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN extract(hour FROM $1) BETWEEN 5 AND 11 THEN 'morning'
        WHEN extract(hour FROM $1) BETWEEN 12 AND 16 THEN 'afternoon'
        WHEN extract(hour FROM $1) BETWEEN 17 AND 21 THEN 'evening'
        ELSE 'night'
    END
$$;

-- What the parser of to_tsvector takes for the same words as events_fold: of a text in ASCII, only
-- the marks go that it reads as a part of a word, as in an address or a number.
CREATE FUNCTION events_tokens(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN octet_length($1) = char_length($1) THEN
            replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            replace(replace(replace(
                lower($1), 'c++', 'cplusplus'), 'c#', 'csharp'), 'f#', 'fsharp'),
                '-', ' '), '.', ' '), '/', ' '), ':', ' '), '@', ' '), '_', ' '), '&', ' '),
                '<', ' '), '+', ' '), '~', ' ')
        ELSE events_fold($1)
    END
$$;

-- As in 0003, but for what takes less time: each event as its listing would be, published or not.
-- What has no weight set has D. The words of a place are marked here, as events_place marks them,
-- but for their length, which the columns limit.
CREATE OR REPLACE VIEW events_listing_source AS
SELECT
    event.id AS event_id,
    event.category_id,
    event.city_id,
    event.host_id,
    event.starts_at,
    event.ends_at,
    event.start_date,
    event.end_date,
    event.ends_at - event.starts_at > interval '4 days' AS is_long,
    coalesce(event.latitude, city.latitude) AS latitude,
    coalesce(event.longitude, city.longitude) AS longitude,
    tickets.lowest_price,
    tickets.highest_price,
    tickets.available_from,
    tickets.available_until,
    coalesce(tickets.taken, 0)
        + (SELECT count(*) FROM events_favorite AS favorite WHERE favorite.event_id = event.id)
        AS popularity,
    array_remove(ARRAY[
        'category:' || event.category_id,
        'city:' || event.city_id,
        'host:' || event.host_id,
        'country:' || upper(city.country_code),
        CASE WHEN NOT event.is_all_day THEN
            'time:' || events_part_of_day(timezone(event.timezone, event.starts_at))
        END,
        CASE WHEN event.is_online THEN 'attend:online' END,
        CASE WHEN event.city_id IS NOT NULL OR event.venue <> '' THEN 'attend:in-person' END,
        CASE WHEN tickets.lowest_price = 0 THEN 'price:free' END,
        CASE WHEN event.is_step_free THEN 'access:step-free' END,
        CASE WHEN event.has_hearing_loop THEN 'access:hearing-loop' END,
        CASE WHEN event.has_sign_language THEN 'access:sign-language' END,
        CASE WHEN event.has_companion_ticket THEN 'access:companion' END
    ] || ARRAY(
        SELECT DISTINCT 'language:' || trim(name)
          FROM regexp_split_to_table(lower(event.language), '\s*[,;/&]\s*') AS name
         WHERE trim(name) <> ''
    ), NULL) AS tags,
    folded.title,
    setweight(
        to_tsvector('english', folded.title || ' ' || folded.respelled)
        || to_tsvector('simple',
            folded.title || ' ' || folded.respelled || ' ' || events_joined(folded.title)),
        'A')
        || events_words(folded.venue, 'B')
        || host.words
        || category.words
        || coalesce(city.words, '')
        || array_to_tsvector(string_to_array('@' || replace(folded.place, ' ', ' @'), ' '))
        || events_words(folded.summary, 'C')
        || to_tsvector('english', folded.description)
        AS document,
    event.is_active
FROM events_event AS event
JOIN events_category AS category ON category.id = event.category_id
JOIN events_host AS host ON host.id = event.host_id
LEFT JOIN events_city AS city ON city.id = event.city_id
-- OFFSET 0 keeps PostgreSQL from doing this again wherever it is used.
CROSS JOIN LATERAL (
    SELECT
        events_fold(event.title) AS title,
        events_tokens(event.venue) || ' ' || events_respell(event.venue) AS venue,
        events_fold(event.venue || ' ' || event.address) AS place,
        events_tokens(event.summary) AS summary,
        events_tokens(left(event.description, 4000)) AS description,
        events_respell(event.title) AS respelled
    OFFSET 0
) AS folded
LEFT JOIN LATERAL (
    SELECT
        min(ticket_type.price) FILTER (WHERE NOT ticket_type.is_hidden) AS lowest_price,
        max(ticket_type.price) FILTER (WHERE NOT ticket_type.is_hidden) AS highest_price,
        sum(stock.taken) AS taken,
        min(coalesce(ticket_type.sales_start, event.created_at)) FILTER (WHERE is_for_sale)
            AS available_from,
        max(coalesce(ticket_type.sales_end, event.starts_at)) FILTER (WHERE is_for_sale)
            AS available_until
    FROM events_tickettype AS ticket_type
    JOIN events_ticketstock AS stock ON stock.ticket_type_id = ticket_type.id
    CROSS JOIN LATERAL (
        SELECT NOT ticket_type.is_hidden AND stock.taken < stock.capacity AND stock.waiting = 0
            AND (ticket_type.price = 0 OR event.allows_pay_at_door) AS is_for_sale
    ) AS state
    WHERE ticket_type.event_id = event.id
) AS tickets ON true;

-- As in 0003, with changed_at, and without locks on what the transaction has written itself.
-- Brings the listings of these events up to date. The events are locked first, so that of two
-- transactions that change the same one the second sees what the first did.
-- listed_at stays what it was when a listing was made. Neither it nor changed_at is the beginning
-- of the transaction: events/search/horizon.py says why.
CREATE OR REPLACE FUNCTION events_refresh_listings(event_ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
    gone bigint;
BEGIN
    IF cardinality(event_ids) = 0
        OR current_setting('eventmate.lists_later', true) = 'on' THEN
        RETURN;
    END IF;
    PERFORM 1 FROM events_event
     WHERE id = ANY (event_ids) AND xmin <> pg_current_xact_id()::xid
     ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM events_listing AS listing
     WHERE listing.event_id = ANY (event_ids)
       AND NOT EXISTS (
            SELECT 1 FROM events_event AS event
             WHERE event.id = listing.event_id AND event.is_active AND event.ends_at > now()
       );
    GET DIAGNOSTICS gone = ROW_COUNT;
    INSERT INTO events_listing AS listing (
        event_id, category_id, city_id, host_id, starts_at, ends_at, start_date, end_date,
        is_long, listed_at, latitude, longitude, lowest_price, highest_price, available_from,
        available_until, popularity, tags, title, document, changed_at
    )
    SELECT
        event_id, category_id, city_id, host_id, starts_at, ends_at, start_date, end_date,
        is_long, clock_timestamp(), latitude, longitude, lowest_price, highest_price,
        available_from, available_until, popularity, tags, title, document, clock_timestamp()
      FROM events_listing_source
     WHERE event_id = ANY (event_ids) AND is_active AND ends_at > now()
     ORDER BY event_id
    ON CONFLICT (event_id) DO UPDATE SET (
        category_id, city_id, host_id, starts_at, ends_at, start_date, end_date, is_long,
        latitude, longitude, lowest_price, highest_price, available_from, available_until,
        popularity, tags, title, document, changed_at
    ) = ROW(
        excluded.category_id, excluded.city_id, excluded.host_id, excluded.starts_at,
        excluded.ends_at, excluded.start_date, excluded.end_date, excluded.is_long,
        excluded.latitude, excluded.longitude, excluded.lowest_price,
        excluded.highest_price, excluded.available_from, excluded.available_until,
        excluded.popularity, excluded.tags, excluded.title, excluded.document,
        excluded.changed_at
    )
     WHERE (
        listing.category_id, listing.city_id, listing.host_id, listing.starts_at,
        listing.ends_at, listing.start_date, listing.end_date, listing.is_long,
        listing.latitude, listing.longitude, listing.lowest_price, listing.highest_price,
        listing.available_from, listing.available_until, listing.popularity, listing.tags,
        listing.title, listing.document
    ) IS DISTINCT FROM (
        excluded.category_id, excluded.city_id, excluded.host_id, excluded.starts_at,
        excluded.ends_at, excluded.start_date, excluded.end_date, excluded.is_long,
        excluded.latitude, excluded.longitude, excluded.lowest_price,
        excluded.highest_price, excluded.available_from, excluded.available_until,
        excluded.popularity, excluded.tags, excluded.title, excluded.document
    );
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed + gone > 0 THEN
        PERFORM nextval('events_listing_version');
    END IF;
END
$$;
