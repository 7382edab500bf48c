#include <algorithm>

#include "bindings/registry.h"
#include "runner/session/session.h"
#include "script/asked.h"
#include "script/value.h"

namespace engine::bindings {
namespace {

using Kind = event::Ask::Kind;

// "keep", or { "keep", "Leave the columns, unused" }: the operator sees both, the plan gets the
// first.
void read_choices(const Call& call, const script::Value& choices, event::Ask& ask) {
  for (const auto& choice : choices.items) {
    const bool explained = choice.kind == script::Value::Kind::table && choice.items.size() == 2 &&
                           choice.items[0].is_text() && choice.items[1].is_text();
    if (!choice.is_text() && !explained) {
      throw Error{Code::argument, "{}: a choice must be a string, or a string and its meaning",
                  call.primitive().name};
    }
    ask.choices.push_back(explained ? choice.items[0].text : choice.text);
    if (explained) ask.text += "\n  " + choice.items[0].text + ": " + choice.items[1].text;
  }
  if (ask.choices.size() < 2) {
    throw Error{Code::argument, "{}: there must be at least two choices", call.primitive().name};
  }
}

// `ask.text "Which schema?"` or `ask.text { "Which schema?", name = "schema" }`, also with text = …
event::Ask read(Call& call, Kind kind) {
  event::Ask ask;
  ask.kind = kind;
  const script::Value value = call.value(1, "the question");
  call.no_more_than(1);
  if (value.is_text()) {
    ask.text = value.text;
  } else {
    auto options = call.options(1, "the question");
    if (const auto text = options.text("text")) ask.text = *text;
    if (ask.text.empty() && !options.items().empty()) ask.text = options.items().front().text;
    if (const auto name = options.text("name")) ask.name = *name;
    if (kind != Kind::secret) {
      if (kind == Kind::confirm) {
        if (const auto preset = options.boolean("default")) ask.preset = *preset ? "yes" : "no";
      } else {
        ask.preset = options.text("default");
      }
    }
    if (kind == Kind::choice) read_choices(call, options.value("choices"), ask);
    options.finish();
  }
  if (ask.text.empty()) {
    throw Error{Code::argument, "{}: the question has no text", call.primitive().name}.hint(
        "Write { text = \"…?\" }.");
  }
  if (kind == Kind::choice && ask.choices.empty()) {
    throw Error{Code::argument, "ask.choice: choices are missing"}.hint(
        "Write { text = \"…?\", choices = { \"a\", \"b\" } }.");
  }
  if (ask.preset && kind == Kind::choice &&
      std::find(ask.choices.begin(), ask.choices.end(), *ask.preset) == ask.choices.end()) {
    throw Error{Code::argument, "ask.choice: the default \"{}\" is not one of the choices",
                *ask.preset};
  }
  if (ask.name.empty()) ask.name = script::question_name(ask.text);
  return ask;
}

int ask_confirm(Call& call) {
  const event::Ask ask = read(call, Kind::confirm);
  if (call.session().ask(ask) == "yes") return 0;
  throw Error{Code::answer_no, "answered no: {}", ask.text};
}

int ask_choice(Call& call) { return call.push(call.session().ask(read(call, Kind::choice))); }
int ask_text(Call& call) { return call.push(call.session().ask(read(call, Kind::text))); }
int ask_secret(Call& call) {
  return call.push_secret(call.session().ask(read(call, Kind::secret)));
}

}  // namespace

void ask(Registry& add) {
  const char* const question =
      "question string|table the question's text, or { text = …, name = …, default = … }; flags "
      "and answers files use the name";
  add({.name = "ask.confirm",
       .effect = Effect::asks,
       .parameters = {question},
       .returns = {},
       .doc = "Asks for yes or no before the step's first statement. The answer no ends the run. "
              "For two alternatives, use "
              "ask.choice.",
       .example = "ask.confirm { text = \"Remove 12 sessions?\", name = \"leave_sessions\" }",
       .body = ask_confirm});
  add({.name = "ask.choice",
       .effect = Effect::asks,
       .parameters = {"question table { text = …, choices = { \"a\", { \"b\", \"what b means\" } "
                      "}, name = …, "
                      "default = … }"},
       .returns = {"string answer one of the choices"},
       .doc = "Asks for one of several answers before the step's first statement.",
       .example =
           "local way = ask.choice { text = \"What should happen to the columns?\", choices = { "
           "\"remove\", \"keep\" } }",
       .body = ask_choice});
  add({.name = "ask.text",
       .effect = Effect::asks,
       .parameters = {question},
       .returns = {"string answer"},
       .doc = "Asks for a text before the step's first statement.",
       .example = "local ticket = ask.text { text = \"Which ticket?\", name = \"ticket\" }",
       .body = ask_text});
  add({.name = "ask.secret",
       .effect = Effect::asks,
       .parameters = {question},
       .returns = {"secret answer usable only as a parameter of a statement"},
       .doc = "Asks for a secret. The engine writes it to no journal, log or message.",
       .example = "db.exec(\"SELECT set_config('app.key', $1, true)\", ask.secret \"The key?\")",
       .body = ask_secret});
}

}  // namespace engine::bindings
