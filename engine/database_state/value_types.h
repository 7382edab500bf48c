// What values must be like by their types, and rows by the bounds of a partition.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "db/connection.h"

namespace engine::database_state {

struct Domain {
  std::string base;  // as format_type prints it; it may be a domain, too
  bool not_null = false;
  std::map<std::string, std::string> checks;  // those that hold for all rows: "CHECK ((VALUE > 0))"
};

struct PartitionBound {
  std::string parent;      // without its schema
  std::string constraint;  // SQL over the partition's columns; "" where every row is let in
};

struct ValueTypes {
  // By name, as columns print their type.
  std::map<std::string, Domain> domains;
  std::map<std::string, std::vector<std::string>> enums;  // their labels
  std::map<std::string, PartitionBound> partitions;       // by quoted name
};

/// With names as the server prints them where only pg_catalog is on the search_path.
ValueTypes read_value_types(db::Connection& connection, const std::string& journal);

}  // namespace engine::database_state
