#include "store/audit/audit_log.hpp"

#include <algorithm>
#include <iterator>

#include "base/json.hpp"
#include "store/audit/event_counts.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::size_t page = 500;

// The last column says whether the personal part is to be erased: it is hidden from all readers until that is done.
constexpr SqlPart columns =
    "seq, at, tenant_id, type, outcome, actor, on_behalf_of, subject, client, session, request_id, context, data, "
    "personal_digest, salt, personal, typed_salt, typed, previous_hash, hash, "
    "source, (SELECT count(*) FROM erasure_due d WHERE d.account_id IN (subject, actor) AND d.through >= seq)";

audit::Event read_event(const Row& row) {
  Fields field(row);
  audit::Event event;
  event.seq = field.integer();
  event.at = field.time();
  event.tenant_id = field.id();
  event.type = field.text();
  event.outcome = field.text();
  event.actor = field.optional_id();
  event.on_behalf_of = field.optional_id();
  event.subject = field.optional_id();
  event.client = field.text();
  event.session = field.optional_id();
  event.request_id = field.text();
  event.context = field.text();
  event.data = field.text();
  event.personal_digest = field.text();
  event.salt = field.text();
  event.personal = field.text();
  event.typed_salt = field.text();
  event.typed = field.text();
  event.previous_hash = field.text();
  event.hash = field.text();
  event.source = field.text();
  if (field.integer() > 0) {
    event.salt.clear();
    event.personal.clear();
    event.typed_salt.clear();
    event.typed.clear();
  }
  return event;
}

struct Due {
  base::Id account;
  std::int64_t through = 0;
  std::int64_t subject_done = 0;
  std::int64_t actor_done = 0;
};

Due read_due(const Row& row) {
  Fields field(row);
  return {field.id(), field.integer(), field.integer(), field.integer()};
}

base::Result<void> erase_addresses(Tx& tx, std::int64_t seq) {
  RETURN_IF_ERROR(tx.run("UPDATE audit_event SET salt = $2, personal = $3 WHERE seq = $1",
                         {seq, Blob{std::string_view()}, std::string_view()}));
  return {};
}

base::Result<void> erase_typed(Tx& tx, std::int64_t seq) {
  RETURN_IF_ERROR(tx.run("UPDATE audit_event SET typed_salt = $2, typed = $3 WHERE seq = $1",
                         {seq, Blob{std::string_view()}, std::string_view()}));
  return {};
}

/// How far the erasure of a part because of its age has come.
struct Progress {
  std::int64_t through = 0;
  std::int64_t done = 0;
};

base::Result<Progress> find_progress(Tx& tx, audit::Part part) {
  const auto read = [](const Row& row) {
    Fields field(row);
    return Progress{field.integer(), field.integer()};
  };
  ASSIGN_OR_RETURN(const auto found, tx.find_one("SELECT through, done FROM audit_retention WHERE part = $1",
                                                 {audit::name_of(part)}, read));
  return found.value_or(Progress{});
}

struct Place {
  std::int64_t seq = 0;
  base::Time at;
};

/// The next event that may have the part. Of relying systems there may be none for years.
base::Result<std::optional<Place>> find_next(Tx& tx, audit::Part part, std::int64_t behind) {
  const auto read = [](const Row& row) {
    Fields field(row);
    return Place{field.integer(), field.time()};
  };
  if (part == audit::Part::reported) {
    return tx.find_one("SELECT seq, at FROM audit_event WHERE source <> '' AND seq > $1 ORDER BY seq LIMIT 1", {behind},
                       read);
  }
  return tx.find_one("SELECT seq, at FROM audit_event WHERE seq = $1", {behind + 1}, read);
}

base::Result<void> set_progress(Tx& tx, audit::Part part, const Progress& progress) {
  RETURN_IF_ERROR(
      tx.run("INSERT INTO audit_retention(part, through, done) VALUES ($1, $2, $3) "
             "ON CONFLICT (part) DO UPDATE SET through = $2, done = $3",
             {audit::name_of(part), progress.through, progress.done}));
  return {};
}

