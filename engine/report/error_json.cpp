#include "report/error_json.h"

#include "base/redactor.h"

namespace engine::report {

using json = nlohmann::ordered_json;

json json_text(std::string_view raw) { return redactor::redact(raw); }

json error_object(const Error& error, std::string_view code) {
  json object{{"code", code.empty() ? name_of(error.code()) : code},
              {"message", json_text(error.message())}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) object[key] = json_text(value);
  };
  add("sqlstate", error.sqlstate());
  add("detail", error.detail());
  add("hint", error.hint());
  add("constraint", error.constraint());
  add("statement", error.statement());
  add("context", error.context());
  if (error.position() > 0) object["position"] = error.position();
  add("file", error.source().file);
  if (error.source().line > 0) object["line"] = error.source().line;
  return object;
}

}  // namespace engine::report
