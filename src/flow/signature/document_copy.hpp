// What a person looks at before signing (S4.22): of which kind each document of a job is, and the document as it was
// received. One that is a part of its signature waits in the spool anyway; of others a copy is kept there, sealed like
// them and for no longer than the job.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/signature/signing_job.hpp"

namespace flow {

enum class LookKind : std::uint8_t {
  unknown,  // nobody looked at the octets
  text,     // UTF-8
  xml,
  pdf,
  png,
  jpeg,
  gif,
  webp,
  other,
};
/// "text"
std::string_view name_of(LookKind kind);
/// By the octets alone: what a file is called does not count. `is_whole`: these are all of them.
LookKind find_look_kind(base::BytesView octets, bool is_whole);

inline constexpr std::size_t most_copied = std::size_t{16} * 1024 * 1024;         // of one document
inline constexpr std::size_t most_copied_of_job = std::size_t{64} * 1024 * 1024;  // together

/// After take_job, with the same documents. What cannot be kept (too large, no room) is left out: a copy is a help, and
/// nothing that is signed depends on it. Errors: unavailable (the database).
base::Result<void> keep_copies(const House& house, const KeyUser& user, const Job& job,
                               const std::vector<DocumentSent>& documents, base::Time now);

struct Looked {
  LookKind kind = LookKind::unknown;
  bool is_there = false;  // find_copy gives it
};
/// By position. Errors: not_found, unavailable.
base::Result<std::vector<Looked>> list_copies(const House& house, const KeyUser& user, const base::Id& id,
                                              base::Time now);

struct DocumentCopy {
  std::string name;
  LookKind kind = LookKind::other;
  base::Bytes octets;
};
/// Whether its digest is the one that is signed is verified. Errors: not_found (also after the job), internal (it is
/// another one), unavailable.
base::Result<DocumentCopy> find_copy(const House& house, const KeyUser& user, const base::Id& id, std::int64_t position,
                                     base::Time now);

}  // namespace flow
