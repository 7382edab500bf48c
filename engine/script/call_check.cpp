#include "script/call_check.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "script/problems.h"
#include "script/sources.h"

namespace engine::script {
namespace {

/// What a parameter's line ("options? { where: string, rows: { a: integer }[] }") says of the keys
/// of a table given for it.
struct Keys {
  std::vector<std::string> names;
  bool of_items = false;  // { … }[]: of each table in the list
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

Keys keys_of(std::string_view line) {
  Keys keys;
  int depth = 0;
  std::size_t word = 0;  // where the last one begins
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (i > 0 && is_word(c) && !is_word(line[i - 1])) word = i;
    if (c == ':' && depth == 1 && i > 0 && is_word(line[i - 1]))
      keys.names.emplace_back(line.substr(word, i - word));
    if (c == '}' && depth == 0) {
      keys.of_items = line.substr(i + 1).starts_with("[]");
      break;
    }
  }
  return keys;
}

class Checker {
 public:
  Checker(const std::vector<Primitive>& primitives, const Chunk& chunk, Problems& problems)
      : primitives_(primitives), chunk_(chunk), problems_(problems) {}

  void check(const GlobalUse& use) const {
    std::string class_name;
    for (const ChainCall& call : use.calls) {
      const Primitive* const primitive =
          call.method.empty() ? find(use.field.empty() ? use.name : use.name + "." + use.field)
                              : method(class_name, call);
      if (primitive == nullptr) return;
      check_tables(*primitive, call);
      const std::string gives = primitive->returns.empty() ? "" : primitive->returns.front();
      if (gives != "self") class_name = gives;
      if (methods_of(class_name).empty()) return;
    }
  }

 private:
  const Primitive* find(const std::string& name) const {
    const auto found = std::find_if(primitives_.begin(), primitives_.end(),
                                    [&](const Primitive& one) { return one.name == name; });
    return found == primitives_.end() ? nullptr : &*found;
  }

  std::vector<std::string> methods_of(const std::string& class_name) const {
    std::vector<std::string> names;
    for (const Primitive& primitive : primitives_) {
      const std::string_view name = primitive.name;
      if (name.starts_with(class_name + ":"))
        names.emplace_back(name.substr(class_name.size() + 1));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  const Primitive* method(const std::string& class_name, const ChainCall& call) const {
    const Primitive* const found = find(class_name + ":" + call.method);
    if (found == nullptr)
      tell(call.line, unknown_method(class_name, call.method, methods_of(class_name)));
    return found;
  }

  void check_tables(const Primitive& primitive, const ChainCall& call) const {
    const std::size_t count = std::min(primitive.parameters.size(), call.tables.size());
    for (std::size_t i = 0; i < count; ++i) {
      const Keys keys = keys_of(primitive.parameters[i]);
      if (keys.names.empty() || call.tables[i] == nullptr) continue;
      if (!keys.of_items) check_keys(primitive, *call.tables[i], keys.names);
      if (!keys.of_items) continue;
      for (const TableSource::Field& item : call.tables[i]->items)
        if (item.table != nullptr) check_keys(primitive, *item.table, keys.names);
    }
  }

  void check_keys(const Primitive& primitive, const TableSource& table,
                  const std::vector<std::string>& known) const {
    for (const TableSource::Field& field : table.fields) {
      // [expression] = … has no name here.
      if (field.key.empty() || std::find(known.begin(), known.end(), field.key) != known.end())
        continue;
      tell(field.line, unknown_option(primitive.name, field.key, known));
    }
  }

  void tell(int line, const Error& error) const {
    problems_.add({chunk_.file, line}, error.message(), error.hint());
  }

  const std::vector<Primitive>& primitives_;
  const Chunk& chunk_;
  Problems& problems_;
};

}  // namespace

void check_calls(const std::vector<Primitive>& primitives, const Chunk& chunk, Problems& problems) {
  const Checker checker{primitives, chunk, problems};
  for (const GlobalUse& use : chunk.outline.globals) checker.check(use);
}

Error unknown_method(const std::string& class_name, const std::string& method,
                     const std::vector<std::string>& known) {
  return Error{Code::argument, "{} has no method \"{}\"{}", class_name, method,
               text::did_you_mean(method, known)}
      .hint(fmt::format("Its methods: {}.", text::listed(known)));
}

Error unknown_option(const std::string& primitive, const std::string& option,
                     const std::vector<std::string>& known) {
  return Error{Code::argument, "{} has no option \"{}\"{}", primitive, option,
               text::did_you_mean(option, known)}
      .hint(fmt::format("Its options: {}.", text::listed(known)));
}

}  // namespace engine::script
