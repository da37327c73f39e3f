// Whether a file is what its owner wrote: nobody but root and the person who runs the program can change it or put
// another one in its place.
#pragma once

#include <string>

namespace app {

/// A sentence about the file, or a folder above it, that somebody else can change; "" = nobody can. Folders in which
/// only owners can remove their files (sticky, like /tmp) are accepted. A file that does not exist is not a flaw.
std::string find_stranger(const std::string& file);

}  // namespace app
