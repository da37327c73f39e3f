// The person adds an authenticator app: a QR code, the same as text, and one code to confirm it.
#include "flow/factor/enrol_totp.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/account/pages.hpp"
#include "web/entry/qr_code.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view list_path = "/account/factors";
constexpr std::string_view here = "/account/factors/app";
constexpr int status_of_refusal = 422;

enum class Refused : std::uint8_t {
  nothing,
  code,
  name
};

http::Response show_offer(Visit& visit, const flow::TotpOffer& offer, Refused refused) {
  const auto code = make_qr_code(offer.address);
  if (!code) return show_error(visit, code.error());
  View view;
  view.text("qr_size", std::to_string(code->size)).text("qr_path", code->path);
  view.text("secret", offer.secret).text("address", offer.address);
  view.text("ticket", std::string(offer.ticket.reveal())).text("csrf", make_session_csrf(visit, here));
  view.text("typed_name", visit.form.get("name"))
      .text("name_why", visit.say("factor_app.name_why"))
      .flag("wrong_code", refused == Refused::code);
  if (refused == Refused::name) view.text("bad_name", visit.say("sessions.name_refused"));
  return show_inside(visit, "factor_app", "factor_app.title", list_path, std::move(view),
                     refused == Refused::nothing ? 200 : status_of_refusal);
}

http::Response refuse(Visit& visit, const base::Error& error) {
  if (error.code == base::Code::expired) return redirect(visit, std::string(list_path) + "?refused=gone");
  if (error.code == base::Code::conflict) return redirect(visit, std::string(list_path) + "?refused=too_many");
  return show_error(visit, error);
}

}  // namespace

http::Response show_factor_app(Visit& visit) {
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return prove_first(visit, here);
  const auto offer = flow::begin_totp(visit.house, *visit.visitor.actor, visit.facts);
  return offer ? show_offer(visit, *offer, Refused::nothing) : refuse(visit, offer.error());
}

http::Response submit_factor_app(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  const base::Secret ticket(visit.form.get("ticket"));
  const base::Secret code(visit.form.get("code"));
  const std::string name = visit.form.get("name");
  const auto done = flow::finish_totp(visit.house, actor, {ticket, code, name}, visit.facts);
  if (done) return redirect(visit, std::string(list_path) + "?done=added");
  const bool is_code = done.error().code == base::Code::login_failed;
  if (!is_code && done.error().code != base::Code::invalid_input) return refuse(visit, done.error());
  const auto again = flow::show_totp_again(visit.house, actor, ticket, visit.facts.now);
  if (!again) return refuse(visit, again.error());
  return show_offer(visit, *again, is_code ? Refused::code : Refused::name);
}

}  // namespace web
