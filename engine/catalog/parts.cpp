#include "catalog/parts.h"

namespace engine::catalog {
namespace {

// pg_get_viewdef begins with a blank and ends with a semicolon.
std::string view_definition_of(const Row& row) {
  std::string text = row.text("view_definition");
  const auto start = text.find_first_not_of(" \n");
  if (start == std::string::npos) return "";
  if (text.back() == ';') text.pop_back();
  return text.substr(start);
}

}  // namespace

Relation relation_of(const Row& row) {
  Relation relation;
  relation.oid = row.oid("oid");
  relation.name = row.name();
  relation.kind = row.flag("kind");
  relation.persistence = row.flag("persistence");
  relation.owner = row.text("owner");
  relation.comment = row.text("comment");
  relation.access_method = row.text("access_method");
  relation.tablespace = row.text("tablespace");
  relation.options = row.texts("options");
  relation.toast_options = row.texts("toast_options");
  relation.replica_identity = row.flag("replica_identity");
  relation.row_security = row.boolean("row_security");
  relation.force_row_security = row.boolean("force_row_security");
  relation.partition_key = row.text("partition_key");
  relation.partition_bound = row.text("partition_bound");
  relation.parents = row.names("parents");
  relation.children = row.names("children");
  relation.view_definition = view_definition_of(row);
  relation.populated = row.boolean("populated");
  relation.estimated_rows = row.integer("estimated_rows");
  relation.bytes = row.integer("bytes");
  relation.grants = row.grants("grants");
  return relation;
}

Column column_of(const Row& row) {
  Column column;
  column.name = row.text("name");
  column.type = row.text("type");
  column.not_null = row.boolean("not_null");
  column.default_expression = row.value("default_expression");
  column.identity = row.text("identity");
  column.generated = row.boolean("generated");
  column.generated_virtual = row.boolean("generated_virtual");
  column.local = row.boolean("local");
  column.collation = row.text("collation");
  column.storage = row.text("storage");
  column.compression = row.text("compression");
  column.statistics_target = static_cast<int>(row.integer("statistics_target"));
  column.options = row.texts("options");
  column.grants = row.grants("grants");
  column.comment = row.text("comment");
  column.type_schema = row.text("type_schema");
  column.type_name = row.text("type_name");
  return column;
}

Constraint constraint_of(const Row& row) {
  Constraint constraint;
  constraint.name = row.text("name");
  constraint.type = row.flag("type");
  constraint.definition = row.text("definition");
  constraint.columns = row.texts("columns");
  constraint.validated = row.boolean("validated");
  constraint.local = row.boolean("local");
  constraint.deferrable = row.boolean("deferrable");
  constraint.deferred = row.boolean("deferred");
  constraint.index = row.text("index");
  constraint.table = row.name("table_");
  constraint.references = row.name("references_");
  constraint.referenced_columns = row.texts("referenced_columns");
  constraint.on_delete = row.text("on_delete");
  constraint.on_update = row.text("on_update");
  constraint.comment = row.text("comment");
  return constraint;
}

Index index_of(const Row& row) {
  Index index;
  index.name = row.name();
  index.definition = row.text("definition");
  index.method = row.text("method");
  index.columns = row.texts("columns");
  index.orders = row.texts("orders");
  index.included = row.texts("included");
  index.predicate = row.text("predicate");
  index.unique = row.boolean("unique");
  index.primary = row.boolean("primary");
  index.valid = row.boolean("valid");
  index.ready = row.boolean("ready");
  index.clustered = row.boolean("clustered");
  index.replica_identity = row.boolean("replica_identity");
  index.constraint = row.text("constraint");
  index.statistics_targets = row.integers("statistics_targets");
  index.options = row.texts("options");
  index.tablespace = row.text("tablespace");
  index.comment = row.text("comment");
  return index;
}

Trigger trigger_of(const Row& row) {
  Trigger trigger;
  trigger.name = row.text("name");
  trigger.definition = row.text("definition");
  trigger.function = row.name("function_");
  trigger.timing = row.text("timing");
  trigger.events = row.texts("events");
  trigger.for_each_row = row.boolean("for_each_row");
  trigger.of_parent = row.boolean("of_parent");
  trigger.enabled = row.flag("enabled");
  trigger.comment = row.text("comment");
  return trigger;
}

Policy policy_of(const Row& row) {
  Policy policy;
  policy.name = row.text("name");
  policy.command = row.text("command");
  policy.permissive = row.boolean("permissive");
  policy.roles = row.texts("roles");
  policy.using_expression = row.text("using_expression");
  policy.check_expression = row.text("check_expression");
  policy.comment = row.text("comment");
  return policy;
}

Rule rule_of(const Row& row) {
  return {row.text("name"), row.text("definition"), row.flag("enabled"), row.text("comment")};
}

ExtendedStatistics statistics_of(const Row& row) {
  return {row.name(), row.text("definition"), static_cast<int>(row.integer("target")),
          row.text("owner"), row.text("comment")};
}

Sequence sequence_of(const Row& row) {
  Sequence sequence;
  sequence.name = row.name();
  sequence.owner = row.text("owner");
  sequence.type = row.text("type");
  sequence.start = row.text("start");
  sequence.increment = row.text("increment");
  sequence.minimum = row.text("minimum");
  sequence.maximum = row.text("maximum");
  sequence.cache = row.text("cache");
  sequence.cycle = row.boolean("cycle");
  sequence.owned_by_table = row.name("owned_by_");
  sequence.owned_by_column = row.text("owned_by_column");
  sequence.identity = row.boolean("identity");
  sequence.last_value = row.value("last_value");
  sequence.is_called = row.boolean("is_called");
  sequence.grants = row.grants("grants");
  sequence.comment = row.text("comment");
  return sequence;
}

Publication publication_of(const Row& row) {
  return {row.text("name"), row.text("filter"), row.texts("columns")};
}

}  // namespace engine::catalog
