#include "flow/message/manage_messages.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/time.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/house/record.hpp"
#include "flow/house/report_for.hpp"
#include "flow/message/deliver_logout.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/compare_rights.hpp"
#include "flow/session/judge_actor.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/message/outbox.hpp"
#include "store/message/sms_gateways.hpp"
#include "store/oauth/clients.hpp"

namespace flow {
namespace {

bool is_of_person(const store::OutboxItem& item) {
  return item.kind == "mail" || item.kind == "sms";
}

// The account that an item which is no message to a person is about. A login that was typed for a reset leads to its
// account, and is itself not shown: it may be anything.
base::Result<std::optional<identity::Account>> find_person(store::Tx& tx, const store::OutboxItem& item,
                                                           base::Time now) {
  const auto told = Claims::parse(item.payload);
  if (!told) return std::optional<identity::Account>();
  for (const std::string_view name : {"account", "sub"}) {
    if (const auto id = base::Id::parse(told->text(name))) return store::find_account(tx, *id);
  }
  const auto login = identity::canonical_login(told->text("login"));
  if (!login) return std::optional<identity::Account>();
  return store::find_account_by_login(tx, *login, now);
}

void show_person(MessageRow& row, const rights::Actor& actor, const std::optional<identity::Account>& account) {
  if (!account || !actor.reaches(account->tenant_id)) return;
  row.is_of_deleted = account->status == identity::AccountStatus::deleted;
  if (!row.is_of_deleted) row.person = account->display_name();
}

base::Result<MessageRow> read_row(store::Tx& tx, const rights::Actor& actor, const store::OutboxItem& item,
                                  base::Time now) {
  MessageRow row;
  row.id = item.id;
  row.kind = item.kind;
  row.state = item.state;
  row.error = item.last_error;
  row.tries = item.tries;
  row.created_at = item.created_at;
  row.next_at = item.next_at;
  row.may_drop = item.state == "pending" || item.state == "failed";
  row.may_retry = row.may_drop && !item.payload.empty();
  if (item.payload.empty()) return row;
  if (!is_of_person(item)) {
    ASSIGN_OR_RETURN(const auto client, find_logout_client(tx, item));
    if (client) {
      row.to = client->name;
      row.client_id = client->client_id;
    }
    ASSIGN_OR_RETURN(const auto account, find_person(tx, item, now));
    show_person(row, actor, account);
    return row;
  }
  if (item.kind == "sms" && item.state == "delivered") {
    ASSIGN_OR_RETURN(const auto report, store::find_sms_report(tx, item.id));
    if (report) {
      row.report = report->state;
      row.gateway = report->gateway;
      row.parts = report->parts;
    }
  }
  ASSIGN_OR_RETURN(const MessageItem content, parse_payload(item.payload));
  row.message = content.message;
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, content.account));
  show_person(row, actor, account);
  // Nothing personal of a deleted account is shown, although its last notice may not be delivered yet.
  if (!row.is_of_deleted) row.to = shorten_address(content.to);
  return row;
}

base::Result<std::optional<store::OutboxPlace>> find_place(store::Tx& tx, std::string_view row) {
  const auto id = base::Id::parse(row);
  if (!id) return base::fail(base::Code::invalid_input, "no such page");
  ASSIGN_OR_RETURN(const auto item, store::find_outbox(tx, *id));
  if (!item) return std::nullopt;
  return store::OutboxPlace{item->created_at, item->id};
}

// The account that the message is about; none: the item is no message to a person, or it was erased.
base::Result<base::Id> find_subject(const store::OutboxItem& item) {
  if (!is_of_person(item) || item.payload.empty()) return base::Id();
  ASSIGN_OR_RETURN(const MessageItem content, parse_payload(item.payload));
  return content.account;
}

