// Expressions, types and queries compared by meaning: one side as a person writes it, the other as
// the server prints it.
#pragma once

#include <string_view>

namespace engine::sql {

/// The server adds parentheses, casts, schema and table names, and writes IN, BETWEEN and LIKE as
/// operators. What it adds is no difference; what the person wrote must be there. Text that
/// PostgreSQL's grammar does not know equals only itself.
bool same_expression(std::string_view written, std::string_view printed);

/// `timestamptz` is `timestamp with time zone`, `varchar(20)` is `character varying(20)`, `mood` is
/// `public.mood`.
bool same_type(std::string_view written, std::string_view printed);

/// Two queries, as same_expression compares expressions.
bool same_query(std::string_view written, std::string_view printed);

/// Is this one expression, one type, and nothing else?
bool is_expression(std::string_view text);
bool is_type(std::string_view text);

}  // namespace engine::sql