/// Erases the part of the event, if it has it.
base::Result<void> erase_part(Tx& tx, audit::Part part, const audit::Event& event) {
  const bool is_reported = part == audit::Part::reported;
  if (part != audit::Part::typed && is_reported == event.source.empty()) return {};
  if (part != audit::Part::typed) return event.salt.empty() ? base::Result<void>() : erase_addresses(tx, event.seq);
  if (!event.typed_salt.empty()) return erase_typed(tx, event.seq);
  // Written before step 8 of the schema: one part held both.
  const bool holds_typed = audit::may_hold_typed(event) && event.personal.find("\"typed\":") != std::string::npos;
  return holds_typed ? erase_addresses(tx, event.seq) : base::Result<void>();
}

constexpr int most_looks = 10;
// The clocks of nodes differ, so that the order of times can differ from that of numbers, by this much at most.
constexpr base::Duration clocks_differ = std::chrono::minutes(5);

/// Numbers of events: `from` inclusive, `before` exclusive.
struct Range {
  std::int64_t from = 1;
  std::int64_t before = 1;
  [[nodiscard]] bool is_empty() const { return from >= before; }
};

std::string_view name_of(EventSource source) {
  switch (source) {
    case EventSource::any: return "";
    case EventSource::own: return "own";
    case EventSource::reported: break;
  }
  return "reported";
}

/// The first number in the range whose event is not older than `time`.
base::Result<std::int64_t> find_first_since(Tx& tx, Range range, base::Time time) {
  while (!range.is_empty()) {
    const std::int64_t middle = range.from + (range.before - range.from) / 2;
    ASSIGN_OR_RETURN(const auto at, tx.find_one("SELECT at FROM audit_event WHERE seq = $1", {middle}, read_time));
    if (at && *at < time) {
      range.from = middle + 1;
    } else {
      range.before = middle;
    }
  }
  return range.from;
}

/// The range of events that may be searched: without earlier pages and without times outside of the filter.
base::Result<Range> find_range(Tx& tx, const AuditFilter& filter) {
  ASSIGN_OR_RETURN(const auto last,
                   tx.find_one("SELECT seq FROM audit_event ORDER BY seq DESC LIMIT 1", {}, read_integer));
  const Range all{1, last.value_or(0) + 1};
  Range range = all;
  if (filter.before_seq > 0) range.before = std::min(range.before, filter.before_seq);
  if (filter.after_seq > 0) range.from = std::max(range.from, filter.after_seq + 1);
  if (filter.from) {
    ASSIGN_OR_RETURN(const std::int64_t from, find_first_since(tx, all, *filter.from - clocks_differ));
    range.from = std::max(range.from, from);
  }
  if (filter.to) {
    ASSIGN_OR_RETURN(const std::int64_t before, find_first_since(tx, all, *filter.to + clocks_differ));
    range.before = std::min(range.before, before);
  }
  return range;
}

/// A look for an account passes filter.look events of it as subject, and as many as actor of others.
base::Result<Range> find_look_at_account(Tx& tx, const AuditFilter& filter, const Range& left) {
  if (filter.oldest_first) {
    ASSIGN_OR_RETURN(const auto as_subject,
                     tx.find_one("SELECT seq FROM audit_event WHERE subject = $1 AND seq >= $2 ORDER BY seq "
                                 "LIMIT 1 OFFSET $3",
                                 {*filter.account, left.from, filter.look - 1}, read_integer));
    ASSIGN_OR_RETURN(
        const auto as_actor,
        tx.find_one("SELECT seq FROM audit_event WHERE actor = $1 AND (subject IS NULL OR subject <> actor) "
                    "AND seq >= $2 ORDER BY seq LIMIT 1 OFFSET $3",
                    {*filter.account, left.from, filter.look - 1}, read_integer));
    const std::int64_t last = std::min(as_subject.value_or(left.before), as_actor.value_or(left.before));
    return Range{left.from, std::min(last + 1, left.before)};
  }
  ASSIGN_OR_RETURN(const auto as_subject,
                   tx.find_one("SELECT seq FROM audit_event WHERE subject = $1 AND seq < $2 ORDER BY seq DESC "
                               "LIMIT 1 OFFSET $3",
                               {*filter.account, left.before, filter.look - 1}, read_integer));
  ASSIGN_OR_RETURN(const auto as_actor,
                   tx.find_one("SELECT seq FROM audit_event WHERE actor = $1 AND (subject IS NULL OR subject <> actor) "
                               "AND seq < $2 ORDER BY seq DESC LIMIT 1 OFFSET $3",
                               {*filter.account, left.before, filter.look - 1}, read_integer));
  const std::int64_t first = std::max(as_subject.value_or(left.from), as_actor.value_or(left.from));
  return Range{std::max(first, left.from), left.before};
}

