// The holder of a main account lists and creates its sub accounts (S2.4, S2.5).
#include "flow/account/sub_accounts.hpp"

#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/sub-accounts";
constexpr int status_of_refusal = 422;
constexpr std::string_view not_a_holder = "the account is not the main account of an employee";

/// The key of the sentence for an error. Its reason begins with the field: "email: taken".
std::string key_of(const base::Error& error, std::string& field) {
  field = error.reason.substr(0, error.reason.find(':'));
  if (field == "email" && error.reason.find("pseudo") != std::string::npos) return "own.flaw.not_pseudo";
  if (field == "email" && error.reason.find("needs one") != std::string::npos) return "own.flaw.email_missing";
  if (field == "login" && error.reason.find("missing") != std::string::npos) return "own.flaw.login_missing";
  if (field == "login" && error.reason.find("not verified") != std::string::npos) return "own.flaw.login_address";
  if (field == "login" || field == "email") {
    return error.code == base::Code::already_exists ? identity::key_of_taken(field) : identity::key_of_invalid(field);
  }
  return "sub.flaw.conflict";
}

http::Response show_page(Visit& visit, const std::string& field, const std::string& key) {
  const auto accounts = flow::list_own_sub_accounts(visit.house, *visit.visitor.actor);
  if (!accounts) return show_error(visit, accounts.error());
  View view;
  for (const identity::Account& account : *accounts) {
    View& item = view.add("accounts");
    item.text("name", account.display_name()).text("login", account.login).text("email", account.email);
    item.flag("redirected", account.redirects_to_main).text("id", account.id.to_string());
    if (account.status != identity::AccountStatus::active) {
      item.text("state", visit.say("accounts.state." + std::string(identity::name_of(account.status))));
    }
  }
  for (const std::string_view name : {"login", "given_name", "family_name", "email"})
    view.text(name, visit.form.get(name));
  view.flag("redirect", visit.form.has("redirect_to_main"));
  view.text("flaw", key.empty() ? std::string() : visit.say(key)).text("flaw_href", "#" + field);
  view.flag("created", visit.query.has("created"));
  if (visit.query.get("done") == "deleted") view.text("done", visit.say("sub_account.done.deleted"));
  view.text("csrf_sub", make_session_csrf(visit, here));
  add_proof(view, visit);
  return show_inside(visit, "sub_accounts", "sub.title", here, std::move(view), key.empty() ? 200 : status_of_refusal);
}

}  // namespace

http::Response show_sub_accounts(Visit& visit) {
  if (!flow::may_have_sub_accounts(visit.visitor.actor->account())) return show_error(visit, 403, not_a_holder);
  return show_page(visit, {}, {});
}

http::Response submit_sub_account(Visit& visit) {
  if (!flow::may_have_sub_accounts(visit.visitor.actor->account())) return show_error(visit, 403, not_a_holder);
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return show_page(visit, "password", "own.flaw.proof_missing");
    case Proof::wrong: return show_page(visit, "password", "own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  flow::NewSubAccount wished;
  wished.login = visit.form.get("login");
  wished.given_name = visit.form.get("given_name");
  wished.family_name = visit.form.get("family_name");
  wished.email = visit.form.get("email");
  wished.redirect_to_main = visit.form.has("redirect_to_main");
  const auto made = flow::create_sub_account(visit.house, *visit.visitor.actor, wished, visit.facts);
  if (made) return redirect(visit, std::string(here) + "?created=1");
  const base::Code code = made.error().code;
  if (code != base::Code::already_exists && code != base::Code::invalid_input) return show_error(visit, made.error());
  std::string field;
  const std::string key = key_of(made.error(), field);
  return show_page(visit, field, key);
}

}  // namespace web
