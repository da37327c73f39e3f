// One credential that signs (S4.22), for its administrator: what it is, its request and the answer to it, and how it is
// renewed, suspended, revoked and deleted.
#include <algorithm>

#include "flow/house/site_settings.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/certify_credential.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/settings/steps.hpp"
#include "web/sign/pages.hpp"

namespace web {
namespace {

using rights::Permission;

constexpr auto needed = Permission::manage_credentials;
constexpr std::string_view list = "/admin/signatures";

std::string page_of(const base::Id& id) {
  return std::string(list) + "/" + id.to_string();
}

std::string say_time(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

auto find(const Visit& visit) {
  const auto id = base::Id::parse(visit.request.path_parameters.at(0));
  return flow::find_credential(visit.house, *visit.visitor.actor, id.value_or(base::Id()), visit.facts.now);
}

void add_facts(View& view, const Visit& visit, const auto& row) {
  const std::string state(flow::state_of(row, visit.facts.now));
  view.text("label", row.label).text("state", visit.say("signing.state." + state)).flag("resting", state != "active");
  view.text("subject", row.subject).text("issuer", row.issuer).text("sha256", row.sha256);
  view.text("backend", visit.say("signing.backend." + row.backend)).text("token", row.token);
  view.text("activation", visit.say("signatures.activation." + row.activation));
  view.text("owner", visit.say(row.account_id ? "signatures.owner.account" : "signatures.owner.seal"));
  if (row.account_id) view.text("account", row.account_id->to_string());
  if (row.not_before) view.text("from", say_time(visit, *row.not_before));
  if (row.not_after) view.text("until", say_time(visit, *row.not_after));
  view.text("uses", std::to_string(row.uses)).text("wrong_pins", std::to_string(row.wrong_pins));
  if (row.last_used_at) view.text("last_used", say_time(visit, *row.last_used_at));
  if (row.pins_wait_until && visit.facts.now < *row.pins_wait_until) {
    view.text("waits", say_time(visit, *row.pins_wait_until));
  }
  view.flag("may_suspend", row.status == "active").flag("may_restore", row.status == "suspended");
  view.flag("is_alive", row.status != "revoked").flag("on_token", row.backend == "token");
}

/// After the proof, or the first click: what is asked once more.
void add_asked(View& view, const Visit& visit, const auto& row) {
  const std::string asked = visit.query.get("confirm");
  const bool is_known = asked == "suspend" || asked == "restore" || asked == "revoke" || asked == "delete";
  if (!is_known) return;
  const std::string page = page_of(row.id);
  Question question{visit.say("signatures.ask." + asked, {{"name", row.label}}),
                    visit.say("signatures." + asked),
                    page + "/" + asked,
                    page,
                    {},
                    visit.say("signatures.then." + asked)};
  question.is_dangerous = asked != "restore";
  ask_reason(question, visit);
  if (asked == "revoke") question.fields.emplace_back("why", visit.query.get("why"));
  add_question(view, visit, std::move(question));
}

http::Response show(Visit& visit, const auto& row, std::string problem, int status) {
  View view;
  const std::string page = page_of(row.id);
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
  return show_inside(visit, "signature_credential", "signatures.one", list, std::move(view), status);
}

http::Response refuse(Visit& visit, const auto& row, const base::Error& error) {
  switch (error.code) {
    case base::Code::invalid_input: return show(visit, row, visit.say("signatures.flaw.answer"), status_of_flaw);
    case base::Code::conflict: return show(visit, row, visit.say("signatures.flaw.other_key"), status_of_conflict);
    case base::Code::already_exists: return show(visit, row, visit.say("signatures.flaw.exists"), status_of_flaw);
    case base::Code::expired: return show(visit, row, visit.say("signatures.flaw.expired"), status_of_flaw);
    case base::Code::login_failed: return show(visit, row, visit.say("signing.refusal.wrong_pin"), status_of_flaw);
    case base::Code::unavailable: return show(visit, row, visit.say("signatures.flaw.token"), 503);
    default: return show_error(visit, error);
  }
}

/// A form with fields: the permission, the row and the proof. nullopt: they are there.
template <class Row>
std::optional<http::Response> begin(Visit& visit, const base::Result<Row>& row) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (!row) return show_error(visit, row.error());
  const auto flaw = find_proof_flaw(visit);
  if (flaw.empty()) return std::nullopt;
  return show(visit, *row, visit.say(flaw), status_of_flaw);
}

/// An act that is one button.
template <class Act>
http::Response do_act(Visit& visit, std::string_view name, std::string_view done, Act act) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const auto row = find(visit);
  if (!row) return show_error(visit, row.error());
  std::string fields;
  if (name == "revoke") fields = "&why=" + base::percent_encode(visit.form.get("why"));
  if (auto question = ask_first(visit, page_of(row->id), {name, true, fields})) return std::move(*question);
  const auto acted = act(row->id);
  if (!acted) return refuse(visit, *row, acted.error());
  if (name == "delete") return redirect(visit, std::string(list) + "?done=deleted");
  return redirect(visit, page_of(row->id) + "?done=" + std::string(done));
}

}  // namespace

http::Response show_signature_credential(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
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
  return redirect(visit, page_of(row->id) + "?done=imported");
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
  return redirect(visit, page_of(row->id) + "?done=renewed");
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
