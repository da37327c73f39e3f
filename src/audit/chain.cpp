#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "audit/event.hpp"

namespace audit {
namespace {

std::string named(std::int64_t seq) {
  return "event " + std::to_string(seq);
}

std::string are_missing(std::int64_t first, std::int64_t last) {
  if (first == last) return named(first) + " is missing";
  return "events " + std::to_string(first) + " to " + std::to_string(last) + " are missing";
}

// The seq that an event had before it was moved; 0 = it was not moved, its content was changed.
std::int64_t find_true_place(Event moved) {
  constexpr std::int64_t reach = 1000;
  const std::int64_t here = moved.seq;
  for (std::int64_t distance = 1; distance <= reach; ++distance) {
    for (const std::int64_t place : {here + distance, here - distance}) {
      if (place < 1) continue;
      moved.seq = place;
      if (hash_of(moved) == moved.hash) return place;
    }
  }
  return 0;
}

enum class State : std::uint8_t {
  right,
  gone,
  added,
  altered
};

/// `digest` "": the event never had the part. The digest of two empty texts: only the other part was there.
State judge(std::string_view digest, std::string_view salt, std::string_view text) {
  const bool is_empty = salt.empty() && text.empty();
  if (digest.empty()) return is_empty ? State::right : State::added;
  if (digest_of_personal(salt, text) == digest) return State::right;
  return is_empty ? State::gone : State::altered;
}

struct Parts {
  State addresses;
  State typed;
};

Parts judge_parts(const Event& event) {
  const std::string_view digest = event.personal_digest;
  return {judge(digest.substr(0, digest_size), event.salt, event.personal),
          judge(digest.substr(std::min(digest.size(), digest_size)), event.typed_salt, event.typed)};
}

}  // namespace

bool has_erased_part(const Event& event) {
  const auto [addresses, typed] = judge_parts(event);
  return addresses == State::gone || typed == State::gone;
}

std::optional<std::string> ChainVerifier::check(const Event& event) {
  ++count_;
  const std::int64_t expected = last_seq_ + 1;
  const base::Bytes before = std::exchange(last_hash_, event.hash);
  const std::int64_t seq_before = last_seq_;
  if (event.seq < expected) return named(event.seq) + " stands after " + named(seq_before) + ": the order was changed";
  last_seq_ = event.seq;

  // The event itself comes first, because only an intact event proves something about its neighbours.
  if (hash_of(event) != event.hash) {
    last_hash_.clear();  // the link to the next event cannot be checked
    if (const std::int64_t place = find_true_place(event); place != 0) {
      return "events " + std::to_string(std::min(place, event.seq)) + " and " +
             std::to_string(std::max(place, event.seq)) + " changed places";
    }
    return named(event.seq) + " was altered";
  }
  if (event.seq > expected) {
    note(event);
    return are_missing(expected, event.seq - 1);
  }
  if (event.previous_hash == broken_link()) {
    note(event);
    return "before " + named(event.seq) + " the sealed head had been altered or removed";
  }
  if (!before.empty() && event.previous_hash != before) {
    note(event);
    // The event names another predecessor. The one before it was replaced, and the hash of the replacement is valid.
    return seq_before == 0 ? named(event.seq) + " does not begin the log" : named(seq_before) + " was altered";
  }
  return note(event);
}

std::optional<std::string> ChainVerifier::note(const Event& event) {
  if (event.type == type::audit_erase) note_erasure(event);
  const auto [addresses, typed] = judge_parts(event);
  if (addresses == State::added || typed == State::added) {
    return "a personal part was added to " + named(event.seq);
  }
  if (addresses == State::altered || typed == State::altered) {
    return "the personal part of " + named(event.seq) + " was altered";
  }
  if (addresses == State::gone || typed == State::gone) {
    ++erased_;
    unexplained_.push_back(
        {event.seq, event.actor, event.subject, addresses == State::gone, typed == State::gone, may_hold_typed(event)});
  }
  return std::nullopt;
}

void ChainVerifier::note_erasure(const Event& event) {
  boost::system::error_code failed;
  const boost::json::value data = boost::json::parse(event.data, failed);
  if (failed || !data.is_object()) return;
  const boost::json::value* through = data.get_object().if_contains("through");
  if (through == nullptr || !through->is_int64()) return;
  if (const boost::json::value* part = data.get_object().if_contains("what"); part != nullptr && part->is_string()) {
    return note_retention(event, std::string_view(part->get_string().data(), part->get_string().size()),
                          through->get_int64());
  }
  const boost::json::value* account = data.get_object().if_contains("account");
  if (account == nullptr || !account->is_string()) return;
  const auto id = base::Id::parse(std::string_view(account->get_string().data(), account->get_string().size()));
  if (!id) return;
  std::int64_t& until = erasures_[*id];
  until = std::max(until, std::min(through->get_int64(), event.seq));
}

void ChainVerifier::note_retention(const Event& event, std::string_view part, std::int64_t through) {
  for (const Part one : all_parts) {
    if (name_of(one) != part) continue;
    std::int64_t& until = retained_.at(static_cast<std::size_t>(one));
    until = std::max(until, std::min(through, event.seq));
  }
}

bool ChainVerifier::is_explained(const ErasedPart& part) const {
  const bool is_old_typed = part.seq <= retained_.at(static_cast<std::size_t>(Part::typed));
  const bool are_old_addresses = part.seq <= retained_.at(static_cast<std::size_t>(Part::addresses));
  const bool addresses_explained = !part.addresses || are_old_addresses || (part.is_mixed && is_old_typed);
  if (addresses_explained && (!part.typed || is_old_typed)) return true;
  for (const auto& account : {part.actor, part.subject}) {
    if (!account) continue;
    const auto found = erasures_.find(*account);
    if (found != erasures_.end() && part.seq <= found->second) return true;
  }
  return false;
}

std::optional<std::string> ChainVerifier::finish(const std::optional<Head>& head, bool seal_is_right) {
  if (!head) return "the sealed head is missing";
  if (!seal_is_right) return "the seal of the head is wrong";
  if (head->seq > last_seq_) return are_missing(last_seq_ + 1, head->seq) + " at the end: the tail was cut off";
  if (head->seq < last_seq_) return named(head->seq + 1) + " and what follows is not under the sealed head";
  if (last_seq_ > 0 && !last_hash_.empty() && head->hash != last_hash_) return named(last_seq_) + " was altered";
  for (const ErasedPart& part : unexplained_) {
    if (!is_explained(part)) {
      return "the personal part of " + named(part.seq) + " is missing, and no event records its erasure";
    }
  }
  return std::nullopt;
}

}  // namespace audit
