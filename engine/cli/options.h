// What every command understands.
#pragma once

#include <string>
#include <vector>

namespace engine::cli {

struct Options {
  std::string database;  // --database
  std::string env;       // --env
  std::string target;    // --target: the name that a production target wants typed
  std::vector<std::string> set;
  std::string answers;
  bool yes = false;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
  std::string lib_lua;  // read lib-lua from here instead of from the program
};

}  // namespace engine::cli