/// The part of `left` that the next look searches. A look for a type passes filter.look events of that type.
base::Result<Range> find_look(Tx& tx, const AuditFilter& filter, const Range& left) {
  if (filter.account) return find_look_at_account(tx, filter, left);
  if (filter.type.empty()) {
    return filter.oldest_first ? Range{left.from, std::min(left.from + filter.look, left.before)}
                               : Range{std::max(left.before - filter.look, left.from), left.before};
  }
  if (filter.oldest_first) {
    ASSIGN_OR_RETURN(const auto last,
                     tx.find_one("SELECT seq FROM audit_event WHERE type = $1 AND -seq <= $2 ORDER BY -seq DESC "
                                 "LIMIT 1 OFFSET $3",
                                 {filter.type, -left.from, filter.look - 1}, read_integer));
    return Range{left.from, last ? std::min(*last + 1, left.before) : left.before};
  }
  ASSIGN_OR_RETURN(const auto first, tx.find_one("SELECT seq FROM audit_event WHERE type = $1 AND -seq > $2 "
                                                 "ORDER BY -seq LIMIT 1 OFFSET $3",
                                                 {filter.type, -left.before, filter.look - 1}, read_integer));
  return Range{first ? std::max(*first, left.from) : left.from, left.before};
}

/// What is left after the look.
Range rest_of(const AuditFilter& filter, const Range& left, const Range& look) {
  return filter.oldest_first ? Range{look.before, left.before} : Range{left.from, look.from};
}

// The index of actors holds no event that the index of subjects holds for the same account.
constexpr SqlPart fits =
    " AND ($2 IS NULL OR tenant_id = $2) AND ($3 = '' OR outcome = $3) AND ($4 = '' OR client = $4) "
    "AND ($5 IS NULL OR at >= $5) AND ($6 IS NULL OR at < $6) "
    "AND ($7 = '' OR ($7 = 'own' AND source = '') OR ($7 = 'reported' AND source <> '')) ";
constexpr SqlPart of_account =
    " FROM audit_event WHERE (subject = $1 OR (actor = $1 AND (subject IS NULL OR subject <> actor))) AND seq >= $8 "
    "AND seq < $9 AND ($10 = '' OR type = $10) AND ($11 = '' OR request_id = $11)";
constexpr SqlPart of_type =
    " FROM audit_event WHERE type = $1 AND -seq <= $8 AND -seq > $9 AND ($10 = '' OR request_id = $10)";
constexpr SqlPart of_all = " FROM audit_event WHERE seq >= $1 AND seq < $8 AND ($9 = '' OR request_id = $9)";

