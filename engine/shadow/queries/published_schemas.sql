-- From PostgreSQL 15 on.
SELECT pg_catalog.format('ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I', p.pubname, n.nspname) AS statement
  FROM pg_catalog.pg_publication_namespace AS pn
  JOIN pg_catalog.pg_publication AS p ON p.oid = pn.pnpubid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = pn.pnnspid
 ORDER BY 1
