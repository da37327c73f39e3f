// Ten new recovery codes, shown once, with a button to print them and one to keep them as a file.
#include "flow/factor/make_recovery_codes.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/account/pages.hpp"
#include "web/entry/recovery_codes.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view list_path = "/account/factors";

}  // namespace

http::Response submit_recovery_codes(Visit& visit) {
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) {
    return prove_first(visit, std::string(list_path) + "?confirm=recovery");
  }
  const auto codes = flow::make_recovery_codes(visit.house, *visit.visitor.actor, visit.facts);
  if (!codes) {
    if (codes.error().code == base::Code::conflict) return redirect(visit, std::string(list_path));
    return show_error(visit, codes.error());
  }
  visit.is_shown_once = true;
  View view;
  add_recovery_codes(view, visit, visit.visitor.actor->account(), *codes, std::string(list_path));
  return show_inside(visit, "recovery", "recovery.title", list_path, std::move(view));
}

}  // namespace web
