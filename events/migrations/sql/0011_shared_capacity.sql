-- As in 0007, but that what several ticket types share can be sold out too.
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
            AND (ticket_type.price = 0 OR event.allows_pay_at_door)
            AND (stock.shared_capacity_id IS NULL OR EXISTS (
                SELECT 1 FROM events_sharedcapacity AS shared
                 WHERE shared.id = stock.shared_capacity_id AND shared.taken < shared.capacity
            )) AS is_for_sale
    ) AS state
    WHERE ticket_type.event_id = event.id
) AS tickets ON true;
