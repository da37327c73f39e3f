// The person adds a passkey. The browser makes it, so that this page needs its script.
#include "flow/factor/enrol_passkey.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/account/pages.hpp"
#include "web/entry/passkey_options.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view list_path = "/account/factors";
constexpr std::string_view here = "/account/factors/passkey";
constexpr int status_of_refusal = 422;

enum class Refused : std::uint8_t {
  nothing,
  answer,
  name
};

http::Response show_offer(Visit& visit, Refused refused) {
  const auto offer = flow::begin_passkey(visit.house, *visit.visitor.actor, visit.facts);
  if (!offer) {
    if (offer.error().code == base::Code::conflict) {
      return redirect(visit, std::string(list_path) + "?refused=too_many");
    }
    return show_error(visit, offer.error());
  }
  View view;
  view.text("options", passkey_options(*offer)).text("origin", offer->party.origin);
  view.flag("impossible", !offer->party.is_possible).flag("failed", refused == Refused::answer);
  view.text("csrf", make_session_csrf(visit, here)).text("typed_name", visit.form.get("name"));
  view.text("name_why", visit.say("factor_passkey.name_why"));
  if (refused == Refused::name) view.text("bad_name", visit.say("sessions.name_refused"));
  return show_inside(visit, "factor_passkey", "factor_passkey.title", list_path, std::move(view),
                     refused == Refused::nothing ? 200 : status_of_refusal);
}

}  // namespace

http::Response show_factor_passkey(Visit& visit) {
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return prove_first(visit, here);
  return show_offer(visit, Refused::nothing);
}

http::Response submit_factor_passkey(Visit& visit) {
  const auto done = flow::finish_passkey(visit.house, *visit.visitor.actor, base::Secret(visit.form.get("answer")),
                                         visit.form.get("name"), visit.facts);
  if (done) return redirect(visit, std::string(list_path) + "?done=passkey_added");
  switch (done.error().code) {
    case base::Code::expired: return redirect(visit, std::string(list_path) + "?refused=gone");
    case base::Code::conflict: return redirect(visit, std::string(list_path) + "?refused=too_many");
    case base::Code::login_failed:
    case base::Code::already_exists:
    case base::Code::invalid_input: break;
    default: return show_error(visit, done.error());
  }
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return prove_first(visit, here);
  return show_offer(visit, done.error().code == base::Code::invalid_input ? Refused::name : Refused::answer);
}

}  // namespace web
