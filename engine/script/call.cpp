#include "script/call.h"

#include <cmath>

#include "runner/session/session.h"
#include "script/json.h"
#include "script/lua.h"
#include "script/lua_types.h"
#include "script/primitive.h"
#include "script/state.h"
#include "script/userdata.h"
#include "script/values.h"

namespace engine::script {
namespace {

std::string_view name_of(runner::Moment moment) {
  switch (moment) {
    case runner::Moment::loading:
      return "loading";
    case runner::Moment::needs:
      return "needs";
    case runner::Moment::when:
      return "when";
    case runner::Moment::confirm:
      return "confirm";
    case runner::Moment::run:
      return "run";
    case runner::Moment::verify:
      return "verify";
    case runner::Moment::rollback:
      return "rollback";
    case runner::Moment::task:
      return "a task";
    case runner::Moment::console:
      return "the console";
  }
  return "this place";
}

bool may_ask(runner::Moment moment) {
  return moment == runner::Moment::run || moment == runner::Moment::rollback ||
         moment == runner::Moment::task || moment == runner::Moment::console;
}

}  // namespace

Error called_while_loading(const Primitive& primitive) {
  return Error{Code::wrong_moment,
               "{} was called while the plan is loading; move it into a step's run, when or verify",
               primitive.name};
}

Call::Call(lua_State* lua, const Primitive& primitive, runner::Session* session)
    : lua_(lua),
      primitive_(primitive),
      session_(session),
      offset_(std::string_view{primitive.name}.find(':') == std::string_view::npos ? 0 : 1) {}

runner::Session& Call::session() {
  if (session_ == nullptr || session_->moment() == runner::Moment::loading)
    throw called_while_loading(primitive_);
  const runner::Moment moment = session_->moment();
  const bool changes = primitive_.effect == Effect::writes || primitive_.effect == Effect::destroys;
  if (changes && !session_->may_write())
    throw Error{Code::wrong_moment, "{} changes the target, and {} may only read", primitive_.name,
                name_of(moment)}
        .hint(moment == runner::Moment::console ? "Start the console with --write."
                                                : "Move it into the step's run or rollback.");
  if (changes) session_->writes();
  if (primitive_.effect == Effect::asks && !may_ask(moment))
    throw Error{Code::wrong_moment, "{} asks the operator, and {} may not", primitive_.name,
                name_of(moment)}
        .hint("Ask in the step's run or rollback, or declare an input.");
  return *session_;
}

int Call::count() const { return lua_gettop(lua_) - offset_; }

bool Call::given(int index) const { return !lua_isnoneornil(lua_, at(index)); }

void Call::refuse(int index, const char* name, std::string_view expected) const {
  throw Error{Code::argument, "{}: {} must be {}, not {}", primitive_.name, name,
              expected,       kind_of(lua_, at(index))};
}

std::string Call::text(int index, const char* name) {
  if (lua_type(lua_, at(index)) != LUA_TSTRING) refuse(index, name, "a string");
  std::size_t size = 0;
  const char* const data = lua_tolstring(lua_, at(index), &size);
  return {data, size};
}

std::optional<std::string> Call::text_or_nothing(int index, const char* name) {
  if (!given(index)) return std::nullopt;
  return text(index, name);
}

std::int64_t Call::integer(int index, const char* name) {
  if (lua_type(lua_, at(index)) != LUA_TNUMBER) refuse(index, name, "a whole number");
  const double number = lua_tonumber(lua_, at(index));
  if (number != std::floor(number) || std::fabs(number) > 9007199254740992.0)
    throw Error{Code::argument, "{}: {} must be a whole number, not {}", primitive_.name, name,
                number};
  return static_cast<std::int64_t>(number);
}

bool Call::boolean(int index, const char* name) {
  if (!lua_isboolean(lua_, at(index))) refuse(index, name, "true or false");
  return lua_toboolean(lua_, at(index)) != 0;
}

QualifiedName Call::table_name(int index, const char* name) {
  return QualifiedName::parse(text(index, name));
}

std::vector<std::string> Call::texts(int index, const char* name) {
  const Value value = read_value(lua_, at(index));
  if (value.is_text()) return {value.text};
  if (value.kind != Value::Kind::table || !value.fields.empty())
    refuse(index, name, "a string or a list of strings");
  std::vector<std::string> texts;
  for (const Value& item : value.items) {
    if (!item.is_text()) refuse(index, name, "a string or a list of strings");
    texts.push_back(item.text);
  }
  return texts;
}

SqlText Call::sql(int index, const char* name) {
  if (auto sql = sql_at(lua_, at(index))) return *std::move(sql);
  if (lua_type(lua_, at(index)) != LUA_TSTRING) refuse(index, name, "SQL");
  std::string written = text(index, name);
  Source at = State::of(lua_).sources().text_position(lua_, written);
  // A text of several lines that stands in the plan ends, not begins, where the call is.
  const bool computed = written.find('\n') != std::string::npos && at.line == where().line;
  return {std::move(written), std::move(at), computed};
}

Value Call::value(int index, const char*) { return read_value(lua_, at(index)); }

db::Params Call::params(int from, int last) {
  db::Params params;
  for (int index = from; index <= last; ++index)
    params.push_back(
        param_at(lua_, at(index), fmt::format("{}: ${}", primitive_.name, index - from + 1)));
  return params;
}

Options Call::options(int index, const char* name) {
  if (given(index) && (!lua_istable(lua_, at(index)) || sql_at(lua_, at(index))))
    refuse(index, name, "a table of options");
  return Options{lua_, at(index), primitive_};
}

std::function<void()> Call::function(int index, const char* name) {
  if (!lua_isfunction(lua_, at(index))) refuse(index, name, "a function");
  return [lua = lua_, position = at(index)] {
    lua_pushvalue(lua, position);
    call_back(lua, 0, 0);
  };
}

std::function<bool(const db::Result&, std::size_t)> Call::row_function(int index,
                                                                       const char* name) {
  if (!lua_isfunction(lua_, at(index))) refuse(index, name, "a function");
  return [lua = lua_, position = at(index)](const db::Result& result, std::size_t row) {
    const int base = lua_gettop(lua);
    lua_pushvalue(lua, position);
    push_row_metatable(lua, result);
    script::push_row(lua, result, row, base + 2);
    lua_remove(lua, base + 2);
    call_back(lua, 1, 1);
    const bool go_on = lua_isnil(lua, -1) || lua_toboolean(lua, -1) != 0;
    lua_settop(lua, base);
    return go_on;
  };
}

Source Call::where() const { return State::of(lua_).sources().running(lua_); }

void Call::no_more_than(int last) {
  if (count() <= last) return;
  throw Error{Code::argument,       "{} takes {} argument{}, not {}",
              primitive_.name,      last,
              last == 1 ? "" : "s", count()};
}

int Call::push(std::string_view text) {
  lua_pushlstring(lua_, text.data(), text.size());
  return 1;
}

int Call::push(bool value) {
  lua_pushboolean(lua_, value ? 1 : 0);
  return 1;
}

int Call::push(std::int64_t value) {
  push_integer(lua_, value, primitive_.name);
  return 1;
}

int Call::push_nothing() {
  lua_pushnil(lua_);
  return 1;
}

int Call::push_null() {
  script::push_null(lua_);
  return 1;
}

int Call::push_secret(std::string value) {
  script::push_secret(lua_, std::move(value));
  return 1;
}

int Call::push_texts(const std::vector<std::string>& texts) {
  lua_createtable(lua_, static_cast<int>(texts.size()), 0);
  for (int item = 1; const std::string& text : texts) {
    push(text);
    lua_rawseti(lua_, -2, item++);
  }
  return 1;
}

int Call::push_json(const std::string& json) {
  script::push_json(lua_, json);
  return 1;
}

int Call::push(const std::optional<std::string>& value, std::uint32_t type) {
  push_value(lua_, value, type, primitive_.name);
  return 1;
}

int Call::push_row(const db::Result& result, std::size_t row) {
  push_row_metatable(lua_, result);
  script::push_row(lua_, result, row, lua_gettop(lua_));
  return 1;
}

int Call::push_rows(const db::Result& result) {
  push_row_metatable(lua_, result);
  const int metatable = lua_gettop(lua_);
  lua_createtable(lua_, static_cast<int>(result.size()), 0);
  for (std::size_t row = 0; row < result.size(); ++row) {
    script::push_row(lua_, result, row, metatable);
    lua_rawseti(lua_, -2, static_cast<int>(row) + 1);
  }
  return 1;
}

int Call::push_self() {
  lua_pushvalue(lua_, 1);
  return 1;
}

int Call::push_subject(std::shared_ptr<void> value, std::type_index type) {
  script::push_subject(lua_, primitive_.name, std::move(value), type);
  return 1;
}

void* Call::subject(std::type_index type) {
  const std::string name = primitive_.name;
  const std::size_t colon = name.find(':');
  void* const value = subject_at(lua_, 1, name.substr(0, colon), type);
  if (value == nullptr)
    throw Error{Code::argument, "{} must be called with a colon: {} (…):{} (…)", name,
                name.substr(0, colon), name.substr(colon + 1)};
  return value;
}

void Call::record(event::Outcome outcome) {
  outcome.at = where();
  State::of(lua_).record(std::move(outcome));
}

void Call::name_last(const std::string& name) { State::of(lua_).name_last(name); }

}  // namespace engine::script
