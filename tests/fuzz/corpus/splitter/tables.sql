CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x;y' CHECK (b <> '')); -- one; more
ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a);
