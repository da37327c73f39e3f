// What was sent by SMS: the times of the messages to one number or for one network, under a keyed hash, and the counts
// of a day (S3.8). They are read and written in the transaction that queues the message: writes are serial in the whole
// cluster, so that of parallel messages none is missed. identity/lockout/sms_limits.hpp judges them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "identity/lockout/sms_limits.hpp"
#include "store/engine/store.hpp"

namespace store {

struct SmsLimitRow {
  identity::SmsLimits limits{};
  std::int64_t version = 0;  // 0: nobody has set any
};
base::Result<SmsLimitRow> find_sms_limits(Tx& tx);
/// Raises the version.
base::Result<void> set_sms_limits(Tx& tx, const identity::SmsLimits& limits);

struct SmsCount {
  std::vector<base::Time> times{};      // of messages, the oldest first
  std::optional<base::Time> told_at{};  // when a refusal was last recorded as an event
};
base::Result<SmsCount> find_sms_count(Tx& tx, std::string_view key_hash);
/// `at`: the age of the row, for delete_old_sms_counts.
base::Result<void> set_sms_count(Tx& tx, std::string_view key_hash, const SmsCount& count, base::Time at);

/// The counts of the latest day of a purpose; an empty day: nothing was sent yet.
base::Result<identity::SmsDay> find_sms_day(Tx& tx, std::string_view purpose);
base::Result<void> set_sms_day(Tx& tx, std::string_view purpose, const identity::SmsDay& day);

/// Deletes the counts without a message since `before`, at most a few thousand in one call: true if more wait.
base::Result<bool> delete_old_sms_counts(Tx& tx, base::Time before);

}  // namespace store
