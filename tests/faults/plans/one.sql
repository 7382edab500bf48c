CREATE TABLE account (id int PRIMARY KEY, owner text NOT NULL, balance int NOT NULL);
INSERT INTO account SELECT n, 'owner ' || n, n * 10 FROM generate_series(1, 40) AS n;
CREATE TABLE log (line text NOT NULL);
GRANT SELECT ON account TO PUBLIC;
