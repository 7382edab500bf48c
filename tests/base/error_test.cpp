#include "base/error.h"

#include "support/catch.h"

using engine::Code;
using engine::Error;

TEST_CASE("an error keeps what, where, why and what next") {
  const Error error = Error{Code::sql, "table {} does not exist", "public.t"}
                          .sqlstate("42P01")
                          .hint("Create it first.")
                          .at({"plans/p.lua", 12});
  CHECK(error.message() == "table public.t does not exist");
  CHECK(error.sqlstate() == "42P01");
  CHECK(error.hint() == "Create it first.");
  CHECK(error.source().line == 12);
}

TEST_CASE("every code has a name, an exit status and a sentence") {
  CHECK(name_of(Code::lock_held) == "lock_held");
  CHECK(exit_status_of(Code::lock_held) == 5);
  CHECK(exit_status_of(Code::interrupted) == 130);
  CHECK_FALSE(sentence_of(Code::rollback_failed).empty());
}
