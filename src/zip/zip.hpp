// Archives in memory: what is packed holds secrets and never touches a disk. Owner of libarchive.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace zip {

struct Entry {
  std::string name;  // "Z1.p12"; no path
  base::Secret content;
};

/// A ZIP archive (PKWARE APPNOTE 6.3) with the entries in their order. A name that is not ASCII is marked as UTF-8.
/// Errors: invalid_input (a name with path parts, control characters or of no characters; the same name twice),
/// internal.
base::Result<base::Secret> pack(std::span<const Entry> entries, base::Time now);

/// What an archive that others made holds, at most `most` octets in all. Errors: invalid_input (not a ZIP archive, a
/// name with path parts, encrypted, too large, more than 20 entries).
base::Result<std::vector<Entry>> unpack(base::BytesView archive, std::size_t most);

}  // namespace zip
