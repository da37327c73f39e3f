#include "store/audit/audit_log.hpp"

#include "base/json.hpp"
#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::size_t page = 500;

constexpr SqlPart columns =
    "seq, at, tenant_id, type, outcome, actor, on_behalf_of, subject, client, session, request_id, context, data, "
    "personal_digest, salt, personal, previous_hash, hash";

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
  event.previous_hash = field.text();
  event.hash = field.text();
  return event;
}

}  // namespace

base::Result<void> append_event(Tx& tx, audit::Event event) {
  ASSIGN_OR_RETURN(ChainEnd* const end, find_chain_end(tx));
  event.seq = end->seq + 1;
  event.previous_hash = end->hash_view();
  if (!event.personal.empty()) {
    event.salt = base::random_bytes(16);
    event.personal_digest = audit::digest_of_personal(event.salt, event.personal);
  }
  event.hash = audit::hash_of(event);
  RETURN_IF_ERROR(tx.run(
      "INSERT INTO audit_event(seq, at, tenant_id, type, outcome, actor, on_behalf_of, subject, client, session, "
      "request_id, context, data, personal_digest, salt, personal, previous_hash, hash) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
      {event.seq, event.at, event.tenant_id, event.type, event.outcome, event.actor, event.on_behalf_of, event.subject,
       event.client, event.session, event.request_id, event.context, event.data, Blob{event.personal_digest},
       Blob{event.salt}, event.personal, Blob{event.previous_hash}, Blob{event.hash}}));
  end->seq = event.seq;
  end->set_hash(event.hash);
  end->moved = true;
  return {};
}

base::Result<std::vector<audit::Event>> find_events(Tx& tx, const AuditFilter& filter) {
  return tx.find_all(
      sql<"SELECT ", columns,
          " FROM audit_event "
          "WHERE ($1 = 0 OR seq < $1) AND ($2 IS NULL OR tenant_id = $2) AND ($3 = '' OR type = $3) "
          "AND ($4 = '' OR outcome = $4) AND ($5 IS NULL OR actor = $5 OR subject = $5) AND ($6 = '' OR client = $6) "
          "AND ($7 IS NULL OR at >= $7) AND ($8 IS NULL OR at < $8) ORDER BY seq DESC LIMIT $9">,
      {filter.before_seq, filter.tenant_id, filter.type, filter.outcome, filter.account, filter.client, filter.from,
       filter.to, filter.most},
      read_event);
}

base::Result<void> for_each_event(Tx& tx, std::int64_t from_seq,
                                  const std::function<base::Result<void>(const audit::Event&)>& visit) {
  std::int64_t next = from_seq;
  for (;;) {
    ASSIGN_OR_RETURN(const auto events,
                     tx.find_all(sql<"SELECT ", columns, " FROM audit_event WHERE seq >= $1 ORDER BY seq LIMIT $2">,
                                 {next, page}, read_event));
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
  RETURN_IF_ERROR(tx.run("UPDATE audit_event SET salt = $2, personal = $3 WHERE actor = $1 OR subject = $1",
                         {account, Blob{}, std::string_view()}));
  audit::Event event;
  event.at = now;
  event.tenant_id = tenant_id;
  event.type = audit::type::audit_erase;
  event.subject = account;
  event.data = base::JsonObject().text("account", account.to_string()).number("through", end->seq).finish();
  return append_event(tx, std::move(event));
}

}  // namespace store
