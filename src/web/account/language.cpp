// The account's own language.
#include "flow/account/own_account.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response submit_language(Visit& visit) {
  if (!visit.visitor.actor) return redirect_to_login(visit);
  std::string next = visit.form.get("next");
  if (!flow::is_local_path(next)) next = "/account";
  if (!is_form_ours(visit, "/account/language")) return show_stale_form(visit, std::move(next));
  const auto chosen = flow::choose_language(visit.house, *visit.visitor.actor, visit.form.get("lang"), visit.facts);
  if (!chosen) return show_error(visit, chosen.error());
  return redirect(visit, std::move(next));
}

}  // namespace web