// An account administrator may not hold back messages of accounts with more rights, or logouts for other systems.
base::Result<void> demand_reach(store::Tx& tx, const rights::Actor& actor, const store::OutboxItem& item,
                                const base::Id& subject, base::Time now) {
  if (actor.may(rights::Permission::administer_all)) return {};
  if (!is_of_person(item))
    return base::fail(base::Code::denied, "only a super administrator touches what is no message");
  if (subject.is_none()) return {};
  ASSIGN_OR_RETURN(const bool above, is_above(tx, actor, subject, now));
  if (above) return base::fail(base::Code::denied, "the message is for an account above the actor");
  return {};
}

struct Change {
  audit::Code event;  // of audit::type
  base::Result<bool> (*write)(store::Tx&, const base::Id&, base::Time);
};

base::Result<void> change_item(const House& house, const rights::Actor& actor, std::string_view named,
                               const Change& change, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_messages));
  RETURN_IF_ERROR(demand_fresh_proof(house, actor, facts.now));
  const auto id = base::Id::parse(named);
  if (!id) return base::fail(base::Code::not_found, "no such message");
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto item, store::find_outbox(tx, *id));
    if (!item || !actor.reaches(item->tenant_id)) return base::fail(base::Code::not_found, "no such message");
    ASSIGN_OR_RETURN(const base::Id subject, find_subject(*item));
    RETURN_IF_ERROR(demand_reach(tx, actor, *item, subject, facts.now));
    ASSIGN_OR_RETURN(const bool changed, change.write(tx, *id, facts.now));
    if (!changed) return base::fail(base::Code::conflict, "the message is not waiting any more");
    return store::append_event(tx, make_event(change.event, actor, {item->tenant_id, subject}, facts,
                                              {{"kind", audit::Value::checked_code(item->kind)}, {"item", *id}}));
  });
}

base::Result<bool> retry_after_lease(store::Tx& tx, const base::Id& id, base::Time now) {
  return store::retry_outbox(tx, id, now, now + outbox_lease);
}

}  // namespace

base::Result<MessagePage> list_messages(const House& house, const rights::Actor& actor, const MessageQuery& query,
                                        base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::manage_messages));
  const auto& states = store::outbox_states;
  if (!query.state.empty() && std::find(states.begin(), states.end(), query.state) == states.end()) {
    return base::fail(base::Code::invalid_input, "no such state of a message");
  }
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<MessagePage> {
    store::OutboxLook look;
    ASSIGN_OR_RETURN(const auto tenant, find_shown_tenant(tx, actor, query.tenant));
    look.tenant_id = tenant.value_or(base::Id());
    look.state = query.state;
    const RowFinder<store::OutboxPlace> find_row = [&](std::string_view row) { return find_place(tx, row); };
    const PageReader<store::OutboxItem, store::OutboxPlace> read = [&](const auto& place, bool backward,
                                                                       std::size_t most) {
      look.place = place;
      look.backward = backward;
      look.most = most;
      return store::look_at_outbox(tx, look);
    };
    ASSIGN_OR_RETURN(auto items, (read_page<store::OutboxItem, store::OutboxPlace>(query.page, find_row, read)));
    MessagePage page;
    page.ends = std::move(items.ends);
    ASSIGN_OR_RETURN(page.ends.count, store::count_outbox(tx, look, counted_exactly + 1));
    page.ends.count = std::min(page.ends.count, counted_exactly + 1);
    for (const store::OutboxItem& item : items.rows) {
      ASSIGN_OR_RETURN(MessageRow row, read_row(tx, actor, item, now));
      page.rows.push_back(std::move(row));
    }
    return page;
  });
}

base::Result<void> retry_message(const House& house, const rights::Actor& actor, std::string_view id,
                                 const RequestFacts& facts) {
  return change_item(house, actor, id, {audit::type::message_retry, retry_after_lease}, facts);
}

base::Result<void> drop_message(const House& house, const rights::Actor& actor, std::string_view id,
                                const RequestFacts& facts) {
  return change_item(house, actor, id, {audit::type::message_drop, store::drop_outbox}, facts);
}

}  // namespace flow
