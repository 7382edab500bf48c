// A plan as data: what a plan file said, with its functions. No Lua here.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "sql/statement.h"

namespace engine::plan {

/// SQL of the plan, split when the plan was loaded. Lines of `statements` count within `text`.
struct SqlBlock {
  std::string text;
  Source at;  // of the first line of the text
  std::vector<sql::Statement> statements;
};

/// A function of the plan. Failures are Error, with the plan's line in `source`.
struct Function {
  std::function<void()> call;
  Source at;
};

using Action = std::variant<SqlBlock, Function>;

struct Condition {
  bool holds = true;
  std::string reason;  // "starting fresh"
};
using Predicate = std::function<Condition()>;

/// Gives the question; nothing: none is needed this time.
using Question = std::function<std::optional<std::string>()>;

enum class CheckKind {
  bare,   // a verify function without a title: holds at its step's commit
  check,  // holds from then on; `engine verify` repeats it
  test,   // may write, is rolled back, belongs to the run
};

struct Check {
  CheckKind kind = CheckKind::bare;
  std::string title;  // empty for bare
  std::string why;
  std::string hint;
  Function function;
};

struct Nothing {};
struct Impossible {
  std::string why;
};

enum class TransactionMode { one, none };

struct Undo {
  Question confirm;  // may be empty
  std::vector<Action> run;
  std::vector<Check> verify;
  std::optional<TransactionMode> transaction;  // nothing: as the step
  Source at;
};

/// std::monostate: the step has no run and needs no rollback.
using Rollback = std::variant<std::monostate, Nothing, Impossible, Undo>;

enum class StepKind { step, check, test, manual };

struct Step {
  StepKind kind = StepKind::step;
  std::string id;  // as given, else the title
  std::string title;
  std::string heading;  // of the guide
  std::string why;
  int phase = -1;    // index into Plan::phases; -1: none
  Predicate when;    // may be empty
  Predicate done;    // may be empty
  Question confirm;  // may be empty
  std::vector<Action> run;
  std::vector<Check> verify;  // of a standing check or test: exactly one
  Rollback rollback;
  TransactionMode transaction = TransactionMode::one;
  std::map<std::string, std::string> hints;   // by SQLSTATE
  std::map<std::string, std::string> accept;  // finding rule: reason
  std::string lock_timeout;                   // "" : the plan's; PostgreSQL's own notation
  std::string statement_timeout;
  // manual steps
  std::string ask;
  std::vector<std::string> list;
  std::string checksum;  // over source tokens, SQL files included; hexadecimal SHA-256
  Source at;
};

struct Phase {
  std::string title;
  std::string id;
  bool atomic = false;
  Source at;
};

enum class InputType { boolean, integer, number, text, date, interval, choice, secret };

struct Input {
  std::string name;
  InputType type = InputType::text;
  std::optional<std::string>
      preset;  // `default`, in its canonical text: "true", "42", "2025-07-01"
  std::string ask;
  std::vector<std::string> choices;
  std::function<bool()> when;  // may be empty; asked only where it gives true
  bool at_rollback = false;
  Source at;
};

struct Needs {
  int postgres = 0;  // major version; 0: any
  std::vector<std::string> tables, columns, functions, roles, extensions, plans;
  Predicate custom;  // may be empty
  Source at;
};

struct Task {
  std::string id, title, why;
  std::string heading;  // of the guide
  std::vector<Input> inputs;
  Predicate when;
  Question confirm;
  std::vector<Action> run;
  std::vector<Check> verify;
  TransactionMode transaction = TransactionMode::one;
  std::string checksum;
  Source at;
};

struct Plan {
  std::string id, title, about;
  std::string path;     // of the plan's file, as given
  std::string folder;   // absolute
  std::string guide;    // absolute, "" where none
  std::string fixture;  // absolute, "" where none
  std::string support, next;
  Needs needs;
  std::vector<Input> inputs;
  std::map<std::string, std::string> hints;
  // finding rule, or an answer of a rollback that leaves something on purpose, "keep=yes": reason
  std::map<std::string, std::string> accept;
  std::string search_path, lock_timeout, statement_timeout, version;
  bool atomic = false;
  bool compares_with_start = false;  // some check asks what the catalog was when the run began
  std::vector<Phase> phases;
  std::vector<Step> steps;  // of all phases, in order
  std::vector<Task> tasks;
  std::string source;  // the file's text
  std::map<std::string, std::string>
      files;  // its modules and SQL files: path from its folder, text
  /// SHA-256 of such a file, and of others that it may read, as they are now; "" where there is
  /// none. May be empty.
  std::function<std::string(const std::string& path)> digest;
  std::string checksum;  // of all of it, with modules and SQL files
};

}  // namespace engine::plan
