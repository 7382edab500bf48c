#include "bindings/registry.h"

#include "bindings/primitives.gen.h"

namespace engine::bindings {

const std::vector<Primitive>& primitives() {
  static const std::vector<Primitive> all = [] {
    Registry add;
    add_all(add);
    return add.primitives();
  }();
  return all;
}

}  // namespace engine::bindings