/// The first events of the range in the order of the filter, found by the index that leads to the fewest events.
base::Result<std::vector<audit::Event>> find_in(Tx& tx, const AuditFilter& filter, const Range& range,
                                                std::size_t most) {
  if (filter.account) {
    const auto find = [&](Sql sql) {
      return tx.find_all(sql,
                         {*filter.account, filter.tenant_id, filter.outcome, filter.client, filter.from, filter.to,
                          name_of(filter.source), range.from, range.before, filter.type, filter.request_id, most},
                         read_event);
    };
    return filter.oldest_first ? find(sql<"SELECT ", columns, of_account, fits, "ORDER BY seq LIMIT $12">)
                               : find(sql<"SELECT ", columns, of_account, fits, "ORDER BY seq DESC LIMIT $12">);
  }
  if (!filter.type.empty()) {
    const auto find = [&](Sql sql) {
      return tx.find_all(sql,
                         {filter.type, filter.tenant_id, filter.outcome, filter.client, filter.from, filter.to,
                          name_of(filter.source), -range.from, -range.before, filter.request_id, most},
                         read_event);
    };
    return filter.oldest_first ? find(sql<"SELECT ", columns, of_type, fits, "ORDER BY -seq DESC LIMIT $11">)
                               : find(sql<"SELECT ", columns, of_type, fits, "ORDER BY -seq LIMIT $11">);
  }
  const auto find = [&](Sql sql) {
    return tx.find_all(sql,
                       {range.from, filter.tenant_id, filter.outcome, filter.client, filter.from, filter.to,
                        name_of(filter.source), range.before, filter.request_id, most},
                       read_event);
  };
  return filter.oldest_first ? find(sql<"SELECT ", columns, of_all, fits, "ORDER BY seq LIMIT $10">)
                             : find(sql<"SELECT ", columns, of_all, fits, "ORDER BY seq DESC LIMIT $10">);
}

base::Result<std::int64_t> count_in(Tx& tx, const AuditFilter& filter, const Range& range, std::int64_t most) {
  const auto count = [&]() -> base::Result<std::optional<std::int64_t>> {
    if (filter.account) {
      return tx.find_one(sql<"SELECT count(*) FROM (SELECT seq", of_account, fits, "LIMIT $12) s">,
                         {*filter.account, filter.tenant_id, filter.outcome, filter.client, filter.from, filter.to,
                          name_of(filter.source), range.from, range.before, filter.type, filter.request_id, most},
                         read_integer);
    }
    if (!filter.type.empty()) {
      return tx.find_one(sql<"SELECT count(*) FROM (SELECT seq", of_type, fits, "LIMIT $11) s">,
                         {filter.type, filter.tenant_id, filter.outcome, filter.client, filter.from, filter.to,
                          name_of(filter.source), -range.from, -range.before, filter.request_id, most},
                         read_integer);
    }
    return tx.find_one(sql<"SELECT count(*) FROM (SELECT seq", of_all, fits, "LIMIT $10) s">,
                       {range.from, filter.tenant_id, filter.outcome, filter.client, filter.from, filter.to,
                        name_of(filter.source), range.before, filter.request_id, most},
                       read_integer);
  };
  ASSIGN_OR_RETURN(const auto counted, count());
  return counted.value_or(0);
}

}  // namespace

base::Result<void> append_event(Tx& tx, audit::Event event) {
  ASSIGN_OR_RETURN(ChainEnd* const end, find_chain_end(tx));
  event.seq = end->seq + 1;
  event.previous_hash = end->hash_view();
  audit::seal_personal(event);
  event.hash = audit::hash_of(event);
  RETURN_IF_ERROR(tx.run(
      "INSERT INTO audit_event(seq, at, tenant_id, type, outcome, actor, on_behalf_of, subject, client, session, "
      "request_id, context, data, personal_digest, salt, personal, typed_salt, typed, previous_hash, hash, source) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
      {event.seq,
       event.at,
       event.tenant_id,
       event.type,
       event.outcome,
       event.actor,
       event.on_behalf_of,
       event.subject,
       event.client,
       event.session,
       event.request_id,
       event.context,
       event.data,
       Blob{event.personal_digest},
       Blob{event.salt},
       event.personal,
       Blob{event.typed_salt},
       event.typed,
       Blob{event.previous_hash},
       Blob{event.hash},
       event.source}));
  end->seq = event.seq;
  end->set_hash(event.hash);
  end->moved = true;
  count_event(event.type, event.outcome == "failure");
  return {};
}

base::Result<EventPage> find_events(Tx& tx, const AuditFilter& filter) {
  const std::size_t wanted = filter.most + 1;  // one more tells whether there is another page
  ASSIGN_OR_RETURN(Range left, find_range(tx, filter));
  EventPage page;
  for (int look = 0; look < most_looks && !left.is_empty() && page.events.size() < wanted; ++look) {
    ASSIGN_OR_RETURN(const Range range, find_look(tx, filter, left));
    ASSIGN_OR_RETURN(auto events, find_in(tx, filter, range, wanted - page.events.size()));
    std::move(events.begin(), events.end(), std::back_inserter(page.events));
    left = rest_of(filter, left, range);
  }
  std::int64_t& next = filter.oldest_first ? page.next_after : page.next_before;
  if (page.events.size() == wanted) {
    page.events.pop_back();
    next = page.events.back().seq;
  } else if (!left.is_empty()) {
    next = filter.oldest_first ? left.from - 1 : left.before;
  }
  return page;
}

