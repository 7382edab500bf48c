#include "backup/damages.h"

TEST_CASE("an owner without other rights puts everything back as well") {
  test::mend("shop_owner");
}
