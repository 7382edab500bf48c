#include "backup/damages.h"

TEST_CASE("whatever was done to a table, it is put back exactly") { test::mend("postgres"); }
