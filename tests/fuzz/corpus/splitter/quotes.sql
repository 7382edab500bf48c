/* outer /* inner; */ still */ SELECT E'it\'s', U&'\0061', $1, a$b FROM "odd;name";
