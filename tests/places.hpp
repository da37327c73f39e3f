// Where the sources lie, for tests that read them. Defined in main.cpp alone: a path among the compiler's arguments
// would make every checkout compile every test anew.
#pragma once

#include <string>

namespace testing {

extern const std::string source_folder;

}  // namespace testing
