// Where the sources and the built programs are, for tests that read or run them. Only main.cpp defines it, because with
// a path among the arguments of the compiler every checkout would compile all tests again.
#pragma once

#include <string>

namespace testing {

extern const std::string source_folder;
extern const std::string binary_folder;

}  // namespace testing
