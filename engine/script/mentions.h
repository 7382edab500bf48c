// Where a source names other files: require and sql.file, however they are written.
#pragma once

#include <string>
#include <vector>

#include "script/lexer.h"

namespace engine::script {

class State;

struct Mention {
  enum class Kind {
    none,
    module,    // require "name"
    sql_file,  // sql.file "path"
    loose,     // require or sql.file with any other argument, or without one: pcall(require, name)
  };
  Kind kind = Kind::none;
  std::string name;         // of a module or an SQL file
  std::size_t literal = 0;  // the token that says it
};

/// What the token at `at`, and those behind it, mention.
Mention mention_at(const std::vector<Token>& tokens, std::size_t at);

/// Reads what the plan's sources name, also where nothing has executed it yet: in functions, in
/// every branch, and in the modules that these require. Where require or sql.file is used loosely,
/// every text of the sources that is the name of a file is taken for one that may be meant.
/// Missing files are left to whoever uses them.
void read_mentioned_files(State& state);

bool is_module_name(const std::string& name);
/// "deep/inner.lua" of "deep.inner".
std::string module_path(const std::string& name);

}  // namespace engine::script
