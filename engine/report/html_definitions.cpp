#include "report/html_definitions.h"

#include <fmt/format.h>

#include "report/definitions.h"
#include "report/html.h"

namespace engine::report {
namespace {

using event::Difference;

std::string code(const std::string& sql) { return "<pre>" + html_text(sql) + "</pre>\n"; }

/// The marks stand there as well: not everybody sees colours, and paper may have none.
std::string changed_lines(const std::vector<diff::Line>& lines) {
  std::string html = "<pre class=\"diff\">";
  for (const diff::Line& line : lines) {
    const char* const kind = line.mark == '-' ? "was" : line.mark == '+' ? "is" : "dim";
    html += line.mark == '~' ? "<span class=\"dim\">  …</span>"
                             : fmt::format("<span class=\"{}\">{} {}</span>", kind, line.mark,
                                           html_text(line.text));
  }
  return html + "</pre>\n";
}

std::string come_or_gone(const Difference& difference) {
  const bool is_new = difference.mark == "new";
  const std::string what =
      difference.words.empty()
          ? ""
          : " <span class=\"dim\">" + html_text(difference.words.front()) + "</span>";
  return fmt::format(
      "<details><summary><span class=\"{}\">{}</span> {}{}</summary>\n{}</details>\n",
      is_new ? "yes" : "no", is_new ? "new" : "gone", html_text(difference.object), what,
      code(is_new ? difference.after : difference.before));
}

std::string changed(const SchemaChange& change) {
  std::string html = "<h3>" + html_text(change.objects.front()->object) + "</h3>\n";
  if (change.objects.size() > 1) {
    std::string others;
    for (std::size_t i = 1; i < change.objects.size(); ++i)
      others += (i > 1 ? ", " : "") + html_text(change.objects[i]->object);
    html += "<p class=\"dim\">and alike: " + others + "</p>\n";
  }
  if (!change.lines.empty()) html += changed_lines(change.lines);
  for (const std::string& words : change.words) html += "<p>" + html_text(words) + "</p>\n";
  const Difference& first = *change.objects.front();
  return html + "<details><summary class=\"dim\">all of it, before and after</summary>\n" +
         "<div class=\"pair\">\n<div><span class=\"dim\">before</span>" + code(first.before) +
         "</div>\n<div><span class=\"dim\">after</span>" + code(first.after) +
         "</div>\n</div>\n</details>\n";
}

}  // namespace

std::string html_definitions(const std::vector<Difference>& differences) {
  std::string html;
  for (const SchemaChange& change : schema_changes(differences)) {
    const Difference& first = *change.objects.front();
    html += first.mark == "changed" ? changed(change) : come_or_gone(first);
  }
  return html;
}

}  // namespace engine::report