base::Result<EventCount> count_events(Tx& tx, const AuditFilter& filter, std::int64_t most) {
  AuditFilter all = filter;
  all.before_seq = 0;
  all.after_seq = 0;
  all.oldest_first = false;
  ASSIGN_OR_RETURN(Range left, find_range(tx, all));
  EventCount counted;
  for (int look = 0; look < most_looks && !left.is_empty() && counted.count < most; ++look) {
    ASSIGN_OR_RETURN(const Range range, find_look(tx, all, left));
    ASSIGN_OR_RETURN(const std::int64_t some, count_in(tx, all, range, most - counted.count));
    counted.count += some;
    left = rest_of(all, left, range);
  }
  counted.is_least = !left.is_empty() && counted.count < most;
  return counted;
}

base::Result<std::vector<audit::Event>> list_events_from(Tx& tx, std::int64_t from_seq, std::size_t most) {
  return tx.find_all(sql<"SELECT ", columns, " FROM audit_event WHERE seq >= $1 ORDER BY seq LIMIT $2">,
                     {from_seq, most}, read_event);
}

base::Result<std::vector<Pulse>> list_pulses(Tx& tx, std::string_view type, std::int64_t before_seq, std::size_t most) {
  return tx.find_all(
      "SELECT seq, at, tenant_id, outcome FROM audit_event WHERE type = $1 AND -seq > $2 ORDER BY -seq LIMIT $3",
      {type, -before_seq, most}, [](const Row& row) {
        Fields field(row);
        Pulse pulse;
        pulse.seq = field.integer();
        pulse.at = field.time();
        pulse.tenant_id = field.id();
        pulse.has_failed = field.view() == "failure";
        return pulse;
      });
}

base::Result<void> for_each_event(Tx& tx, std::int64_t from_seq,
                                  const std::function<base::Result<void>(const audit::Event&)>& visit) {
  std::int64_t next = from_seq;
  for (;;) {
    ASSIGN_OR_RETURN(const auto events, list_events_from(tx, next, page));
    for (const audit::Event& event : events) RETURN_IF_ERROR(visit(event));
    if (events.size() < page) return {};
    next = events.back().seq + 1;
  }
}

base::Result<std::optional<audit::Head>> find_head(Tx& tx) {
  RETURN_IF_ERROR(write_head(tx));
  return tx.find_one("SELECT seq, hash, seal FROM audit_head WHERE id = 1", {}, read_head);
}

base::Result<void> erase_personal(Tx& tx, const base::Id& tenant_id, const base::Id& account, base::Time now) {
  ASSIGN_OR_RETURN(const ChainEnd* const end, find_chain_end(tx));
  RETURN_IF_ERROR(
      tx.run("INSERT INTO erasure_due(account_id, tenant_id, through, subject_done, actor_done, created_at) "
             "VALUES ($1, $2, $3, 0, 0, $4) ON CONFLICT (account_id) DO UPDATE SET through = $3",
             {account, tenant_id, end->seq, now}));
  audit::Event event;
  event.at = now;
  event.tenant_id = tenant_id;
  event.type = audit::type::audit_erase;
  event.subject = account;
  event.data = base::JsonObject().text("account", account.to_string()).number("through", end->seq).finish();
  return append_event(tx, std::move(event));
}

base::Result<bool> is_erasure_due(Tx& tx) {
  ASSIGN_OR_RETURN(const auto due,
                   tx.find_one("SELECT account_id FROM erasure_due ORDER BY account_id LIMIT 1", {}, read_id));
  return due.has_value();
}

