// The table of the audit log: events are appended in the transaction of the change, read, verified, and their personal
// fields erased.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/event.hpp"
#include "store/driver/sealed_head.hpp"  // is_seal_right
#include "store/engine/store.hpp"

namespace store {

/// Chains the event to the last one and moves the sealed head. Same transaction as the change.
base::Result<void> append_event(Tx& tx, audit::Event event);

/// Who wrote an event: this server, or a relying system.
enum class EventSource : std::uint8_t {
  any,
  own,
  reported
};
struct AuditFilter {
  std::optional<base::Id> tenant_id{};
  std::string type{};  // "" = every
  std::string outcome{};
  std::optional<base::Id> account{};  // as actor or subject
  std::string client{};               // of our own event, or the one that reported it
  EventSource source = EventSource::any;
  std::string request_id{};          // of the request in which they were written
  std::optional<base::Time> from{};  // inclusive
  std::optional<base::Time> to{};    // exclusive
  std::int64_t before_seq = 0;       // 0 = from the newest; page of older events
  std::int64_t after_seq = 0;        // page of newer events
  bool oldest_first = false;         // from after_seq on, towards the newest
  std::size_t most = 50;
  std::int64_t look = 5000;  // events of one look; of an account, as many of each index
};
struct EventPage {
  std::vector<audit::Event> events;
  std::int64_t next_before = 0;  // before_seq of the next page; 0 = all events were searched
  std::int64_t next_after = 0;   // the same for oldest_first: after_seq of the next page
};
/// In the order in which they are met: the newest first, or with oldest_first the oldest. The work is bounded, whatever
/// the log holds: at most ten looks of `look` events each; of an account twice as many, because two indexes lead to
/// them. A search that finds little ends with an incomplete page, and `next_before` or `next_after` says where the next
/// search begins.
base::Result<EventPage> find_events(Tx& tx, const AuditFilter& filter);
struct EventCount {
  std::int64_t count = 0;
  bool is_least = false;  // the search ended before all were counted
};
/// How many there are on all pages, at most `most`. The work is bounded as that of find_events.
base::Result<EventCount> count_events(Tx& tx, const AuditFilter& filter, std::int64_t most);
/// What counts over time need of an event.
struct Pulse {
  std::int64_t seq = 0;
  base::Time at;
  base::Id tenant_id;
  bool has_failed = false;
};
/// The newest events of a type whose seq is smaller than `before_seq`, at most `most`.
base::Result<std::vector<Pulse>> list_pulses(Tx& tx, std::string_view type, std::int64_t before_seq, std::size_t most);
/// Every event in order of seq from `from_seq` on.
base::Result<void> for_each_event(Tx& tx, std::int64_t from_seq,
                                  const std::function<base::Result<void>(const audit::Event&)>& visit);
/// At most `most` of them.
base::Result<std::vector<audit::Event>> list_events_from(Tx& tx, std::int64_t from_seq, std::size_t most);
base::Result<std::optional<audit::Head>> find_head(Tx& tx);
/// Hides salt and personal part of all events whose actor or subject is `account`, up to the newest, from every reader;
/// records that their erasure is due; and appends the event audit_erase. The work does not depend on how many events
/// there are: erase_some_personal erases them.
base::Result<void> erase_personal(Tx& tx, const base::Id& tenant_id, const base::Id& account, base::Time now);
/// Whether erase_some_personal has something to do.
base::Result<bool> is_erasure_due(Tx& tx);

struct ErasureStep {
  std::size_t events = 0;              // that were erased
  std::optional<base::Id> finished{};  // the account of which nothing is left
};
/// Erases up to `most` of the events that are due, of one account. nullopt = nothing was due.
base::Result<std::optional<ErasureStep>> erase_some_personal(Tx& tx, std::size_t most);

/// What is erased because of its age: a part of all events before a time.
struct Retention {
  audit::Part part = audit::Part::typed;
  base::Time before;
  base::Id tenant_id;  // of the event audit_erase
  base::Time now;
};
/// Whether erase_some_old has something to do.
base::Result<bool> is_too_old(Tx& tx, audit::Part part, base::Time before);
/// Examines up to `most` events. If no erasure is in progress, it first records in one event audit_erase how far it
/// will go. Gives whether it did something.
base::Result<bool> erase_some_old(Tx& tx, const Retention& retention, std::size_t most);

}  // namespace store
