CREATE TABLE log (line text NOT NULL);
