#include "audit/chain.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

namespace audit {
namespace {

std::string named(std::int64_t seq) {
  return "event " + std::to_string(seq);
}

std::string are_missing(const ChainFlaw& flaw) {
  if (flaw.first == flaw.last) return named(flaw.first) + " is missing";
  return "events " + std::to_string(flaw.first) + " to " + std::to_string(flaw.last) + " are missing";
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

std::string_view name_of(Flaw flaw) {
  constexpr std::array<std::string_view, 14> names{
      "altered",          "missing",          "tail_missing", "moved",
      "out_of_order",     "head_altered",     "no_beginning", "personal_added",
      "personal_altered", "personal_missing", "no_head",      "wrong_seal",
      "beyond_head",      "not_of_anchor"};
  return names.at(static_cast<std::size_t>(flaw));
}

std::string describe(const ChainFlaw& flaw) {
  const std::string first = named(flaw.first);
  switch (flaw.flaw) {
    case Flaw::altered: return first + " was altered";
    case Flaw::missing: return are_missing(flaw);
    case Flaw::tail_missing: return are_missing(flaw) + " at the end: the tail was cut off";
    case Flaw::moved:
      return "events " + std::to_string(flaw.first) + " and " + std::to_string(flaw.last) + " changed places";
    case Flaw::out_of_order: return first + " stands after " + named(flaw.last) + ": the order was changed";
    case Flaw::head_altered: return "before " + first + " the sealed head had been altered or removed";
    case Flaw::no_beginning: return first + " does not begin the log";
    case Flaw::personal_added: return "a personal part was added to " + first;
    case Flaw::personal_altered: return "the personal part of " + first + " was altered";
    case Flaw::personal_missing:
      return "the personal part of " + first + " is missing, and no event records its erasure";
    case Flaw::no_head: return "the sealed head is missing";
    case Flaw::wrong_seal: return "the seal of the head is wrong";
    case Flaw::beyond_head: return first + " and what follows is not under the sealed head";
    case Flaw::not_of_anchor: break;
  }
  return first + " is not the one of the anchor";
}

bool has_erased_part(const Event& event) {
  const auto [addresses, typed] = judge_parts(event);
  return addresses == State::gone || typed == State::gone;
}

std::optional<ChainFlaw> ChainVerifier::check(const Event& event) {
  ++count_;
  const std::int64_t expected = last_seq_ + 1;
  const base::Bytes before = std::exchange(last_hash_, event.hash);
  const std::int64_t seq_before = last_seq_;
  if (event.seq < expected) return ChainFlaw{Flaw::out_of_order, event.seq, seq_before};
  last_seq_ = event.seq;

  // The event itself comes first, because only an intact event proves something about its neighbours.
  if (hash_of(event) != event.hash) {
    last_hash_.clear();  // the link to the next event cannot be checked
    if (const std::int64_t place = find_true_place(event); place != 0) {
      return ChainFlaw{Flaw::moved, std::min(place, event.seq), std::max(place, event.seq)};
    }
    return ChainFlaw{Flaw::altered, event.seq};
  }
  if (event.seq > expected) {
    note(event);
    return ChainFlaw{Flaw::missing, expected, event.seq - 1};
  }
  if (event.previous_hash == broken_link()) {
    note(event);
    return ChainFlaw{Flaw::head_altered, event.seq};
  }
  if (!before.empty() && event.previous_hash != before) {
    note(event);
    // The event names another predecessor. The one before it was replaced, and the hash of the replacement is valid.
    return seq_before == 0 ? ChainFlaw{Flaw::no_beginning, event.seq} : ChainFlaw{Flaw::altered, seq_before};
  }
  return note(event);
}

std::optional<ChainFlaw> ChainVerifier::note(const Event& event) {
  if (event.type == type::audit_erase && event.source.empty()) note_erasure(event);
  const auto [addresses, typed] = judge_parts(event);
  if (addresses == State::added || typed == State::added) {
    return ChainFlaw{Flaw::personal_added, event.seq};
  }
  if (addresses == State::altered || typed == State::altered) {
    return ChainFlaw{Flaw::personal_altered, event.seq};
  }
  if (addresses == State::gone || typed == State::gone) {
    ++erased_;
    unexplained_.push_back({event.seq, event.actor, event.subject, addresses == State::gone, typed == State::gone,
                            may_hold_typed(event), !event.source.empty()});
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
  const Part of_addresses = part.is_reported ? Part::reported : Part::addresses;
  const bool are_old_addresses = part.seq <= retained_.at(static_cast<std::size_t>(of_addresses));
  const bool addresses_explained = !part.addresses || are_old_addresses || (part.is_mixed && is_old_typed);
  if (addresses_explained && (!part.typed || is_old_typed)) return true;
  for (const auto& account : {part.actor, part.subject}) {
    if (!account) continue;
    const auto found = erasures_.find(*account);
    if (found != erasures_.end() && part.seq <= found->second) return true;
  }
  return false;
}

std::optional<ChainFlaw> ChainVerifier::finish(const std::optional<Head>& head, bool seal_is_right) {
  if (!head) return ChainFlaw{Flaw::no_head};
  if (!seal_is_right) return ChainFlaw{Flaw::wrong_seal};
  if (head->seq > last_seq_) return ChainFlaw{Flaw::tail_missing, last_seq_ + 1, head->seq};
  if (head->seq < last_seq_) return ChainFlaw{Flaw::beyond_head, head->seq + 1};
  if (last_seq_ > 0 && !last_hash_.empty() && head->hash != last_hash_) return ChainFlaw{Flaw::altered, last_seq_};
  for (const ErasedPart& part : unexplained_) {
    if (!is_explained(part)) {
      return ChainFlaw{Flaw::personal_missing, part.seq};
    }
  }
  return std::nullopt;
}

}  // namespace audit
