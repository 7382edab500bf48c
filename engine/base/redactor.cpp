#include "base/redactor.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "base/secret_forms.h"
#include "base/secrets.h"

namespace engine::redactor {
namespace {

constexpr std::size_t least_everywhere = 4;
constexpr std::size_t least_beside_cut = 4;    // of a beginning, or an end
constexpr std::size_t least_between_cuts = 8;  // of a middle
constexpr std::string_view replacement = "***";

using Span = std::pair<std::size_t, std::size_t>;

/// What a text has of secrets: each span once, in order.
class Spans {
 public:
  void add(std::size_t begin, std::size_t end) {
    if (end != nowhere && end > begin) spans_.emplace_back(begin, end);
  }
  bool empty() const { return spans_.empty(); }

  std::string replaced(std::string_view text) {
    std::sort(spans_.begin(), spans_.end());
    std::string result;
    std::size_t at = 0;
    for (std::size_t i = 0; i < spans_.size();) {
      auto [begin, end] = spans_[i];
      // Secrets may overlap: what they cover together goes.
      for (++i; i < spans_.size() && spans_[i].first < end; ++i)
        end = std::max(end, spans_[i].second);
      result.append(text.substr(at, begin - at)).append(replacement);
      at = end;
    }
    return result.append(text.substr(at));
  }

 private:
  std::vector<Span> spans_;
};

struct Secrets {
  std::mutex mutex;
  std::vector<std::string> values;  // what is looked for everywhere
  std::vector<std::string> brief;   // what is looked for where a value stands
  std::array<bool, 256> begins{};   // may a value begin with that byte?
};

Secrets& secrets() {
  static Secrets instance;
  return instance;
}

void add(Secrets& known, std::vector<std::string>& values, std::string_view value) {
  if (std::find(values.begin(), values.end(), value) != values.end()) return;
  values.emplace_back(value);
  for (std::size_t byte = 0; byte < known.begins.size(); ++byte) {
    if (may_begin(value.front(), static_cast<char>(byte))) known.begins[byte] = true;
  }
}

void add_ends_behind_cut(const std::string& secret, std::string_view text, std::size_t at,
                         Spans& spans) {
  for (std::size_t from = 1; from + least_beside_cut <= secret.size(); ++from) {
    const Reach reach = follow(secret, from, text, at, least_between_cuts);
    spans.add(at, reach.whole);
    spans.add(at, reach.cut);
  }
}

/// Is the text between the two places all of a value: of a literal, a name, a field, a row's
/// column?
bool is_value(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin == 0 && end == text.size()) return true;
  const char before = begin == 0 ? '\n' : text[begin - 1];
  const char behind = end == text.size() ? '\n' : text[end];
  if ((before == '\'' || before == '"') && behind == before) return true;
  const auto separates = [](char c) { return c == '\t' || c == '\n' || c == '"'; };
  if (separates(before) && separates(behind) && (before == '\t' || behind == '\t')) return true;
  // "Key (a, b)=(1, 2) …", "Failing row contains (1, 2).", a row as text: "(1,2)"
  const bool lists = text.find(")=(") != nowhere || text.ends_with(").") || text.ends_with(")");
  const bool opens =
      before == '(' || before == ',' || (before == ' ' && begin > 1 && text[begin - 2] == ',');
  return lists && opens && (behind == ')' || behind == ',');
}

bool find(const Secrets& known, std::string_view text, Spans& spans) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (known.begins[static_cast<unsigned char>(text[at])]) {
      for (const std::string& secret : known.values) {
        const Reach reach = follow(secret, 0, text, at, least_beside_cut);
        spans.add(at, reach.whole);
        spans.add(at, reach.cut);
      }
      for (const std::string& secret : known.brief) {
        const Reach reach = follow(secret, 0, text, at, nowhere);
        if (reach.whole != nowhere && is_value(text, at, reach.whole)) spans.add(at, reach.whole);
      }
    }
    if (const std::size_t mark = ellipsis_at(text, at); mark > 0) {
      for (const std::string& secret : known.values)
        add_ends_behind_cut(secret, text, at + mark, spans);
    }
  }
  return !spans.empty();
}

}  // namespace

bool is_short(std::string_view secret) {
  if (secret.empty()) return false;
  return secret.size() < least_everywhere || secret.find_first_not_of(" \t\r\n") == nowhere;
}

void add_secret(std::string_view secret) {
  if (secret.empty()) return;
  Secrets& known = secrets();
  const std::lock_guard lock{known.mutex};
  if (is_short(secret)) return add(known, known.brief, secret);
  add(known, known.values, secret);
  for (const std::string& form : derived(secret)) add(known, known.values, form);
}

std::string redact(std::string_view text) {
  const Secrets& known = secrets();
  Spans spans;
  const std::lock_guard lock{secrets().mutex};
  return find(known, text, spans) ? spans.replaced(text) : std::string{text};
}

bool holds_secret(std::string_view text) {
  const Secrets& known = secrets();
  const std::lock_guard lock{secrets().mutex};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!known.begins[static_cast<unsigned char>(text[at])]) continue;
    for (const std::string& secret : known.values) {
      if (follow(secret, 0, text, at, nowhere).whole != nowhere) return true;
    }
  }
  return false;
}

}  // namespace engine::redactor
