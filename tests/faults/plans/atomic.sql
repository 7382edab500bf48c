CREATE TABLE part (id int PRIMARY KEY, name text);
INSERT INTO part SELECT n, 'part ' || n FROM generate_series(1, 20) AS n;
CREATE TABLE log (line text NOT NULL);
