// A relation as JSON text: the manifest of a backup, and what a preview keeps.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/relation.h"

namespace engine::catalog {

/// One JSON object with a format number; from_json gives back an equal Relation.
std::string to_json(const Relation& relation);

/// The same to be read by a plan: names as text ("public.t"), and what is not there left out.
std::string to_plain_json(const Relation& relation);
std::string to_plain_json(const std::vector<Dependent>& dependents);

/// Throws Error{backup} where the text is no such object, or one of a newer format.
Relation from_json(std::string_view json);

}  // namespace engine::catalog
