// What a picture has of an object, for people.
#pragma once

#include <string>

#include "catalog/relation.h"

namespace engine::database_state {

/// The definition of an object that is no relation as SQL: its last line, owner and privileges,
/// becomes ALTER … OWNER TO and GRANTs, without what an owner has anyway.
std::string object_text(const std::string& object, const std::string& definition);

/// What it is, in a few words: "3 columns, primary key (id), 2 indexes, row security, 1 policy".
std::string summary_of(const catalog::Relation& relation);
/// "RETURNS integer LANGUAGE plpgsql STABLE" of a function; "" where its name says it all.
std::string summary_of(const std::string& object, const std::string& definition);

}  // namespace engine::database_state
