// Lists and answers about revocation that were fetched to judge signatures. A cache: bounded in rows and octets, what
// was not used longest goes first, and nothing depends on a row being there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/engine/store.hpp"

namespace store {

struct CachedRevocation {
  std::string lookup;  // SHA-256, hexadecimal: of a list's address, or of the certificate that an answer is about
  std::string kind;    // crl | ocsp
  base::Bytes answer;  // DER; "" = the last attempt failed
  base::Time fetched_at;
  base::Time due_at;  // it is fetched again from then on
  base::Time used_at;
};
base::Result<std::optional<CachedRevocation>> find_cached_revocation(Tx& tx, std::string_view kind,
                                                                     std::string_view lookup);
/// Instead of the one before it, whose answer stays if the new one is "". Rows that were not used longest go, so that
/// `most_rows` and `most_octets` hold.
struct CacheBounds {
  std::int64_t most_rows = 1000;
  std::int64_t most_octets = std::int64_t{256} * 1024 * 1024;
};
base::Result<void> put_cached_revocation(Tx& tx, const CachedRevocation& row, const CacheBounds& bounds);
/// Those that nobody has used since `before`, some of them. True: there may be more.
base::Result<bool> delete_unused_revocations(Tx& tx, base::Time before);

}  // namespace store
