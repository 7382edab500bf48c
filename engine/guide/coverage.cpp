#include "guide/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "guide/page.h"
#include "sql/statement.h"

namespace engine::guide {
namespace {

constexpr const char* kinds[] = {"step", "check", "test", "manual"};

std::string quoted(const std::string& kind, const std::string& title) {
  return fmt::format("{} \"{}\"", kind, title);
}

/// What a plan has to carry a guide with, under the names that a guide's comments use.
struct Carriers {
  explicit Carriers(const plan::Plan& plan) {
    names = {"plan", "about"};
    if (!plan.support.empty()) names.insert("support");
    if (!plan.next.empty()) names.insert("next");
    if (!plan.fixture.empty()) names.insert("fixture");
    const plan::Needs& needs = plan.needs;
    if (needs.postgres != 0 || needs.custom || !needs.tables.empty() || !needs.roles.empty())
      names.insert("needs");
    for (const auto& [sqlstate, text] : plan.hints) names.insert("hint " + sqlstate);
    for (const plan::Input& input : plan.inputs) names.insert("input " + input.name);
    add("plan", plan.title, "");
    for (const plan::Phase& phase : plan.phases) add("phase", phase.title, "");
    for (const plan::Step& step : plan.steps) {
      add(step);
      if (step.phase >= 0 && std::holds_alternative<plan::Undo>(step.rollback))
        names.insert(
            quoted("rollback of", plan.phases[static_cast<std::size_t>(step.phase)].title));
    }
    for (const plan::Task& task : plan.tasks) {
      add("task", task.title, task.heading);
      add(task.verify);
      for (const plan::Input& input : task.inputs) names.insert("input " + input.name);
    }
  }

  std::set<std::string> names;
  std::map<std::string, std::vector<std::string>> by_heading;

 private:
  void add(const std::string& kind, const std::string& title, const std::string& heading) {
    names.insert(quoted(kind, title));
    by_heading[heading.empty() ? title : heading].push_back(quoted(kind, title));
  }

  void add(const std::vector<plan::Check>& checks) {
    for (const plan::Check& check : checks) {
      if (check.kind == plan::CheckKind::check) add("check", check.title, "");
      if (check.kind == plan::CheckKind::test) add("test", check.title, "");
    }
  }

  void add(const plan::Step& step) {
    add(kinds[static_cast<int>(step.kind)], step.title, step.heading);
    const auto* undo = std::get_if<plan::Undo>(&step.rollback);
    if (undo != nullptr) {
      names.insert(quoted("rollback of", step.title));
      add(undo->verify);
    }
    for (const auto& [sqlstate, text] : step.hints) names.insert("hint " + sqlstate);
    if (step.kind == plan::StepKind::step || step.kind == plan::StepKind::manual) add(step.verify);
  }
};

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

// Without comments, blanks, capitals and semicolons: the same SQL however it is set.
std::string bare(const std::string& text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.compare(at, 2, "--") == 0) at = std::min(text.find('\n', at), text.size() - 1);
    const auto c = static_cast<unsigned char>(text[at]);
    if (std::isspace(c) == 0 && c != ';') kept += static_cast<char>(std::tolower(c));
  }
  return kept;
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, "\\");
  return text;
}

std::string first_words(const std::string& statement) {
  std::istringstream text{statement};
  std::string line;
  for (std::string word; text >> word;) {
    if (line.size() + word.size() > 60) return line + " …";
    line += (line.empty() ? "" : " ") + word;
  }
  return line;
}

// Without BEGIN and COMMIT, which the engine sees to.
std::vector<std::string> statements_of(const std::string& text) {
  std::vector<std::string> statements;
  for (const sql::Statement& statement : sql::split(text)) {
    if (statement.refusal != sql::Refusal::transaction_control)
      statements.push_back(statement.text);
  }
  return statements;
}

class Table {
 public:
  Table(const plan::Plan& plan, const std::string& page, const std::string& sources)
      : carriers_{plan}, sources_{bare(sources)}, parts_{parts_of(page)} {}

  Coverage make() {
    coverage_.table = "| guide | carried by | how |\n| --- | --- | --- |\n";
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i].heading) {
        heading(i);
      } else {
        block(parts_[i]);
      }
    }
    return std::move(coverage_);
  }

 private:
  void row(const std::string& what, const std::string& by, const std::string& how) {
    coverage_.table += fmt::format("| {} | {} | {} |\n", cell(what), cell(by), cell(how));
  }

  template <typename... Values>
  void problem(const Part& part, fmt::format_string<Values...> words, Values&&... values) {
    coverage_.problems.push_back(fmt::format("line {}: ", part.line) +
                                 fmt::format(words, std::forward<Values>(values)...));
  }

  // The marker's carriers, each of which has to be in the plan.
  std::string by_marker(const Part& part) {
    for (const std::string& name : part.marker->names) {
      if (!carriers_.names.contains(name)) problem(part, "the plan has no {}", name);
    }
    return part.marker->left_out ? "left out" : joined(part.marker->names);
  }

  void heading(std::size_t place) {
    const Part& part = parts_[place];
    const std::string shown = fmt::format("{} {}", std::string(part.level, '#'), part.text);
    const auto same = carriers_.by_heading.find(part.text);
    of_heading_ = same == carriers_.by_heading.end() ? std::vector<std::string>{} : same->second;
    if (part.marker) return row(shown, by_marker(part), part.marker->note);
    if (!of_heading_.empty()) return row(shown, joined(of_heading_), "");
    const Part* next = place + 1 < parts_.size() ? &parts_[place + 1] : nullptr;
    if (next != nullptr && (!next->heading || next->level > part.level))
      return row(shown, "what stands under it", "");
    problem(part, "nothing carries the heading \"{}\"", part.text);
  }

  void block(const Part& part) {
    const std::vector<std::string> statements = statements_of(part.text);
    std::size_t found = 0;
    for (const std::string& statement : statements) {
      if (sources_.find(bare(statement)) != std::string::npos) ++found;
    }
    std::string how = "in the plan's own words";
    if (statements.empty()) how = "a comment only";
    if (found > 0) how = fmt::format("{} of {} statements word for word", found, statements.size());
    if (found > 0 && found == statements.size()) how = "word for word";
    const std::string shown =
        "SQL: `" + first_words(statements.empty() ? part.text : statements[0]) + "`" +
        (statements.size() > 1 ? fmt::format(" and {} more", statements.size() - 1) : "");

    if (part.marker) {
      const std::string by = by_marker(part);
      if (part.marker->left_out) return row(shown, by, part.marker->note);
      return row(shown, by, part.marker->note.empty() ? how : how + "; " + part.marker->note);
    }
    std::vector<std::string> by;
    for (const std::string& name : of_heading_) {
      if (name.rfind("phase ", 0) != 0 && name.rfind("plan ", 0) != 0) by.push_back(name);
    }
    if (by.empty()) return problem(part, "nothing carries the SQL block {}", shown);
    row(shown, joined(by), how);
  }

  Carriers carriers_;
  std::string sources_;
  std::vector<Part> parts_;
  std::vector<std::string> of_heading_;
  Coverage coverage_;
};

}  // namespace

Coverage coverage(const plan::Plan& plan, const std::string& page, const std::string& sources) {
  return Table{plan, page, sources}.make();
}

}  // namespace engine::guide
