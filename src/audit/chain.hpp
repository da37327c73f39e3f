// Verifies the chain of events that makes the record tamper-evident (house invariant 6): the link of each event to the
// one before, the sealed head, and whether each erased personal part was recorded as erased.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audit/event.hpp"

namespace audit {

/// What is wrong with a chain, and at which events.
enum class Flaw : std::uint8_t {
  altered,           // `first`
  missing,           // from `first` to `last`
  tail_missing,      // likewise, at the end
  moved,             // `first` and `last` changed places
  out_of_order,      // `first` stands after `last`
  head_altered,      // before `first` the sealed head had been altered or removed
  no_beginning,      // `first` does not begin the log
  personal_added,    // to `first`
  personal_altered,  // of `first`
  personal_missing,  // of `first`, and no event records its erasure
  no_head,           // the sealed head is missing
  wrong_seal,        // of the head
  beyond_head,       // `first` and what follows is not under the sealed head
  not_of_anchor,     // `first` is not the event that was noted elsewhere
};
std::string_view name_of(Flaw flaw);
struct ChainFlaw {
  Flaw flaw;
  std::int64_t first = 0;
  std::int64_t last = 0;
};
/// "event 17 was altered", "event 18 is missing", "events 20 and 21 changed places", …
std::string describe(const ChainFlaw& flaw);

/// Checks events in the order of seq, one after the other; reports what is wrong and where, and continues. Erased
/// personal parts are compared with the recorded erasures (audit_erase) at the end, because an erasure is recorded
/// after the events that it concerns.
class ChainVerifier {
 public:
  /// nullopt = fine.
  std::optional<ChainFlaw> check(const Event& event);
  /// To be called after the last event, with the sealed head (nullopt = there is none) and whether its seal is right.
  std::optional<ChainFlaw> finish(const std::optional<Head>& head, bool seal_is_right);
  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] std::int64_t erased() const { return erased_; }

 private:
  struct ErasedPart {
    std::int64_t seq = 0;
    std::optional<base::Id> actor;
    std::optional<base::Id> subject;
    bool addresses = false;  // whether this part was erased
    bool typed = false;
    bool is_mixed = false;  // the erased part may have held both
    bool is_reported = false;
  };
  std::optional<ChainFlaw> note(const Event& event);
  void note_retention(const Event& event, std::string_view part, std::int64_t through);
  void note_erasure(const Event& event);
  [[nodiscard]] bool is_explained(const ErasedPart& part) const;

  std::int64_t last_seq_ = 0;
  base::Bytes last_hash_ = base::Bytes(32, '\0');
  std::int64_t count_ = 0;
  std::int64_t erased_ = 0;
  std::vector<ErasedPart> unexplained_;
  std::unordered_map<base::Id, std::int64_t> erasures_;    // account → erased through this seq
  std::array<std::int64_t, all_parts.size()> retained_{};  // part → erased through this seq, because of its age
};

}  // namespace audit
