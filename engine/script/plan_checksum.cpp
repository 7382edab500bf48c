#include "script/plan_checksum.h"

#include <set>
#include <utility>

#include "base/hash.h"
#include "script/mentions.h"

namespace engine::script {
namespace {

/// Walks token ranges and collects, once each, what they lead to.
class Walk {
 public:
  explicit Walk(const State& state) : state_(state) {}

  void range(const Chunk& chunk, std::size_t begin, std::size_t end) {
    const std::vector<Token>& tokens = chunk.outline.tokens;
    content_ += checksum_of(tokens, begin, end);
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens[i].kind != TokenKind::name) continue;
      if (i > 0 && (tokens[i - 1].is(".") || tokens[i - 1].is(":"))) continue;
      name(chunk, i);
    }
  }

  void whole(const Chunk& chunk) {
    if (seen_.insert({&chunk, 0}).second) range(chunk, 0, chunk.outline.tokens.size() - 1);
  }

  void add(const std::string& text) { content_ += hash::sha256(text); }

  std::string result() const { return hash::sha256(content_); }

 private:
  void name(const Chunk& chunk, std::size_t at) {
    const std::vector<Token>& tokens = chunk.outline.tokens;
    const Mention mention = mention_at(tokens, at);
    switch (mention.kind) {
      case Mention::Kind::none:
        break;
      case Mention::Kind::module:
        if (const Chunk* const required = state_.sources().module(mention.name);
            required != nullptr && required->plan)
          whole(*required);
        break;
      case Mention::Kind::sql_file:
        sql_file(mention.name);
        break;
      case Mention::Kind::loose:
        loose_files();
        break;
    }
    const std::vector<Definition>& definitions = chunk.outline.definitions;
    for (std::size_t i = 0; i < definitions.size(); ++i) {
      for (const std::string& defined : definitions[i].names) {
        if (tokens[at].spelling != defined) continue;
        if (seen_.insert({&chunk, i + 1}).second)
          range(chunk, definitions[i].begin, definitions[i].end);
      }
    }
  }

  void sql_file(const std::string& path) {
    const Files::File* const file = state_.files().find(path);
    add(file == nullptr ? path : file->text);  // whoever uses a missing one reports it
  }

  /// Which of them is meant is not known.
  void loose_files() {
    if (std::exchange(loose_files_, true)) return;
    for (const auto& [path, file] : state_.files().all()) {
      if (!file.loose) continue;
      content_ += hash::sha256(path);
      add(file.text);
      for (const auto& [name, chunk] : state_.sources().chunks())
        if (chunk.plan && !chunk.module.empty() && module_path(chunk.module) == path) whole(chunk);
    }
  }

  const State& state_;
  std::string content_;
  std::set<std::pair<const Chunk*, std::size_t>> seen_;
  bool loose_files_ = false;
};

void walk_word(Walk& walk, const State& state, const WordValue& word) {
  const Chunk* const chunk = state.sources().find(word.chunk);
  if (chunk == nullptr) return;
  if (word.source != nullptr) {
    walk.range(*chunk, word.source->begin, word.source->end);
  } else {
    walk.whole(*chunk);
  }
}

void add_sql(Walk& walk, const std::vector<plan::Action>& actions) {
  for (const plan::Action& action : actions)
    if (const auto* block = std::get_if<plan::SqlBlock>(&action)) walk.add(block->text);
}

}  // namespace

std::string word_checksum(const State& state, const WordValue& word) {
  Walk walk{state};
  walk_word(walk, state, word);
  return walk.result();
}

std::string step_checksum(const State& state, const WordValue& word, const plan::Step& step) {
  Walk walk{state};
  walk_word(walk, state, word);
  add_sql(walk, step.run);
  if (const auto* undo = std::get_if<plan::Undo>(&step.rollback)) add_sql(walk, undo->run);
  return walk.result();
}

std::string chunk_checksum(const State& state, const std::string& chunk) {
  Walk walk{state};
  if (const Chunk* const found = state.sources().find(chunk)) walk.whole(*found);
  return walk.result();
}

}  // namespace engine::script
