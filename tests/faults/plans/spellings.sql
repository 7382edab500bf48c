CREATE TABLE t (a int, b int, c int);
INSERT INTO t SELECT n, n, n FROM generate_series(1, 50) AS n;
CREATE INDEX t_old ON t (c);
