// Of every check a case in which it holds and one in which it does not.
#pragma once

#include <string>
#include <vector>

namespace test {

struct Case {
  std::string holds;
  std::string fails;
  std::string setup = "";  // SQL before both; cases in a row that have the same share it
};

/// What the cases speak of. Roles belong to the server: they are made in the transaction that
/// every case is rolled back with.
extern const std::string case_objects, case_roles;

std::vector<Case> cases_of_kinds();      // of the families of objects, and facts beside
std::vector<Case> cases_of_relations();  // of tables, views and materialized views
std::vector<Case> cases_of_queries();
/// What every kind of object has: owner, comment, privileges, facts, and that there is none of it.
std::vector<Case> cases_of_all(const std::string& database);

}  // namespace test
