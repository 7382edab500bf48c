CREATE TABLE entry (id int PRIMARY KEY, a int, b int, c int);
INSERT INTO entry SELECT n, n % 5, n % 7, n FROM generate_series(1, 200) AS n;
CREATE INDEX entry_old ON entry (a, c);
CREATE TABLE log (line text NOT NULL);
