// The target's schema without pg_dump.
#pragma once

#include <string>
#include <vector>

#include "db/connection.h"
#include "shadow/extensions.h"
#include "shadow/target_reader.h"

namespace engine::shadow {

/// What makes the schema as far as the catalog printer goes. Some want what a later one makes: they
/// are to be tried again.
struct PrintedSchema {
  /// One transaction: roles that grants are given in are set for it alone.
  using Script = std::vector<std::string>;
  std::vector<Script> scripts;
  std::vector<std::string> missing;  // what is not among them: phrases
};

PrintedSchema print_schema(TargetReader& reader);

/// Makes it. One statement that fails takes no other with it: those that do are told, as phrases.
std::vector<std::string> load_printed(std::vector<PrintedSchema::Script> scripts,
                                      db::Connection& shadow, const Extensions& extensions);

}  // namespace engine::shadow
