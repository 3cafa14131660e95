-- The words of an event, with those by which its host, category and city are found. What has no
-- weight set has D. The words of a place are marked here, as events_place marks them, but for their
-- length, which the columns limit.
-- In a function of its own, and not in the view as in 0011: what parallel workers may do ends where
-- a subquery refers to what stands beside it.
CREATE FUNCTION events_document(
    title text, venue text, address text, summary text, description text, known tsvector
) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 3000 AS $$
DECLARE
    folded text := events_fold(title);
    respelled text := events_respell(title);
    place text := events_fold(venue || ' ' || address);
    of_venue text := events_tokens(venue) || ' ' || events_respell(venue);
    of_summary text := events_tokens(summary);
BEGIN
    RETURN setweight(
        to_tsvector('english', folded || ' ' || respelled)
        || to_tsvector('simple', folded || ' ' || respelled || ' ' || events_joined(folded)),
        'A')
        || events_words(of_venue, 'B')
        || known
        || array_to_tsvector(string_to_array('@' || replace(place, ' ', ' @'), ' '))
        || events_words(of_summary, 'C')
        || to_tsvector('english', events_tokens(left(description, 4000)));
END
$$;

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
    events_fold(event.title) AS title,
    events_document(
        event.title, event.venue, event.address, event.summary, event.description,
        host.words || category.words || coalesce(city.words, '')
    ) AS document,
    event.is_active
FROM events_event AS event
JOIN events_category AS category ON category.id = event.category_id
JOIN events_host AS host ON host.id = event.host_id
LEFT JOIN events_city AS city ON city.id = event.city_id
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
            AND (ticket_type.price = 0 OR event.allows_pay_at_door)
            AND (stock.shared_capacity_id IS NULL OR EXISTS (
                SELECT 1 FROM events_sharedcapacity AS shared
                 WHERE shared.id = stock.shared_capacity_id AND shared.taken < shared.capacity
            )) AS is_for_sale
    ) AS state
    WHERE ticket_type.event_id = event.id
) AS tickets ON true;
