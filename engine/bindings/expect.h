// What the words of `expect` share: a chain of checks about one subject.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "bindings/registry.h"
#include "event/outcome.h"
#include "runner/session/session.h"
#include "verify/subject.h"

namespace engine::bindings {

/// The subject, and the title that a `:named` at the chain's beginning gave to its checks.
template <typename T>
struct Chain {
  T subject;
  std::string title;
  bool checked = false;  // has the chain recorded a check that `:named` can title?
};

using RelationChain = Chain<verify::Subject>;

inline db::Connection& connection_of(Call& call) { return call.session().connection(); }

/// Records the outcome of a method of a chain, and lets the chain go on.
template <typename T>
int record(Call& call, event::Outcome outcome) {
  Chain<T>& chain = call.subject<Chain<T>>();
  if (!chain.title.empty()) outcome.name = chain.title;
  chain.checked = true;
  call.record(std::move(outcome));
  return call.push_self();
}

template <typename T>
int named(Call& call) {
  call.no_more_than(1);
  Chain<T>& chain = call.subject<Chain<T>>();
  const std::string title = call.text(1, "the title");
  if (chain.checked && chain.title.empty()) {
    call.name_last(title);
  } else {
    chain.title = title;
  }
  return call.push_self();
}

/// A text that lives as long as the records.
const char* kept(std::string text);

/// One record for each of the names, which are one word in several classes.
void add_each(Registry& add, std::initializer_list<const char*> names, Primitive primitive);

#define OF_TABLES(method) \
  { "expect.table:" method }
#define OF_STORED(method) \
  { "expect.table:" method, "expect.matview:" method }
#define OF_READABLE(method) \
  { "expect.table:" method, "expect.view:" method, "expect.matview:" method }
#define OF_RELATIONS(method)                                                 \
  {                                                                          \
    "expect.table:" method, "expect.view:" method, "expect.matview:" method, \
        "expect.sequence:" method                                            \
  }

#define OF_ANY(method)                                                       \
  {                                                                          \
    "expect.table:" method, "expect.view:" method, "expect.matview:" method, \
        "expect.sequence:" method, "expect.relation:" method                 \
  }

/// `:named`, the same for every class.
template <typename T>
void add_named(Registry& add, std::initializer_list<const char*> names) {
  add_each(
      add, names,
      {.name = "",
       .effect = Effect::pure,
       .parameters = {"title string"},
       .returns = {"self"},
       .doc = "Titles the check before it; at the beginning of a chain, the checks that follow.",
       .example = "expect.query \"SELECT 1\" :has_rows(1) :named \"one row\"",
       .body = named<T>});
}

/// An expression as an option: a text, or a boolean or number as SQL writes it; null means that
/// there is none (""). Nothing where the option is not given.
std::optional<std::string> expression_option(script::Options& options, const char* key,
                                             const Primitive& primitive);

/// An item of a list as a parameter: text, number, boolean or null. Throws Error{argument} for
/// anything else.
db::Param param_of(const script::Value& value, const Primitive& primitive);

/// Words of SQL as the catalog writes them: "cascade" is "CASCADE".
std::string upper(std::string text);
std::vector<std::string> upper(std::vector<std::string> texts);

}  // namespace engine::bindings
