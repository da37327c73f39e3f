#include "flow/audit/verify_audit.hpp"

#include <utility>

#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::size_t most_flaws = 100;
constexpr std::size_t most_in_step = 5000;

base::Result<ChainWalk::Anchor> parse_anchor(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto bad = [] { return base::fail(base::Code::invalid_input, "an anchor is SEQ:HASH"); };
  if (colon == std::string_view::npos || colon == 0 || colon > 18) return bad();
  ChainWalk::Anchor anchor;
  for (const char c : text.substr(0, colon)) {
    if (c < '0' || c > '9') return bad();
    anchor.seq = anchor.seq * 10 + (c - '0');
  }
  ASSIGN_OR_RETURN(anchor.hash, base::parse_hex(text.substr(colon + 1)));
  if (anchor.hash.size() != 32) return bad();
  return anchor;
}

}  // namespace

void ChainWalk::note(const std::optional<audit::ChainFlaw>& flaw) {
  if (flaw && report_.flaws.size() < most_flaws) report_.flaws.push_back(*flaw);
}

struct ChainWalk::Read {
  std::vector<audit::Event> events;
  std::optional<audit::Head> head;
  bool is_seal_right = false;
};

base::Result<ChainWalk::Read> ChainWalk::read(store::Tx& tx) const {
  Read found;
  ASSIGN_OR_RETURN(found.events, store::list_events_from(tx, next_, most_in_step));
  ASSIGN_OR_RETURN(found.head, store::find_head(tx));
  found.is_seal_right = found.head && store::is_seal_right(tx, *found.head);
  return found;
}

base::Result<bool> ChainWalk::step(const House& house) {
  // The head belongs to the last events only if one transaction reads both.
  ASSIGN_OR_RETURN(const Read found, house.store.read_background([&](store::Tx& tx) { return read(tx); }));
  return take(found);
}

base::Result<bool> ChainWalk::step(store::Tx& tx) {
  ASSIGN_OR_RETURN(const Read found, read(tx));
  return take(found);
}

bool ChainWalk::take(const Read& found) {
  for (const audit::Event& event : found.events) {
    note(verifier_.check(event));
    if (event.seq == anchor_.seq) is_anchor_seen_ = event.hash == anchor_.hash;
  }
  if (!found.events.empty()) next_ = found.events.back().seq + 1;
  report_.events = verifier_.count();
  report_.erased = verifier_.erased();
  if (found.events.size() == most_in_step) return true;
  if (anchor_.seq != 0 && !is_anchor_seen_) note(audit::ChainFlaw{audit::Flaw::not_of_anchor, anchor_.seq});
  note(verifier_.finish(found.head, found.is_seal_right));
  if (found.head) {
    report_.head_seq = found.head->seq;
    report_.head_hash = base::to_hex(found.head->hash);
  }
  return false;
}

base::Result<ChainReport> verify_audit(const House& house, std::string_view anchor_text) {
  ChainWalk::Anchor anchor;
  if (!anchor_text.empty()) {
    ASSIGN_OR_RETURN(anchor, parse_anchor(anchor_text));
  }
  ChainWalk walk(std::move(anchor));
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, walk.step(house));
  }
  // A person may note the head as an anchor; therefore the events up to it must be durable.
  RETURN_IF_ERROR(house.store.wait_durable());
  return walk.report();
}

}  // namespace flow
