// What a step does: run, verify, rollback, and the functions around them.
#include "base/redactor.h"
#include "base/text.h"
#include "script/lua.h"
#include "script/lua_types.h"
#include "script/plan_reader.h"
#include "sql/statement.h"

namespace engine::script {
namespace {

constexpr const char* rollback_choices =
    "Write rollback = sql [[ … ]] (or a function, a list, a table), rollback = nothing, or "
    "rollback "
    "= "
    "impossible \"why\".";

std::string shortened(const std::string& sql) {
  const std::string redacted = redactor::redact(sql);
  return text::shortened(redacted.substr(0, redacted.find('\n')), 60);
}

}  // namespace

bool PlanReader::is_function(int index) const {
  return lua_isfunction(lua_, index) && lua_iscfunction(lua_, index) == 0;
}

plan::Function PlanReader::function_at(int index) {
  const Source at = state_->sources().function(lua_, index);
  lua_pushvalue(lua_, index);
  return {[state = state_, reference = state_->keep()] { state->call(reference, 0, {}); }, at};
}

plan::Predicate PlanReader::predicate_at(int index, const std::string& what) {
  lua_pushvalue(lua_, index);
  return [state = state_, reference = state_->keep(), what] {
    plan::Condition condition;
    state->call(reference, 2, [&](lua_State* lua) {
      condition.holds = lua_toboolean(lua, -2) != 0;
      if (lua_isnil(lua, -1)) return;
      if (lua_type(lua, -1) != LUA_TSTRING)
        throw Error{Code::lua, "the reason that {} returns is {}, not a string", what,
                    kind_of(lua, -1)};
      condition.reason = lua_tostring(lua, -1);
    });
    return condition;
  };
}

plan::Predicate PlanReader::predicate(TableShape& shape, const char* key) {
  plan::Predicate result;
  shape.with(key, [&](int index, const Place& place) {
    if (!is_function(index)) return shape.wrong(key, "a function");
    result = predicate_at(index, place.what);
  });
  return result;
}

plan::Question PlanReader::question(TableShape& shape, const char* key) {
  plan::Question result;
  shape.with(key, [&](int index, const Place& place) {
    if (lua_type(lua_, index) == LUA_TSTRING) {
      result = [text = std::string{lua_tostring(lua_, index)}] { return std::optional{text}; };
      return;
    }
    if (!is_function(index)) return shape.wrong(key, "a string or a function");
    lua_pushvalue(lua_, index);
    result = [state = state_, reference = state_->keep(), what = place.what] {
      std::optional<std::string> text;
      state->call(reference, 1, [&](lua_State* lua) {
        if (lua_toboolean(lua, -1) == 0) return;
        if (lua_type(lua, -1) != LUA_TSTRING)
          throw Error{Code::lua, "{} returns {}, not a question", what, kind_of(lua, -1)}.hint(
              "Return the text of the question, or nil if no question is needed.");
        text = lua_tostring(lua, -1);
      });
      return text;
    };
  });
  return result;
}

plan::TransactionMode PlanReader::transaction(TableShape& shape) {
  const std::string mode = shape.text("transaction");
  if (mode == "none") return plan::TransactionMode::none;
  if (mode == "batches") {
    shape.problem(shape.place_of("transaction"), "transaction = \"batches\" is not available yet",
                  "Use transaction = \"none\" with a loop of small statements in run.");
  } else if (!mode.empty()) {
    shape.problem(shape.place_of("transaction"),
                  fmt::format("transaction = \"{}\" is not known", mode),
                  "Write transaction = \"none\", or omit it: then the step is one transaction.");
  }
  return plan::TransactionMode::one;
}

plan::Action PlanReader::sql_block(const SqlText& sql, plan::TransactionMode mode,
                                   const Place& place) {
  plan::SqlBlock block{sql.text, sql.at, sql::split(sql.text)};
  if (block.statements.empty() && sql.at)
    problems_.add(place.at, fmt::format("{} has no SQL statement", place.what));
  for (const sql::Statement& statement : block.statements) {
    const Source at{sql.at.file, sql.at.line + statement.line - 1};
    if (statement.refusal != sql::Refusal::none) {
      problems_.add(at, fmt::format("a plan cannot contain {}", shortened(statement.text)),
                    statement.instead);
    } else if (statement.takes_values) {
      problems_.add(at, fmt::format("{} uses $1, but nothing passes its value", place.what),
                    "Pass the value in a function: function() db.exec(\"… $1 …\", input.x) end.");
    } else if (!statement.transaction_block && mode != plan::TransactionMode::none) {
      problems_.add(at, fmt::format("{} cannot run in a transaction", statement.tag),
                    fmt::format("Give {} transaction = \"none\".",
                                place.what.substr(place.what.find(" of ") + 4)));
    }
  }
  return block;
}

std::vector<plan::Action> PlanReader::actions(int index, const Place& place,
                                              plan::TransactionMode mode) {
  std::vector<plan::Action> result;
  if (const auto sql = sql_at(lua_, index)) {
    result.push_back(sql_block(*sql, mode, place));
  } else if (is_function(index)) {
    result.push_back(function_at(index));
  } else if (lua_istable(lua_, index) && !word_at(lua_, index)) {
    TableShape list{lua_, index, place, problems_};
    list.allow({});
    const int items = list.each_item([&](int item, const Place& at) {
      Place inner = at;
      inner.what = place.what;
      if (lua_istable(lua_, item) && !sql_at(lua_, item)) {
        problems_.add(at.at, fmt::format("{} must be SQL or a function", at.what));
        return;
      }
      for (plan::Action& action : actions(item, inner, mode)) result.push_back(std::move(action));
    });
    if (items == 0) problems_.add(place.at, fmt::format("{} is empty", place.what));
  } else {
    problems_.add(place.at,
                  fmt::format("{} must be sql, a function or a list of both, not {}", place.what,
                              kind_of(lua_, index)),
                  lua_type(lua_, index) == LUA_TSTRING ? "Write sql [[ … ]] around SQL." : "");
  }
  return result;
}

std::vector<plan::Action> PlanReader::read_run(TableShape& shape, plan::TransactionMode mode) {
  std::vector<plan::Action> result;
  shape.with("run", [&](int index, const Place& place) { result = actions(index, place, mode); });
  return result;
}

plan::Check PlanReader::titled_check(const WordValue& word, int index) {
  plan::Check check;
  check.kind = word.word == "test" ? plan::CheckKind::test : plan::CheckKind::check;
  check.title = word.title;
  with_body(word, index, [&](TableShape& shape, const Place& place) {
    check.why = shape.text("why");
    check.hint = shape.text("hint");
    int functions = 0;
    const int items = shape.each_item([&](int item, const Place& at) {
      if (!is_function(item)) {
        shape.problem(at,
                      fmt::format("{} must be a function, not {}", at.what, kind_of(lua_, item)));
      } else if (++functions == 1) {
        check.function = function_at(item);
      } else {
        shape.problem(at, fmt::format("{} has more than one function", place.what));
      }
    });
    if (items == 0)
      shape.problem(place, fmt::format("{} has no function", place.what),
                    fmt::format("Write {} {{ function() … end }}.", place.what));
  });
  return check;
}

std::vector<plan::Check> PlanReader::read_verify(TableShape& shape) {
  std::vector<plan::Check> checks;
  const auto read_one = [&](int index, const Place& place) {
    const auto word = word_at(lua_, index);
    if (is_function(index)) {
      plan::Check bare;
      bare.function = function_at(index);
      checks.push_back(std::move(bare));
    } else if (word && (word->word == "check" || word->word == "test")) {
      with_body(*word, index, [](TableShape& body, const Place&) { body.allow({"why", "hint"}); });
      checks.push_back(titled_check(*word, index));
    } else {
      problems_.add(place.at,
                    fmt::format("{} must be a function, a check or a test, not {}", place.what,
                                word ? name_of(*word) : kind_of(lua_, index)));
    }
  };
  shape.with("verify", [&](int index, const Place& place) {
    if (!lua_istable(lua_, index) || word_at(lua_, index) || unfinished_at(lua_, index) ||
        sql_at(lua_, index))
      return read_one(index, place);
    TableShape list{lua_, index, place, problems_};
    list.allow({});
    list.each_item(read_one);
  });
  return checks;
}

plan::Undo PlanReader::undo_table(int index, const Place& place, plan::TransactionMode mode) {
  plan::Undo undo;
  undo.at = place.at;
  TableShape shape{lua_, index, place, problems_};
  shape.allow({"confirm", "run", "verify", "transaction"});
  if (shape.has("transaction")) undo.transaction = transaction(shape);
  undo.confirm = question(shape, "confirm");
  undo.run = read_run(shape, undo.transaction.value_or(mode));
  undo.verify = read_verify(shape);
  if (!shape.has("run"))
    shape.problem(place, fmt::format("{} has no run", place.what),
                  "Write rollback = nothing if there is nothing to undo.");
  return undo;
}

plan::Rollback PlanReader::read_rollback(TableShape& shape, plan::TransactionMode mode) {
  plan::Rollback rollback;
  const bool given = shape.with("rollback", [&](int index, const Place& place) {
    if (is_nothing(lua_, index)) {
      rollback = plan::Nothing{};
    } else if (const auto why = impossible_at(lua_, index)) {
      rollback = plan::Impossible{*why};
    } else if (lua_istable(lua_, index) && !sql_at(lua_, index) && !word_at(lua_, index) &&
               lua_objlen(lua_, index) == 0) {
      rollback = undo_table(index, place, mode);
    } else if (lua_istable(lua_, index) || is_function(index)) {
      plan::Undo undo;
      undo.at = place.at;
      undo.run = actions(index, place, mode);
      rollback = std::move(undo);
    } else {
      shape.wrong("rollback", "sql, a function, a list, a table, nothing or impossible");
    }
  });
  if (!given && shape.has("run"))
    shape.problem(shape.place(), fmt::format("{} has a run and no rollback", shape.place().what),
                  rollback_choices);
  if (given && !shape.has("run"))
    shape.problem(
        shape.place_of("rollback"),
        fmt::format("{} has a rollback and no run: there is nothing to undo", shape.place().what));
  return rollback;
}

}  // namespace engine::script
