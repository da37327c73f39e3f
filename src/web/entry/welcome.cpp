// The welcome page (S4.1).
#include "flow/validation/offer_validation.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response show_welcome(Visit& visit) {
  View view;
  if (const identity::Account* account = visit.visitor.account()) view.text("person", account->display_name());
  const rights::Actor* const actor = visit.visitor.actor ? &*visit.visitor.actor : nullptr;
  view.flag("verifies", flow::offers_validation(visit.house, actor).value_or(false));
  return show_entry(visit, "welcome", "welcome.title", std::move(view));
}

}  // namespace web
