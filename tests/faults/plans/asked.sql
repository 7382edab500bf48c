CREATE TABLE t (id int);
CREATE TABLE log (line text NOT NULL);
