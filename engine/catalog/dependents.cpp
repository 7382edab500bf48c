#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "catalog/array.h"
#include "catalog/catalog.h"
#include "catalog/queries.h"
#include "catalog/row.h"
#include "db/pipeline.h"

namespace engine::catalog {
namespace {

struct Node {
  Dependent shown;
  std::string key;      // "class:oid"
  std::string carrier;  // the key of the relation that this is a part of, "" where it is none
  bool column = false;
  bool root = false;
  std::vector<std::string> depends_on;  // keys
};

Dependent dependent_of(const Row& row) {
  Dependent dependent;
  dependent.kind = row.text("kind");
  dependent.name = row.name();
  if (row.value("table_name")) dependent.of_table = row.name("table_").display();
  dependent.oid = row.oid("oid");
  return dependent;
}

class Graph {
 public:
  /// `result`: of dependents.sql.
  Graph(db::Connection& connection, const db::Result& result) {
    for_each_row(result, [&](const Row& row) { add(row); });
    describe(connection, result);
    for (const auto& node : nodes_) {
      if (!node.column) whole_.insert(node.key);
    }
  }

  // A part stands for itself only where what carries it stays; else it falls with that and is not
  // told.
  std::vector<Dependent> in_order() const {
    std::map<std::string, int> levels;
    for (const auto& node : nodes_) levels[representative(node)] = 0;
    // The longest way from the object: what is made later depends on what is made before. Every
    // round settles a level; a cycle (a default that calls a function of the table's row) ends with
    // the rounds.
    for (std::size_t round = 0; round < levels.size(); ++round) {
      if (!raise(levels)) break;
    }
    std::vector<std::pair<int, Dependent>> found;
    for (const auto& node : nodes_) {
      if (node.root || representative(node) != node.key) continue;
      found.emplace_back(levels.at(node.key), node.shown);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<Dependent> dependents;
    for (auto& [level, dependent] : found) dependents.push_back(std::move(dependent));
    return dependents;
  }

 private:
  // As the session's search_path shows their names, which is what the plan's author reads.
  void describe(db::Connection& connection, const db::Result& result) {
    if (nodes_.empty()) return;
    std::vector<std::string> classes, objects, parts;
    for_each_row(result, [&](const Row& row) {
      classes.push_back(row.text("class"));
      objects.push_back(row.text("oid"));
      parts.push_back(row.text("sub"));
    });
    const db::Result described = connection.execute(
        query("descriptions"), {array_of(classes), array_of(objects), array_of(parts)});
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      nodes_[i].shown.description = described.text(i, "description");
  }

  void add(const Row& row) {
    Node node;
    node.shown = dependent_of(row);
    if (node.shown.kind.empty()) node.shown.kind = "object";
    node.column = row.integer("sub") > 0;
    node.key = row.text("class") + ":" + row.text("oid");
    if (node.column) node.key += ":" + row.text("sub");
    // Carriers are relations, whose class is pg_class: 1259 in every PostgreSQL.
    if (row.integer("carrier") != 0) node.carrier = "1259:" + row.text("carrier");
    node.root = row.boolean("is_root");
    node.depends_on = row.texts("depends_on");
    keys_.emplace(node.key, nodes_.size());
    nodes_.push_back(std::move(node));
  }

  // What the node falls with: of an index on a toast table, the table.
  const std::string& representative(const Node& node) const {
    const Node* top = &node;
    while (!top->carrier.empty() && top->carrier != top->key && whole_.contains(top->carrier)) {
      top = &nodes_[keys_.at(top->carrier)];
    }
    return top->key;
  }

  bool raise(std::map<std::string, int>& levels) const {
    bool changed = false;
    for (const auto& node : nodes_) {
      const std::string& own = representative(node);
      for (const auto& key : node.depends_on) {
        const auto found = keys_.find(key);
        if (found == keys_.end()) continue;
        const std::string& other = representative(nodes_[found->second]);
        if (other == own || levels[own] > levels[other]) continue;
        levels[own] = levels[other] + 1;
        changed = true;
      }
    }
    return changed;
  }

  std::vector<Node> nodes_;
  std::map<std::string, std::size_t> keys_;
  std::set<std::string> whole_;
};

db::Command walk(const QualifiedName& name, bool any_kind, const std::string& column = "") {
  return {query("dependents"), {name.schema, name.name, any_kind ? "true" : "false", column}};
}

// Matches the name as a word in SQL text; letters, digits and what UTF-8 has beyond ASCII stand for
// themselves.
std::string as_word(const std::string& name) {
  std::string pattern;
  for (const char c : name) {
    const bool special = std::string_view{".^$*+?()[]{}|\\-"}.find(c) != std::string_view::npos;
    if (special) pattern += '\\';
    pattern += c;
  }
  return "(^|[^[:alnum:]_$])" + pattern + "($|[^[:alnum:]_$])";
}

}  // namespace

std::vector<Dependent> dependents(db::Connection& connection, const QualifiedName& name) {
  const db::Command command = walk(name, false);
  return Graph{connection, connection.query(command.sql, command.params)}.in_order();
}

std::vector<Dependent> uses(db::Connection& connection, const QualifiedName& name) {
  db::Pipeline pipeline{connection};
  pipeline.add(walk(name, true));
  pipeline.add({query("mentions"), {as_word(name.name)}});
  const auto answers = pipeline.run();
  std::vector<Dependent> found = Graph{connection, answers[0].result}.in_order();
  std::set<std::uint32_t> known;
  for (const auto& dependent : found) known.insert(dependent.oid);
  for_each_row(answers[1].result, [&](const Row& row) {
    if (known.contains(row.oid("oid"))) return;
    found.push_back(dependent_of(row));
    found.back().description = row.text("description");
  });
  return found;
}

std::vector<Dependent> uses_of_column(db::Connection& connection, const QualifiedName& table,
                                      const std::string& column) {
  const db::Command command = walk(table, false, column);
  std::vector<Dependent> found =
      Graph{connection, connection.query(command.sql, command.params)}.in_order();
  std::erase_if(found, [&](const Dependent& each) {
    return each.kind == "default" && each.name.name == column;
  });
  return found;
}

}  // namespace engine::catalog
