#include "guide/page.h"

#include <cmark.h>

#include <memory>

#include "base/error.h"
#include "base/text.h"

namespace engine::guide {
namespace {

constexpr std::string_view carried = "carried by:";
constexpr std::string_view left_out = "left out:";

// What stands before the first of `ends` outside of quotes.
std::size_t outside_quotes(const std::string& text, std::size_t from, const std::string& ends) {
  bool quoted = false;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (!quoted && ends.find(text[at]) != std::string::npos) return at;
  }
  return text.size();
}

}  // namespace

Marker read_marker(const std::string& words) {
  Marker marker;
  if (words.starts_with(left_out)) {
    marker.left_out = true;
    marker.note = text::trimmed(words.substr(left_out.size()));
    if (marker.note.empty()) throw Error{Code::usage, "left out, and no reason beside it"};
    return marker;
  }
  if (!words.starts_with(carried))
    throw Error{Code::usage, "neither carried by: nor left out: {}", words};
  std::size_t at = carried.size();
  while (at < words.size()) {
    const std::size_t end = outside_quotes(words, at, ",:");
    marker.names.push_back(text::trimmed(words.substr(at, end - at)));
    if (end < words.size() && words[end] == ':') marker.note = text::trimmed(words.substr(end + 1));
    at = end < words.size() && words[end] == ':' ? words.size() : end + 1;
  }
  if (marker.names.empty() || marker.names.front().empty())
    throw Error{Code::usage, "carried by nothing"};
  return marker;
}

namespace {

class PageReader {
 public:
  explicit PageReader(const std::string& page)
      : lines_(text::lines(page)),
        document_(cmark_parse_document(page.data(), page.size(), CMARK_OPT_DEFAULT),
                  cmark_node_free) {}

  std::vector<Part> read() {
    const std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)> walk{
        cmark_iter_new(document_.get()), cmark_iter_free};
    for (cmark_event_type event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(walk.get())) {
      if (event == CMARK_EVENT_ENTER) enter(cmark_iter_get_node(walk.get()));
    }
    give_to_heading(0);
    return std::move(parts_);
  }

 private:
  void enter(cmark_node* node) {
    const int line = cmark_node_get_start_line(node);
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_HEADING:
        number_ = line;
        give_to_heading(0);
        parts_.push_back({true, cmark_node_get_heading_level(node), line, words_of(node), {}});
        heading_ = parts_.size();
        break;
      case CMARK_NODE_CODE_BLOCK:
        number_ = line;
        if (is_sql(cmark_node_get_fence_info(node))) add_block(cmark_node_get_literal(node));
        break;
      case CMARK_NODE_HTML_BLOCK:
        number_ = line;
        add_comment(text::trimmed(cmark_node_get_literal(node)));
        break;
      case CMARK_NODE_PARAGRAPH:
      case CMARK_NODE_THEMATIC_BREAK:
        number_ = line;
        give_to_heading(0);
        break;
      default:
        break;
    }
  }

  static bool is_sql(const std::string& info) {
    const std::string language = text::lower(info.substr(0, info.find(' ')));
    return language == "sql" || language == "postgresql" || language == "pgsql";
  }

  /// As they are written, marks included.
  std::string words_of(cmark_node* heading) const {
    const auto line = static_cast<std::size_t>(cmark_node_get_start_line(heading));
    const std::string written = text::trimmed(lines_.at(line - 1));
    const std::size_t from = written.find_first_not_of('#');
    return from == std::string::npos ? "" : text::trimmed(written.substr(from));
  }

  void add_block(const std::string& sql) {
    give_to_heading(1);
    parts_.push_back({false, heading_ == 0 ? 0 : parts_[heading_ - 1].level, number_, sql, {}});
    if (!pending_.empty()) parts_.back().marker = pending_.front();
    pending_.clear();
  }

  void add_comment(const std::string& html) {
    if (!html.starts_with("<!--")) return give_to_heading(0);
    std::vector<std::string> lines = text::lines(html.substr(4, html.find("-->") - 4));
    for (std::string& line : lines) line = text::trimmed(line);
    const std::string comment = text::trimmed(text::joined(lines, " "));
    if (comment.starts_with(carried) || comment.starts_with(left_out))
      pending_.push_back(read_marker(comment));
  }

  void give_to_heading(std::size_t keep) {
    while (pending_.size() > keep) {
      if (heading_ == 0 || parts_[heading_ - 1].marker)
        throw Error{Code::usage, "line {}: a comment speaks of nothing", number_};
      parts_[heading_ - 1].marker = pending_.front();
      pending_.erase(pending_.begin());
    }
  }

  std::vector<std::string> lines_;
  std::unique_ptr<cmark_node, decltype(&cmark_node_free)> document_;
  std::vector<Part> parts_;
  std::vector<Marker> pending_;  // comments since the last heading, block or other text
  std::size_t heading_ = 0;      // place of the last one, from 1
  int number_ = 0;               // of the line
};

}  // namespace

std::vector<Part> parts_of(const std::string& page) { return PageReader{page}.read(); }

}  // namespace engine::guide
