// The start page of the connector's administration: what the manual's /administration/start.htm leads to.
#include "web/administration/below_prefix.hpp"
#include "web/administration/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response show_connector_start(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(rights::Permission::manage_systems)) {
    return show_forbidden(visit, rights::Permission::manage_systems);
  }
  View view;
  view.flag("sees_signatures", actor.may(rights::Permission::manage_credentials));
  view.flag("sees_accounts", actor.may(rights::Permission::read_accounts));
  view.flag("sees_audit", actor.may(rights::Permission::read_audit));
  view.flag("sets_password", actor.may(rights::Permission::own_password));
  return show_inside(visit, "connector_start", "connector.title", "/start.htm", std::move(view));
}

}  // namespace web
