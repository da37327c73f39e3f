// Each path has one accepted spelling (RFC 3986 §6), so that a rule about a path cannot be evaded by another spelling.
// Invariant: an accepted path has no empty, "." or ".." segment, no ';', no backslash, no control character, also not
// escaped, and no escape of an unreserved character or a slash; decoded it is UTF-8.
#pragma once

#include <string_view>

namespace http {

/// "/" and paths without a slash at their end. `path` is as received, without query.
bool is_normal_path(std::string_view path);

}  // namespace http
