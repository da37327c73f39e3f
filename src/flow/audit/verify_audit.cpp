#include "flow/audit/verify_audit.hpp"

#include <algorithm>

#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::size_t most_flaws = 100;

struct Anchor {
  std::int64_t seq = 0;
  std::string hash;
};

base::Result<Anchor> parse_anchor(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto bad = [] { return base::fail(base::Code::invalid_input, "an anchor is SEQ:HASH"); };
  if (colon == std::string_view::npos || colon == 0 || colon > 18) return bad();
  Anchor anchor;
  for (const char c : text.substr(0, colon)) {
    if (c < '0' || c > '9') return bad();
    anchor.seq = anchor.seq * 10 + (c - '0');
  }
  ASSIGN_OR_RETURN(anchor.hash, base::parse_hex(text.substr(colon + 1)));
  if (anchor.hash.size() != 32) return bad();
  return anchor;
}

}  // namespace

base::Result<ChainReport> verify_audit(const House& house, std::string_view anchor_text) {
  Anchor anchor;
  if (!anchor_text.empty()) {
    ASSIGN_OR_RETURN(anchor, parse_anchor(anchor_text));
  }
  ASSIGN_OR_RETURN(ChainReport whole, house.store.read_background([&](store::Tx& tx) -> base::Result<ChainReport> {
    ChainReport report;
    const auto note = [&](std::optional<std::string> flaw) {
      if (flaw && report.flaws.size() < most_flaws) report.flaws.push_back(*std::move(flaw));
    };
    audit::ChainVerifier verifier;
    bool anchored = anchor.seq == 0;
    RETURN_IF_ERROR(store::for_each_event(tx, 0, [&](const audit::Event& event) -> base::Result<void> {
      note(verifier.check(event));
      if (anchor.seq != 0 && event.seq == anchor.seq) anchored = event.hash == anchor.hash;
      return {};
    }));
    if (!anchored) note("event " + std::to_string(anchor.seq) + " is not the one of the anchor");
    ASSIGN_OR_RETURN(const auto head, store::find_head(tx));
    note(verifier.finish(head, head && store::is_seal_right(tx, *head)));
    report.events = verifier.count();
    report.erased = verifier.erased();
    if (head) {
      report.head_seq = head->seq;
      report.head_hash = base::to_hex(head->hash);
    }
    return report;
  }));
  // A person may note the head as an anchor; therefore the events up to it must be durable.
  RETURN_IF_ERROR(house.store.wait_durable());
  return whole;
}

}  // namespace flow
