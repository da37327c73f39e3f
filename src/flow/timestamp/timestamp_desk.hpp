// What the time stamps of this node share: the authority with its key in memory, the numbers that the node has
// reserved, the watch on its clock, and figures. Made once by app; flow/house refers to it.
//
// A node reserves a block of numbers in one durable write and gives them out from memory. What is left of a block at
// the end of the process is lost: there are gaps, and never a number twice, also with several nodes.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/cms/timestamp_token.hpp"
#include "flow/house/house.hpp"
#include "flow/timestamp/stamp_figures.hpp"
#include "flow/timestamp/timestamp_settings.hpp"
#include "signature/timestamp/watch_clock.hpp"

namespace flow {

using signature::ClockReading;

/// Sends a request (application/timestamp-query) and gives the body of the answer (application/timestamp-reply).
/// Errors: denied (the address is not allowed), unavailable, invalid_input (another type, or not status 200).
using PostTimestamp = std::function<base::Result<base::Bytes>(const std::string& url, base::BytesView request)>;

/// The authority, ready to sign. Copies share it.
struct ReadyTimestampAuthority {
  crypto::TimestampSigner signer;
  std::string sha256;
  std::string subject;
  base::Time not_before;
  base::Time not_after;
};

class TimestampDesk {
 public:
  TimestampDesk(TimestampSettings settings, PostTimestamp post)
      : settings_(std::move(settings)), post_(std::move(post)) {}

  [[nodiscard]] const TimestampSettings& settings() const { return settings_; }
  [[nodiscard]] const PostTimestamp& post() const { return post_; }

  /// From memory; read again each minute, so that a renewal on another node counts here. nullptr: there is none.
  /// Errors: unavailable, internal.
  base::Result<std::shared_ptr<const ReadyTimestampAuthority>> find_authority(const House& house, base::Time now);
  /// It was made or renewed on this node.
  void forget_authority();

  /// A number that was never given before: 12 octets, of which the last four are random for each block, so that it is
  /// new also after the database was restored from an old copy. Errors: unavailable.
  base::Result<base::Bytes> take_serial(const House& house);

  signature::ClockFlaw judge_clock(const ClockReading& now);

  struct Figures {
    std::atomic<std::uint64_t> issued{0};
    std::atomic<std::uint64_t> rejected{0};    // answered with a rejection of RFC 3161
    std::atomic<std::uint64_t> refused{0};     // not allowed, or above a limit
    std::atomic<std::uint64_t> mistrusted{0};  // because of the clock; counted in rejected too
  };
  Figures& figures() { return figures_; }
  StampDays& days() { return days_; }
  SourceAnswers& answers() { return answers_; }

  /// The block of numbers that this node has reserved and gives out from memory; both 0: none yet.
  struct SerialBlock {
    std::int64_t next = 0;
    std::int64_t end = 0;  // the first one behind it
  };
  [[nodiscard]] SerialBlock look_at_serials();

 private:
  TimestampSettings settings_;
  PostTimestamp post_;
  Figures figures_;
  StampDays days_;
  SourceAnswers answers_;

  std::mutex authority_mutex_;
  std::shared_ptr<const ReadyTimestampAuthority> authority_;
  std::optional<base::Time> read_at_;

  std::mutex serial_mutex_;
  std::int64_t next_ = 0;
  std::int64_t end_ = 0;
  base::Bytes suffix_;

  std::mutex clock_mutex_;
  signature::ClockWatch watch_;
};

}  // namespace flow
