// All primitives. A primitive is a file of this folder and a word in its CMakeLists.txt.
#pragma once

#include <vector>

#include "script/call.h"
#include "script/primitive.h"

namespace engine::bindings {

using script::Call;
using script::Effect;
using script::Primitive;

class Registry {
 public:
  /// `add({.name = "db.count", .effect = Effect::reads, …})`
  void operator()(Primitive primitive) { primitives_.push_back(std::move(primitive)); }

  const std::vector<Primitive>& primitives() const { return primitives_; }

 private:
  std::vector<Primitive> primitives_;
};

/// Every primitive, in the order of the list in CMakeLists.txt.
const std::vector<Primitive>& primitives();

}  // namespace engine::bindings
