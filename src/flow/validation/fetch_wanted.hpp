// Fetches what a validation lacks about revocation: only from addresses in certificates whose path ends at an anchor,
// by the guarded client, bounded in number and time. Nothing is fetched from an address inside a document (S4.21).
#pragma once

#include <vector>

#include "base/time.hpp"
#include "flow/validation/find_material.hpp"
#include "remote/http_client.hpp"
#include "store/validation/revocation_cache.hpp"

namespace flow {

using DuePlaces = std::vector<std::pair<signature::WantedRevocation, std::vector<RevocationPlace>>>;

inline constexpr std::size_t most_fetches = 8;  // of one validation
inline constexpr base::Duration longest_fetching = std::chrono::seconds(12);

/// Rows for the cache, also of attempts that failed, so that they are not made again at once. What came is about the
/// certificate and, if it is an answer, signed for its issuer. Blocks. For each certificate the first place that
/// answers is enough.
std::vector<store::CachedRevocation> fetch_wanted(const remote::HttpClient& client, const DuePlaces& due,
                                                  base::Time now);

}  // namespace flow