base::Result<std::optional<ErasureStep>> erase_some_personal(Tx& tx, std::size_t most) {
  ASSIGN_OR_RETURN(auto due, tx.find_one("SELECT account_id, through, subject_done, actor_done FROM erasure_due "
                                         "ORDER BY account_id LIMIT 1",
                                         {}, read_due));
  if (!due) return std::optional<ErasureStep>();
  ErasureStep step;
  ASSIGN_OR_RETURN(const std::vector<std::int64_t> about,
                   tx.find_all("SELECT seq FROM audit_event WHERE subject = $1 AND seq > $2 AND seq <= $3 "
                               "ORDER BY seq LIMIT $4",
                               {due->account, due->subject_done, due->through, most}, read_integer));
  step.events = about.size();
  ASSIGN_OR_RETURN(const std::vector<std::int64_t> by,
                   tx.find_all("SELECT seq FROM audit_event WHERE actor = $1 AND (subject IS NULL OR subject <> actor) "
                               "AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4",
                               {due->account, due->actor_done, due->through, most - about.size()}, read_integer));
  step.events += by.size();
  for (const auto* const some : {&about, &by}) {
    for (const std::int64_t seq : *some) {
      RETURN_IF_ERROR(erase_addresses(tx, seq));
      RETURN_IF_ERROR(erase_typed(tx, seq));
    }
  }
  if (step.events < most) {
    RETURN_IF_ERROR(tx.run("DELETE FROM erasure_due WHERE account_id = $1", {due->account}));
    step.finished = due->account;
    return std::optional(step);
  }
  if (!about.empty()) due->subject_done = about.back();
  if (!by.empty()) due->actor_done = by.back();
  RETURN_IF_ERROR(tx.run("UPDATE erasure_due SET subject_done = $2, actor_done = $3 WHERE account_id = $1",
                         {due->account, due->subject_done, due->actor_done}));
  return std::optional(step);
}

base::Result<bool> is_too_old(Tx& tx, audit::Part part, base::Time before) {
  ASSIGN_OR_RETURN(const Progress progress, find_progress(tx, part));
  if (progress.done < progress.through) return true;
  ASSIGN_OR_RETURN(const auto next, find_next(tx, part, progress.through));
  return next && next->at < before;
}

base::Result<bool> erase_some_old(Tx& tx, const Retention& retention, std::size_t most) {
  ASSIGN_OR_RETURN(Progress progress, find_progress(tx, retention.part));
  if (progress.done == progress.through) {
    ASSIGN_OR_RETURN(const bool is_due, is_too_old(tx, retention.part, retention.before));
    if (!is_due) return false;
    ASSIGN_OR_RETURN(const ChainEnd* const end, find_chain_end(tx));
    ASSIGN_OR_RETURN(const std::int64_t first_kept,
                     find_first_since(tx, {progress.through + 1, end->seq + 1}, retention.before));
    // If a clock was set back, times do not rise with numbers; is_too_old has seen that the next event is too old.
    ASSIGN_OR_RETURN(const auto next, find_next(tx, retention.part, progress.through));
    progress.through = std::max(first_kept - 1, next ? next->seq : progress.through + 1);
    audit::Event event;
    event.at = retention.now;
    event.tenant_id = retention.tenant_id;
    event.type = audit::type::audit_erase;
    event.data =
        base::JsonObject().text("what", audit::name_of(retention.part)).number("through", progress.through).finish();
    RETURN_IF_ERROR(append_event(tx, std::move(event)));
  }
  const auto find = [&](Sql sql) { return tx.find_all(sql, {progress.done, progress.through, most}, read_event); };
  ASSIGN_OR_RETURN(
      const auto old,
      retention.part == audit::Part::reported
          ? find(sql<"SELECT ", columns,
                     " FROM audit_event WHERE source <> '' AND seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3">)
          : find(sql<"SELECT ", columns, " FROM audit_event WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3">));
  for (const audit::Event& event : old) RETURN_IF_ERROR(erase_part(tx, retention.part, event));
  progress.done = old.size() < most ? progress.through : old.back().seq;
  RETURN_IF_ERROR(set_progress(tx, retention.part, progress));
  return true;
}

}  // namespace store
