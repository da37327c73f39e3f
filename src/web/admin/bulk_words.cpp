#include "web/admin/bulk_words.hpp"

#include "text/text.hpp"
#include "web/page/layout.hpp"

namespace web {

bool may_act_on_many(const Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  return !actor.is_acting() &&
         actor.may_one_of({rights::Permission::manage_accounts, rights::Permission::support_accounts});
}

std::optional<http::Response> refuse_bulk(Visit& visit) {
  if (may_act_on_many(visit)) return std::nullopt;
  return show_forbidden(visit, rights::Permission::manage_accounts);
}

std::string say_bulk(const Visit& visit, const std::string& act, const std::string& target) {
  return visit.say("bulk.act." + act, {{"target", target}});
}

void add_bulk_row(View& item, const Visit& visit, const flow::BulkRow& row) {
  const std::string id = row.account_id.to_string();
  const std::string name = row.name.empty() ? row.login : row.name;
  item.text("id", id).text("name", name.empty() ? id : name).text("login", row.login);
  item.flag("reached", !name.empty());
  if (row.outcome.empty()) return;
  item.text("outcome", visit.say("bulk.outcome." + row.outcome));
  item.flag("bad", row.outcome != flow::bulk_outcome::done && row.outcome != flow::bulk_outcome::already);
}

}  // namespace web
