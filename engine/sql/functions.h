// What PostgreSQL's own functions do. Private to sql.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace engine::sql {

struct FunctionName {
  std::string schema;
  std::string name;
};

/// The name in a FuncCall node.
FunctionName function_name(const nlohmann::json& call);

/// One of pg_catalog that changes nothing, whatever its arguments.
bool only_reads(std::string_view function);

/// One of pg_catalog that is known to change data: nextval, setval, lo_…
bool writes(std::string_view function);

/// For the test that compares the list with a server.
std::vector<std::string_view> reading_functions();

}  // namespace engine::sql
