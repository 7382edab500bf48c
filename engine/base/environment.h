// Which variables the programs that this process starts get.
#pragma once

#include <string>
#include <vector>

namespace engine::environment {

/// Variables of this process as NAME=VALUE. A pattern is a name, or the beginning of names and a *.
std::vector<std::string> matching(const std::vector<std::string>& patterns);

/// What every program needs (PATH, HOME, the locale, the time zone, where temporary files and
/// libraries are), and the additions, which count before. Nothing else is inherited: it may be a
/// secret, or lead a client or a server elsewhere.
std::vector<std::string> of_program(const std::vector<std::string>& additions);

}  // namespace engine::environment
