// The one spelling of a path that is accepted (RFC 3986 §6): a route cannot be reached by a second one.
// Invariant: what passes has no empty, "." or ".." segment, no ';', no backslash, no control character, also not
// escaped, and no escape of an unreserved character or a slash; decoded it is UTF-8.
#pragma once

#include <string_view>

namespace http {

/// "/" and paths without a slash at their end. `path` is as received, without query.
bool is_normal_path(std::string_view path);

}  // namespace http
