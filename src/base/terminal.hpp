// The way of every text of a command to standard output and standard error.
// Invariant: nothing that somebody else has written (a name, an answer of a server, a file) can command a terminal or
// look there like something else.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace base {

/// Text in which hidden characters (hidden_text.hpp) are written like "\\n", "\\x1b" and "\\u202e", as JSON has them.
std::string escape_hidden(std::string_view text);

/// To a terminal with hidden characters escaped, except ends of lines and tabs; elsewhere as it is. Flushed.
void print(std::string_view text, std::FILE* to);

}  // namespace base
