// Each path has one accepted spelling (RFC 3986 §6), so that a rule about a path cannot be evaded by another spelling.
// Invariant: an accepted path has no empty, "." or ".." segment, no ';', no backslash, no control character, also not
// escaped, and no escape of an unreserved character or a slash; decoded it is UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace http {

/// "/" and paths without a slash at their end. `path` is as received, without query.
bool is_normal_path(std::string_view path);

/// Below this address the rest of the path is base64, whose `/` clients send as it is or as %2F (RFC 6960 A.1). It is
/// data and no path, so that it gets the one accepted spelling first: fold_base64.
inline constexpr std::string_view base64_below = "/pki/ocsp/";
/// Writes the rest of such a path in base64url without padding (RFC 4648 §5). Every other path, and a rest that is no
/// base64, stays as it is.
void fold_base64(std::string& path);

}  // namespace http
