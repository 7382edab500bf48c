// What the journal keeps of work outside a transaction from before it is done: which indexes stood
// when the step began, and before each statement that makes, rebuilds or drops some.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/records.h"

namespace engine::runner {

using Oid = std::int64_t;

/// A step begins to work outside a transaction.
struct StepBegun {
  std::int64_t next_transaction = 0;  // transactions of the step have this id, or a later one
  std::vector<Oid> invalid;           // indexes of the database that were INVALID then
};

/// The tables whose indexes a statement changes.
struct Scope {
  enum class Of { table, schema, database } of = Of::table;
  Oid oid = 0;  // of the table (its partitions belong to it) or the schema
};

struct Intent {
  enum class Kind { create, drop, reindex, detach } kind = Kind::create;
  std::string moment;     // run, rollback, task
  std::string statement;  // hash_of() its text
  int nth = 0;            // of this text in the step, from 0
  std::string name;       // hash_of() the name that CREATE INDEX gives; "": the server chooses one
  Scope scope;
  struct Stood {
    Oid oid = 0;
    bool valid = true;
  };
  std::vector<Stood> indexes;  // CREATE: of the table; DROP: those it drops; REINDEX: the INVALID
  std::vector<Oid> objects;    // DETACH: the table and its partition

  bool lists(Oid index) const;
};

/// Of a step, since it last began in this run.
struct History {
  std::optional<StepBegun> begun;  // nothing: an engine that kept no such record began it
  std::vector<Intent> intents;     // oldest first

  bool was_invalid(Oid index) const;
};

/// What identifies a text in the journal, where the text itself may hold a secret.
std::string hash_of(const std::string& text);

constexpr const char* begun_event = "outside begun";
constexpr const char* intent_event = "outside statement";

std::string to_json(const StepBegun& begun);
std::string to_json(const Intent& intent);
History history_of(const std::vector<journal::EventRow>& events);

}  // namespace engine::runner
