// Extensions of the target that the shadow's server does not have.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "shadow/target_reader.h"

namespace engine::shadow {

class Extensions {
 public:
  /// What the target has and the shadow's server cannot make.
  Extensions(TargetReader& reader, db::Connection& shadow);

  /// A script of pg_dump with stand-ins where those would be made.
  std::string replaced(std::string script) const;
  /// What the stand-ins are not: phrases, few.
  const std::vector<std::string>& missing() const { return missing_; }
  /// What the schema uses of each, where those do not say it: clauses.
  const std::vector<std::string>& details() const { return details_; }

 private:
  std::map<std::string, std::string> stand_ins_;  // statements by quoted name of the extension
  std::vector<std::pair<std::string, std::string>> types_;  // with modifiers, without
  std::vector<std::string> missing_, details_;
};

}  // namespace engine::shadow
