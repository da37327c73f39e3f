// The person chooses the language of the account.
#include "flow/account/own_account.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

namespace {

/// The page on which the language was chosen.
std::string page_of(const Visit& visit) {
  std::string next = visit.form.get("next");
  return flow::is_local_path(next) ? std::move(next) : "/account";
}

}  // namespace

http::Response submit_language(Visit& visit) {
  const auto chosen = flow::choose_language(visit.house, *visit.visitor.actor, visit.form.get("lang"), visit.facts);
  if (!chosen) return show_error(visit, chosen.error());
  return redirect(visit, page_of(visit));
}

http::Response show_stale_language(Visit& visit) {
  return show_stale_form(visit, page_of(visit));
}

}  // namespace web
