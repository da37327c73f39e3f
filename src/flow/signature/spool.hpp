// Documents that wait to be signed, and until they are downloaded: one sealed file each. A file is written completely
// and synced before anybody counts on it; its key is in the database only (store::SigningJob::key), so that a file
// without its job is unreadable.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace flow {

/// Reason of a refusal, for log and tests: the disk is full.
inline constexpr std::string_view spool_full = "spool_full";

/// Whether the disk of an open file takes so many octets more. The database stands on the same disk: an eighth of it,
/// at most 256 MiB, stays free, or `times` as much.
bool has_disk_space(int file, std::size_t more, std::uint64_t times = 1);

class Spool {
 public:
  /// `folder`: is made when it is needed first, for its owner only; "" = everything stays in memory.
  explicit Spool(std::string folder) : folder_(std::move(folder)) {}

  /// A new key for the files of one job.
  static base::Secret make_key();

  /// Positions beyond those of documents, of which a job has fewer than a thousand: copies to be looked at, and what
  /// they are (document_copy.hpp).
  static constexpr std::int64_t list_of_copies = 999;
  static constexpr std::int64_t copy_of(std::int64_t position) { return 1000 + position; }

  /// It counts after settle(). Copies leave four times as much free as documents. Errors: unavailable (spool_full, or
  /// the folder cannot be written); then nothing is left of it.
  base::Result<void> put(const base::Id& job, std::int64_t position, const base::Secret& key, base::BytesView octets);
  /// The names of all that was put before are durable too. Errors: unavailable.
  base::Result<void> settle();
  /// Errors: not_found (it is not here), internal (it does not open with the key), unavailable.
  [[nodiscard]] base::Result<base::Bytes> get(const base::Id& job, std::int64_t position,
                                              const base::Secret& key) const;
  /// All files of a job with its copies; `count`: of its documents.
  void remove(const base::Id& job, std::int64_t count);
  /// Files of jobs that were made before `before`, whatever became of them.
  void sweep(base::Time before);

 private:
  [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
  mutable std::mutex mutex_;
  std::map<std::string, base::Bytes> memory_;  // sealed as well
};

}  // namespace flow
