// The kinds of objects that checks know, as a table: a family is a row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::verify {

/// How a fact is written and compared.
enum class Form {
  text,
  word,  // "IMPLICIT" is "implicit"
  boolean,
  number,
  type,        // sql::same_type
  expression,  // sql::same_expression
  list,        // in order
  set,         // in any order
  name,        // of a relation or column: without a schema, in any
  names,       // of relations, in any order
};

struct FactRule {
  const char* key;
  Form form;
};

struct Family {
  const char* word;   // expect.enum, expect.no_enum
  const char* noun;   // "enum", for people
  const char* kinds;  // of the inventory
  std::vector<FactRule> facts;
  const char* securable;  // of has_…_privilege; "" where nothing is granted on it
  const char* example;    // of its name
  const char* is_example;
};

const std::vector<Family>& families();
const Family& family(std::string_view word);

/// "Exactly these": a method of a subject, and what it lists.
struct Listing {
  const char* of;      // the family whose subject has it
  const char* method;  // "tables_are"
  const char* nouns;   // "tables"
  const char* kinds;   // listed
  enum class Scope { schema, database, parent } scope;
  const char* example;
  enum class Login { any, can, cannot } login = Login::any;  // of roles
};

const std::vector<Listing>& listings();
const Listing& listing(std::string_view of, std::string_view method);

}  // namespace engine::verify
