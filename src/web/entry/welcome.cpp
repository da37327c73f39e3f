// The welcome page (S4.1).
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response show_welcome(Visit& visit) {
  View view;
  if (const identity::Account* account = visit.visitor.account()) view.text("person", account->display_name());
  return show_entry(visit, "welcome", "welcome.title", std::move(view));
}

}  // namespace web
