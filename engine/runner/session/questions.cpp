#include "runner/session/questions.h"

#include <algorithm>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/redactor.h"
#include "base/secrets.h"
#include "base/text.h"
#include "base/time.h"

namespace engine::runner {
namespace {

const std::vector<std::string> manual_answers{"done", "failed", "skip", "later"};

// The one spelling of an answer that the rest of the runner knows.
std::string canonical(const event::Ask& ask, const event::Reply& reply) {
  if (ask.kind == event::Ask::Kind::confirm) {
    const std::optional<bool> yes = as_boolean(reply.answer);
    if (!yes)
      throw Error{Code::usage, "the answer to {} must be yes or no, not {}", ask.name,
                  reply.answer};
    return *yes ? "yes" : "no";
  }
  const std::vector<std::string>& allowed =
      ask.kind == event::Ask::Kind::manual ? manual_answers : ask.choices;
  if ((ask.kind == event::Ask::Kind::manual || ask.kind == event::Ask::Kind::choice) &&
      std::find(allowed.begin(), allowed.end(), reply.answer) == allowed.end()) {
    throw Error{Code::usage,  "the answer to {} must be {}, not {}{}",
                ask.name,     text::listed(allowed, "or"),
                reply.answer, text::did_you_mean(reply.answer, allowed)};
  }
  return reply.answer;
}

}  // namespace

std::optional<bool> as_boolean(const std::string& answer) {
  const std::string word = text::lower(text::trimmed(answer));
  for (const char* yes : {"yes", "y", "true", "on", "1"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"no", "n", "false", "off", "0"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

std::optional<event::Reply> Questions::known(const event::Ask& ask) const {
  if (std::optional<event::Reply> reply = prompter_.known(ask)) return reply;
  if (ask.kind == event::Ask::Kind::confirm && assume_yes_) return event::Reply{"yes", "--yes"};
  return std::nullopt;
}

event::Reply Questions::obtain(const event::Ask& ask) {
  std::optional<event::Reply> reply = known(ask);
  if (!reply) {
    const time::Stopwatch watch;
    reply = prompter_.ask(ask);
    waited_ += watch.elapsed();
  }
  interrupt::check();
  if (reply) return *reply;
  throw Error{Code::answer_missing, "nobody answers: {}", ask.text}.hint(
      ask.kind == event::Ask::Kind::confirm
          ? "Give --yes, or --set " + ask.name + "=yes."
          : "Give --set " + ask.name + "=" +
                (ask.kind == event::Ask::Kind::manual ? text::joined(manual_answers, "|")
                                                      : "VALUE") +
                ".");
}

void Questions::tell(const event::Ask& ask, const event::Reply& reply, const std::string& step) {
  const bool secret = ask.kind == event::Ask::Kind::secret;
  if (secret) {
    redactor::add_secret(reply.answer);
    if (redactor::is_short(reply.answer)) {
      emitter_.emit(event::NoticeSeen{
          "", "WARNING", "",
          fmt::format("the secret {} is too short to be masked everywhere: the engine masks it "
                      "only where it is a whole value or in quotes",
                      ask.name)});
    }
  }
  emitter_.emit(event::QuestionAnswered{ask.name, ask.text, secret ? "" : reply.answer,
                                        reply.source, secret});
  if (!secret) unrecorded_.push_back({ask.name, reply.answer, reply.source, step});
}

std::string Questions::answer(const event::Ask& ask, const std::string& step) {
  if (const auto found = remembered_.find(ask.name); found != remembered_.end())
    return found->second;
  event::Reply reply = obtain(ask);
  reply.answer = canonical(ask, reply);
  tell(ask, reply, step);
  return remembered_[ask.name] = reply.answer;
}

void Questions::recall(const std::string& name, const std::string& answer) {
  const std::optional<event::Reply> reply =
      prompter_.known({name, name, event::Ask::Kind::text, {}, {}});
  const bool same = !reply || reply->answer == answer ||
                    (as_boolean(answer) && as_boolean(reply->answer) == as_boolean(answer));
  if (!same) {
    throw Error{Code::edited,
                "the answer to {} is {} now, but a finished step of this run used the answer {}",
                name, reply->answer, answer}
        .hint("Omit it to continue the run, or roll back first.");
  }
  remembered_[name] = answer;
}

void Questions::confirm(const std::string& name, const std::string& text) {
  if (answer({name, text, event::Ask::Kind::confirm, {}, std::nullopt}) == "yes") return;
  throw Error{Code::answer_no, "answered no: {}", text};
}

}  // namespace engine::runner
