COPY t FROM stdin;
1	2
\.
\i file.sql
SELECT 1 \gexec
