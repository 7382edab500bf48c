#include "runner/step/intent.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/redactor.h"

namespace engine::runner {
namespace {

using nlohmann::json;

constexpr std::array kinds{"create", "drop", "reindex", "detach"};
constexpr std::array scopes{"table", "schema", "database"};

template <typename Enum, std::size_t size>
Enum named(const std::array<const char*, size>& words, const std::string& word) {
  return static_cast<Enum>(std::find(words.begin(), words.end(), word) - words.begin());
}

Intent intent_of(const json& data) {
  Intent intent;
  intent.kind = named<Intent::Kind>(kinds, data.at("kind"));
  intent.moment = data.at("moment");
  intent.statement = data.at("statement");
  intent.nth = data.at("nth");
  intent.name = data.at("name");
  intent.scope = {named<Scope::Of>(scopes, data.at("scope")), data.at("of")};
  for (const json& index : data.at("indexes"))
    intent.indexes.push_back({index.at("oid"), index.at("valid")});
  intent.objects = data.at("objects").get<std::vector<Oid>>();
  return intent;
}

}  // namespace

bool Intent::lists(Oid index) const {
  return std::any_of(indexes.begin(), indexes.end(),
                     [index](const Stood& stood) { return stood.oid == index; });
}

bool History::was_invalid(Oid index) const {
  if (!begun) return false;
  return std::find(begun->invalid.begin(), begun->invalid.end(), index) != begun->invalid.end();
}

std::string hash_of(const std::string& text) { return hash::sha256(redactor::redact(text)); }

std::string to_json(const StepBegun& begun) {
  return json{{"next_transaction", begun.next_transaction}, {"invalid", begun.invalid}}.dump();
}

std::string to_json(const Intent& intent) {
  json indexes = json::array();
  for (const Intent::Stood& stood : intent.indexes)
    indexes.push_back({{"oid", stood.oid}, {"valid", stood.valid}});
  return json{{"kind", kinds.at(static_cast<std::size_t>(intent.kind))},
              {"moment", intent.moment},
              {"statement", intent.statement},
              {"nth", intent.nth},
              {"name", intent.name},
              {"scope", scopes.at(static_cast<std::size_t>(intent.scope.of))},
              {"of", intent.scope.oid},
              {"indexes", indexes},
              {"objects", intent.objects}}
      .dump();
}

History history_of(const std::vector<journal::EventRow>& events) {
  History history;
  for (const journal::EventRow& event : events) {
    if (event.event == begun_event) {
      const json data = json::parse(event.data);
      history = {StepBegun{data.at("next_transaction").get<std::int64_t>(),
                           data.at("invalid").get<std::vector<Oid>>()},
                 {}};
    } else if (event.event == intent_event) {
      history.intents.push_back(intent_of(json::parse(event.data)));
    }
  }
  return history;
}

}  // namespace engine::runner
