-- What publications send, of whatever kind they are. $1 the journal's schema. Before PostgreSQL 15 there are neither filters nor columns.
SELECT p.pubname AS publication, pg_catalog.format('%I.%I', t.schemaname, t.tablename) AS relation,
       pg_catalog.concat_ws(E'\n', CASE WHEN p.pubinsert THEN 'INSERT' END, CASE WHEN p.pubupdate THEN 'UPDATE' END,
                            CASE WHEN p.pubdelete THEN 'DELETE' END, CASE WHEN p.pubtruncate THEN 'TRUNCATE' END) AS operations,
       COALESCE(pg_catalog.to_jsonb(t)->>'rowfilter', '') AS filter,
       COALESCE((SELECT pg_catalog.string_agg(c.name, E'\n') FROM pg_catalog.jsonb_array_elements_text(pg_catalog.to_jsonb(t)->'attnames') AS c (name)),
                '') AS columns
  FROM pg_catalog.pg_publication AS p
  JOIN pg_catalog.pg_publication_tables AS t ON t.pubname = p.pubname
 WHERE t.schemaname NOT IN ('engine_trace', $1::text)
