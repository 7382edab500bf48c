// What a Lua source says without being run: which words it uses, where its constructs and keys
// stand, what its top-level locals are.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "script/lexer.h"

namespace engine::script {

/// A table constructor: where its keys and items stand.
struct TableSource {
  struct Field {
    std::string key;  // empty of an item
    int line = 0;
    std::shared_ptr<const TableSource> table;  // of a value that is a table constructor
  };
  int line = 0;
  std::vector<Field> fields;  // with a key, in the order of the source
  std::vector<Field> items;

  const Field* field(std::string_view key) const;
};

/// `step "Title" { … }`
struct Construct {
  std::string word;
  std::string title;
  int line = 0;                    // of the word
  int call_line = 0;               // that Lua reports for the call with the title
  std::size_t begin = 0, end = 0;  // the tokens of the body, braces included
  std::shared_ptr<const TableSource> body;
};

/// One call of a chain: `:has_column("name", { type = "text" })`.
struct ChainCall {
  std::string method;  // empty of the first: the word itself is called
  int line = 0;
  std::vector<std::shared_ptr<const TableSource>> tables;  // an argument each; null: no constructor
};

/// A word that is no local: `db.count` has name "db" and field "count".
struct GlobalUse {
  std::string name;
  std::string field;
  int line = 0;
  bool assigned = false;
  std::vector<ChainCall> calls;
};

/// Outside every block: `local a, b = …` or `local function a`, and every other statement that may
/// change what such a local holds, such as `function a.b() … end` and `a.b = …`.
struct Definition {
  std::vector<std::string> names;  // of the locals
  std::size_t begin = 0, end = 0;  // tokens
};

/// A function of a construct that sets a local of the file.
struct SharedWrite {
  std::string name;
  int line = 0;
};

struct Outline {
  std::vector<Token> tokens;
  std::vector<GlobalUse> globals;
  std::vector<Construct> constructs;
  std::vector<Definition> definitions;
  std::vector<SharedWrite> shared_writes;
};

/// Never throws. Of a source that LuaJIT does not accept the outline ends where it stops to make
/// sense.
Outline outline_of(std::string_view source);

}  // namespace engine::script
