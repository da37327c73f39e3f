// All results of a signing job in one archive (S4.22), for who signed several documents and does not want to download
// each alone. It is put together in memory whenever it is asked for, so that it is offered only up to a size.
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/signature/signing_job.hpp"

namespace flow {

/// Octets of the documents that become a part of their results, together.
inline constexpr std::size_t most_packed = std::size_t{32} * 1024 * 1024;

/// Two or more documents are done, and their results are small enough for memory.
bool may_pack(const Job& job);

/// A ZIP archive with the result of each document that is done, in their order. Results of one name get numbers:
/// "letter.txt.p7s", "letter.txt (2).p7s". Errors: not_found (not may_pack, or a document is gone), unavailable,
/// internal.
base::Result<JobResult> pack_results(const House& house, const KeyUser& user, const Job& job, base::Time now);

}  // namespace flow
