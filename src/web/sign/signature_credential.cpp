// One credential that signs (S4.22), for its administrator below /admin/signatures and for its owner below
// /account/sign/keys: what it is, its request and the answer to it, and how it is renewed, revoked and deleted. To
// suspend and restore it, and whatever needs the PIN of a token, is for administrators.
#include <algorithm>

#include "flow/house/site_settings.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/certify_credential.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/settings/steps.hpp"
#include "web/sign/pages.hpp"
#include "web/sign/sign_words.hpp"

namespace web {
namespace {

using rights::Permission;

/// Where the page stands, and for whom.
struct Place {
  Permission needed;
  std::string_view list;
  std::string_view list_title;
  std::string_view menu;  // the entry that is marked
  bool is_own = false;
};
constexpr Place of_administrator{Permission::manage_credentials, "/admin/signatures", "signatures.title",
                                 "/admin/signatures"};
constexpr Place of_owner{Permission::sign, "/account/sign/keys", "sign_keys.title", "/account/sign", true};

const Place& place_of(const Visit& visit) {
  return visit.request.path.starts_with(of_owner.list) ? of_owner : of_administrator;
}

std::string page_of(const Place& place, const base::Id& id) {
  return std::string(place.list) + "/" + id.to_string();
}

std::string say_time(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

auto find(const Visit& visit) {
  const base::Id id = base::Id::parse(visit.request.path_parameters.at(0)).value_or(base::Id());
  const rights::Actor& actor = *visit.visitor.actor;
  return place_of(visit).is_own ? flow::find_own_credential(visit.house, actor, id)
                                : flow::find_credential(visit.house, actor, id, visit.facts.now);
}

void add_facts(View& view, const Visit& visit, const auto& row) {
  const std::string state(flow::state_of(row, visit.facts.now));
  view.text("label", row.label).text("state", visit.say("signing.state." + state)).flag("resting", state != "active");
  view.text("subject", row.subject).text("issuer", row.issuer).text("sha256", row.sha256);
  view.text("backend", visit.say("signing.backend." + row.backend)).text("token", row.token);
  view.text("activation", visit.say("signatures.activation." + row.activation));
  const Place& place = place_of(visit);
  if (!place.is_own) {
    const auto names = flow::name_owners_of(visit.house, *visit.visitor.actor, {row});
    view.text("owner", say_owner(visit, row.account_id, names ? *names : flow::OwnerNames()));
  }
  const bool may_look = visit.visitor.actor->may(Permission::read_accounts);
  if (!place.is_own && row.account_id && may_look) view.text("account", row.account_id->to_string());
  if (row.not_before) view.text("from", say_time(visit, *row.not_before));
  if (row.not_after) view.text("until", say_time(visit, *row.not_after));
  view.text("uses", std::to_string(row.uses)).text("wrong_pins", std::to_string(row.wrong_pins));
  if (row.last_used_at) view.text("last_used", say_time(visit, *row.last_used_at));
  if (row.pins_wait_until && visit.facts.now < *row.pins_wait_until) {
    view.text("waits", say_time(visit, *row.pins_wait_until));
  }
  const bool on_token = row.backend == "token";
  const bool is_alive = row.status != "revoked";
  view.flag("may_suspend", !place.is_own && row.status == "active");
  view.flag("may_restore", !place.is_own && row.status == "suspended");
  view.flag("is_alive", is_alive)
      .flag("on_token", on_token)
      .flag("may_request", is_alive && (!place.is_own || !on_token));
  const bool by_itself =
      !place.is_own ||
      (!on_token && (row.is_own_issue || flow::may_certify_self(visit.house, *visit.visitor.actor).value_or(false)));
  view.flag("may_renew", is_alive && by_itself).flag("is_first", row.certificate.empty());
  // Without a certificate there is nothing to revoke: the key is deleted.
  view.flag("may_revoke", is_alive && !row.certificate.empty());
  view.flag("is_next", place.is_own && is_alive && row.certificate.empty() && !on_token);
  if (!on_token) return;
  const auto states = flow::look_at_tokens_of(visit.house, {row});
  const auto& on_card = states.find(row.token)->second;
  view.flag("token_away", !on_card.is_present);
  view.text("token_presence", visit.say(on_card.is_present ? "signatures.token.there" : "signatures.token.away"));
  if (on_card.is_present) view.text("token_pin", visit.say("signatures.pin." + std::string(name_of(on_card.pin))));
}

/// After the proof, or the first click: what is asked once more.
void add_asked(View& view, const Visit& visit, const auto& row) {
  const std::string asked = visit.query.get("confirm");
  const Place& place = place_of(visit);
  const bool of_anybody = asked == "revoke" || asked == "delete";
  const bool of_administrators = asked == "suspend" || asked == "restore";
  if (!of_anybody && (place.is_own || !of_administrators)) return;
  const std::string page = page_of(place, row.id);
  Question question{visit.say("signatures.ask." + asked, {{"name", row.label}}),
                    visit.say("signatures." + asked),
                    page + "/" + asked,
                    page,
                    {},
                    visit.say("signatures.then." + asked)};
  question.is_dangerous = asked != "restore";
  if (place.is_own) question.fields.emplace_back("confirmed", "yes");
  if (!place.is_own) ask_reason(question, visit);
  if (asked == "revoke") question.fields.emplace_back("why", visit.query.get("why"));
  add_question(view, visit, std::move(question));
}

http::Response show(Visit& visit, const auto& row, std::string problem, int status) {
  View view;
  const Place& place = place_of(visit);
  const std::string page = page_of(place, row.id);
  view.text("list", std::string(place.list)).text("list_title", visit.say(place.list_title));
  add_facts(view, visit, row);
  add_asked(view, visit, row);
  const std::string done = visit.query.get("done");
  for (const std::string_view one : {"made", "imported", "renewed", "suspended", "restored", "revoked"}) {
    if (done == one) view.text("done", visit.say("signatures.done." + std::string(one)));
  }
  view.text("problem", std::move(problem)).text("page", page);
  for (const auto reason : flow::all_revocation_reasons) {
    const std::string name(name_of(reason));
    view.add("reasons").text("value", name).text("said", visit.say("signatures.why." + name));
  }
  for (const auto& [csrf, act] :
       std::initializer_list<std::pair<std::string_view, const char*>>{{"csrf_request", "/request"},
                                                                       {"csrf_answer", "/answer"},
                                                                       {"csrf_renew", "/renew"},
                                                                       {"csrf_suspend", "/suspend"},
                                                                       {"csrf_restore", "/restore"},
                                                                       {"csrf_revoke", "/revoke"},
                                                                       {"csrf_delete", "/delete"}}) {
    view.text(csrf, make_session_csrf(visit, page + act));
  }
  add_proof(view, visit);
  return show_inside(visit, "signature_credential", "signatures.one", place.menu, std::move(view), status);
}

http::Response refuse(Visit& visit, const auto& row, const base::Error& error) {
  switch (error.code) {
    case base::Code::invalid_input: return show(visit, row, visit.say("signatures.flaw.answer"), status_of_flaw);
    case base::Code::conflict: return show(visit, row, visit.say("signatures.flaw.other_key"), status_of_conflict);
    case base::Code::already_exists: return show(visit, row, visit.say("signatures.flaw.exists"), status_of_flaw);
    case base::Code::expired: return show(visit, row, visit.say("signatures.flaw.expired"), status_of_flaw);
    case base::Code::login_failed: return show(visit, row, visit.say("signing.refusal.wrong_pin"), status_of_flaw);
    case base::Code::too_many: return show(visit, row, visit.say("sign_keys.flaw.too_many"), status_of_flaw);
    case base::Code::unavailable: return show(visit, row, visit.say("signatures.flaw.token"), 503);
    default: return show_error(visit, error);
  }
}

std::optional<http::Response> demand_place(Visit& visit) {
  const Permission needed = place_of(visit).needed;
  if (visit.visitor.actor->may(needed)) return std::nullopt;
  return show_forbidden(visit, needed);
}

/// A form with fields: the permission, the row and the proof. nullopt: they are there.
template <class Row>
std::optional<http::Response> begin(Visit& visit, const base::Result<Row>& row) {
  if (auto refused = demand_place(visit)) return std::move(*refused);
  if (!row) return show_error(visit, row.error());
  const auto flaw = find_proof_flaw(visit);
  if (flaw.empty()) return std::nullopt;
  return show(visit, *row, visit.say(flaw), status_of_flaw);
}

/// An act that is one button.
template <class Act>
http::Response do_act(Visit& visit, std::string_view name, std::string_view done, Act act) {
  if (auto refused = demand_place(visit)) return std::move(*refused);
  const auto row = find(visit);
  if (!row) return show_error(visit, row.error());
  std::string fields;
  if (name == "revoke") fields = "&why=" + base::percent_encode(visit.form.get("why"));
  const Place& place = place_of(visit);
  const std::string page = page_of(place, row->id);
  if (auto question = ask_first(visit, page, {name, !place.is_own, fields})) return std::move(*question);
  const auto acted = act(row->id);
  if (!acted) return refuse(visit, *row, acted.error());
  if (name == "delete") return redirect(visit, std::string(place.list) + "?done=deleted");
  return redirect(visit, page + "?done=" + std::string(done));
}

}  // namespace

http::Response show_signature_credential(Visit& visit) {
  if (auto refused = demand_place(visit)) return std::move(*refused);
  const auto row = find(visit);
  return row ? show(visit, *row, {}, 200) : show_error(visit, row.error());
}

http::Response submit_signature_request(Visit& visit) {
  const auto row = find(visit);
  if (auto refused = begin(visit, row)) return std::move(*refused);
  flow::RequestWish wish;
  wish.token_pin = base::Secret(visit.form.get("pin"));
  const auto request = flow::request_certificate(visit.house, *visit.visitor.actor, row->id, wish, visit.facts);
  if (!request) return refuse(visit, *row, request.error());
  http::Response response;
  response.content_type = "application/pkcs10";
  response.add("Content-Disposition", "attachment; filename=\"request.p10\"");
  response.body = *request;
  return response;
}

http::Response submit_signature_answer(Visit& visit) {
  const auto row = find(visit);
  if (auto refused = begin(visit, row)) return std::move(*refused);
  if (visit.files.size() != 1 || visit.files.front().octets.empty()) {
    return show(visit, *row, visit.say("signatures.flaw.file"), status_of_flaw);
  }
  const auto taken =
      flow::import_certificate(visit.house, *visit.visitor.actor, row->id, visit.files.front().octets, visit.facts);
  if (!taken) return refuse(visit, *row, taken.error());
  return redirect(visit, page_of(place_of(visit), row->id) + "?done=imported");
}

http::Response submit_signature_renewal(Visit& visit) {
  const auto row = find(visit);
  if (auto refused = begin(visit, row)) return std::move(*refused);
  const auto renewed = flow::renew_credential(visit.house, *visit.visitor.actor, row->id,
                                              base::Secret(visit.form.get("pin")), visit.facts);
  if (!renewed && renewed.error().code == base::Code::conflict) {
    return show(visit, *row, visit.say("signatures.flaw.conflict"), status_of_conflict);
  }
  if (!renewed) return refuse(visit, *row, renewed.error());
  return redirect(visit, page_of(place_of(visit), row->id) + "?done=renewed");
}

http::Response submit_signature_suspension(Visit& visit) {
  return do_act(visit, "suspend", "suspended", [&](const base::Id& id) {
    return flow::suspend_credential(visit.house, *visit.visitor.actor, id, visit.facts);
  });
}

http::Response submit_signature_restoration(Visit& visit) {
  return do_act(visit, "restore", "restored", [&](const base::Id& id) {
    return flow::restore_credential(visit.house, *visit.visitor.actor, id, visit.facts);
  });
}

http::Response submit_signature_revocation(Visit& visit) {
  return do_act(visit, "revoke", "revoked", [&](const base::Id& id) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto reason, flow::parse_revocation_reason(visit.form.get("why")));
    return flow::revoke_credential(visit.house, *visit.visitor.actor, id, reason, visit.facts);
  });
}

http::Response submit_signature_deletion(Visit& visit) {
  return do_act(visit, "delete", "deleted", [&](const base::Id& id) {
    return flow::delete_credential(visit.house, *visit.visitor.actor, id, visit.facts);
  });
}

}  // namespace web
