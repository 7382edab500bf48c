#include "script/mentions.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "script/state.h"

namespace engine::script {
namespace {

constexpr std::size_t longest_path = 1000;

/// The literal that is the whole argument of a call whose arguments begin at `at`.
std::optional<std::size_t> only_literal(const std::vector<Token>& tokens, std::size_t at) {
  const auto is_text = [&](std::size_t i) {
    return i < tokens.size() && tokens[i].kind == TokenKind::text;
  };
  if (is_text(at)) return at;
  const bool alone = at + 2 < tokens.size() && tokens[at].is("(") && tokens[at + 2].is(")");
  if (alone && is_text(at + 1)) return at + 1;
  return std::nullopt;
}

/// A key of a table, or the value of one that names no code: `guide = "…"`.
bool is_value_of(const std::vector<Token>& tokens, std::size_t at, std::string_view key) {
  return at >= 2 && tokens[at - 1].is("=") && tokens[at - 2].is(key);
}

class Reading {
 public:
  explicit Reading(State& state) : state_(state) {}

  void run() {
    for (bool more = true; more;) {
      more = false;
      for (const auto& [name, chunk] : state_.sources().chunks()) {
        if (!chunk.plan || !scanned_.insert(&chunk).second) continue;
        scan(chunk.outline.tokens);
        more = true;
      }
      for (const std::string& module : std::exchange(modules_, {})) add_module(module);
      if (loose_) {
        for (const std::string& text : std::exchange(texts_, {})) add_loose(text);
      }
    }
    for (const auto& [path, file] : state_.files().all()) {
      if (!direct_.contains(path)) state_.files().read(path).loose = true;
    }
  }

 private:
  void scan(const std::vector<Token>& tokens) {
    std::set<std::size_t> literals;  // that are arguments of require or sql.file
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      const Mention mention = mention_at(tokens, at);
      loose_ = loose_ || mention.kind == Mention::Kind::loose;
      if (!mention.name.empty()) literals.insert(mention.literal);
      if (mention.kind == Mention::Kind::sql_file) add_file(mention.name);
      if (mention.kind == Mention::Kind::module && is_module_name(mention.name))
        modules_.push_back(mention.name);
    }
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      const bool names_no_code =
          is_value_of(tokens, at, "guide") || is_value_of(tokens, at, "fixture");
      if (tokens[at].kind == TokenKind::text && !literals.contains(at) && !names_no_code)
        texts_.push_back(tokens[at].value);
    }
  }

  void add_file(const std::string& path) {
    try {
      direct_.insert(state_.files().read(path).path);
    } catch (const Error&) {
      // Whoever uses it reports that it is missing.
    }
  }

  void add_module(const std::string& name) {
    const std::string path = module_path(name);
    if (!state_.files().exists(path)) return;
    add_file(path);
    add_chunk(name, path);
  }

  void add_chunk(const std::string& name, const std::string& path) {
    const Files::File* const file = state_.files().find(path);
    if (file != nullptr && state_.sources().module(name) == nullptr)
      state_.sources().add(name + ".lua", file->shown, true, file->text, name);
  }

  void add_loose(const std::string& text) {
    if (text.empty() || text.size() > longest_path || text.find('\n') != std::string::npos) return;
    const auto read = [&](const std::string& path) {
      try {
        if (!state_.files().exists(path)) return false;
        state_.files().read(path).loose = true;
        return true;
      } catch (const Error&) {
        return false;  // a folder, or outside the project: no code that the plan can execute
      }
    };
    if (is_module_name(text) && !is_plan(module_path(text)) && read(module_path(text)))
      add_chunk(text, module_path(text));
    if (!is_plan(text)) read(text);
  }

  /// The plan's own file, which its id names.
  bool is_plan(const std::string& path) const {
    const auto& chunks = state_.sources().chunks();
    return std::any_of(chunks.begin(), chunks.end(), [&](const auto& chunk) {
      return chunk.second.module.empty() && chunk.second.file == state_.project().show(path);
    });
  }

  State& state_;
  bool loose_ = false;
  std::set<const Chunk*> scanned_;
  std::set<std::string> direct_;  // paths that a literal argument names
  std::vector<std::string> modules_, texts_;
};

}  // namespace

Mention mention_at(const std::vector<Token>& tokens, std::size_t at) {
  using Kind = Mention::Kind;
  const auto is = [&](std::size_t i, std::string_view symbol) {
    return i < tokens.size() && tokens[i].is(symbol);
  };
  const auto with_argument = [&](Kind kind, std::size_t from) -> Mention {
    const auto literal = only_literal(tokens, from);
    if (!literal) return {Kind::loose, "", 0};
    return {kind, tokens[*literal].value, *literal};
  };
  if (at > 0 && (is(at - 1, ".") || is(at - 1, ":"))) return {};
  if (is(at + 1, "=")) return {};  // a key, or a local of that name
  if (is(at, "require")) return with_argument(Kind::module, at + 1);
  if (!is(at, "sql")) return {};
  const bool called =
      is(at + 1, "(") || (at + 1 < tokens.size() && tokens[at + 1].kind == TokenKind::text);
  if (called) return {};
  if (!is(at + 1, ".")) return {Kind::loose, "", 0};
  if (!is(at + 2, "file")) return {};
  return with_argument(Kind::sql_file, at + 3);
}

void read_mentioned_files(State& state) { Reading{state}.run(); }

bool is_module_name(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), allowed) &&
         name.find("..") == std::string::npos && name.front() != '.' && name.back() != '.';
}

std::string module_path(const std::string& name) {
  std::string path = name + ".lua";
  std::replace(path.begin(), path.end() - 4, '.', '/');
  return path;
}

}  // namespace engine::script
