// An administrator changes the fields of an account (S0.2, S4.12, S4.14, S3.6). The form has every value as it was
// shown, so that only what was typed is written; if somebody else has changed the account meanwhile, the page says
// what, keeps what was typed, and asks to save again.
#include <algorithm>
#include <charconv>

#include "audit/event.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/admin/change_account.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "text/text.hpp"
#include "web/admin/account_fields.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr int status_of_refusal = 422;
constexpr int status_of_conflict = 409;
constexpr const char* proof_of_certificate = "password-certificate";

struct Shown {
  std::vector<FieldSentence> flaws{};
  bool was_sent = false;
  bool is_outdated = false;  // somebody else has changed the account meanwhile
  int status = 200;
};

std::string account_path(const Visit& visit) {
  return "/admin/accounts/" + visit.request.path_parameters.at(0);
}
std::string edit_path(const Visit& visit) {
  return account_path(visit) + "/edit";
}

std::vector<std::string_view> all_fields(identity::AccountKind kind) {
  std::vector<std::string_view> all;
  for (const std::string_view group : {"name", "reach", "numbers"}) {
    const auto fields = list_fields(kind, group);
    all.insert(all.end(), fields.begin(), fields.end());
  }
  if (identity::is_human(kind)) all.insert(all.end(), {"external", "main_account"});
  return all;
}

/// What the field had when the form was made.
std::string old_value(const Visit& visit, std::string_view field) {
  return visit.form.get("old." + std::string(field));
}

bool was_typed(const Visit& visit, std::string_view field) {
  return visit.form.get(field) != old_value(visit, field);
}

/// What the form shows in the field: what was typed, else what is stored now.
std::string value_of(const Visit& visit, const flow::AccountData& data, const Shown& shown, std::string_view field) {
  return shown.was_sent && was_typed(visit, field) ? visit.form.get(field) : data.fields.get(field);
}

/// A value as people read it.
std::string say_value(const Visit& visit, std::string_view field, const std::string& value) {
  if (value.empty()) return visit.say("admin_account.none");
  if (field == "kind") return visit.say("accounts.kind." + value);
  if (field == "preferred_channel") return visit.say("own.channel." + value);
  text::Language language = text::Language::en;
  if (field == "locale" && text::find_language(value, language)) return std::string(text::name_of(language));
  return field == "external" ? visit.say("accounts.yes") : value;
}

void add_meanwhile(View& view, const Visit& visit, const flow::AccountData& data) {
  view.flag("outdated");
  for (const std::string_view field : all_fields(data.account.kind)) {
    if (data.fields.get(field) == old_value(visit, field)) continue;
    view.add("meanwhile")
        .text("field_label", say_field(visit, field))
        .text("value", say_value(visit, field, data.fields.get(field)));
  }
}

void add_certificates(View& view, const Visit& visit, const flow::AccountData& data) {
  const std::string& zone = visit.house.settings.site.time_zone;
  const std::string path = account_path(visit) + "/certificate";
  for (const auto& one : data.certificates) {
    View& item = view.add("certificates");
    item.text("subject", one.subject).text("issuer", one.issuer).text("serial", one.serial);
    item.text("from", text::format_date(visit.language, one.not_before, zone))
        .text("until", text::format_date(visit.language, one.not_after, zone));
    item.text("fingerprint", one.fingerprint).flag("over", one.not_after <= visit.facts.now);
    item.flag("unproven", !one.is_proven);
    item.text("csrf_remove", make_session_csrf(visit, path + "/remove"));
  }
  view.text("certificates_title",
            visit.say("own.certificates_count", {{"n", static_cast<std::int64_t>(data.certificates.size())}}));
  const std::string said = visit.query.get("said");
  view.flag("certificates_open", visit.form.has("pem") || !said.empty());
  if (said == "added" || said == "removed") view.text("certificates_said", visit.say("own.said." + said));
  View& adding =
      view.add("adding").text("pem", visit.form.get("pem")).text("csrf_certificate", make_session_csrf(visit, path));
  add_proof(adding, visit, proof_of_certificate);
  add_reasons(adding, visit, "certificate-reason", false);
}

http::Response show_page(Visit& visit, const Shown& shown) {
  const std::string& id = visit.request.path_parameters.at(0);
  const auto details = flow::find_account_details(visit.house, *visit.visitor.actor, id, visit.facts.now);
  if (!details) return show_error(visit, details.error());
  // The page of the account says why it cannot be changed.
  const bool is_gone = details->row.account.status == identity::AccountStatus::deleted;
  if (details->is_own || details->is_above || is_gone) return redirect(visit, account_path(visit));
  const auto data = flow::read_account_data(visit.house, *visit.visitor.actor, id, visit.facts.now);
  if (!data) return show_error(visit, data.error());
  const identity::AccountKind kind = data->account.kind;
  View view;
  view.text("id", id).text("name", data->account.display_name());
  add_flaw_list(view, shown.flaws);
  if (shown.is_outdated) add_meanwhile(view, visit, *data);
  const AccountForm form{visit, kind, [&](std::string_view field) { return value_of(visit, *data, shown, field); },
                         shown.flaws};
  add_account_fields(view, "names", form, list_fields(kind, "name"));
  add_account_fields(view, "reach", form, list_fields(kind, "reach"));
  add_account_fields(view, "numbers", form, list_fields(kind, "numbers"));
  view.flag("has_numbers", !list_fields(kind, "numbers").empty()).flag("people", identity::is_human(kind));
  if (identity::is_human(kind) && !data->account.is_main) {
    view.flag("has_main");
    add_account_fields(view, "belongs", form, {"main_account"});
  }
  view.flag("external", !value_of(visit, *data, shown, "external").empty());
  for (const std::string_view field : all_fields(kind)) {
    view.add("olds").text("old_name", "old." + std::string(field)).text("old_value", data->fields.get(field));
  }
  view.text("version", std::to_string(data->account.version))
      .text("csrf_edit", make_session_csrf(visit, edit_path(visit)));
  view.flag("email_given", data->account.email_given).flag("phone_given", data->account.phone_given);
  add_reasons(view, visit, "edit-reason", false);
  add_proof(view, visit);
  add_certificates(view, visit, *data);
  return show_inside(visit, "admin_account_edit", "account_edit.title", "/admin/accounts", std::move(view),
                     shown.status);
}

std::optional<http::Response> refuse(Visit& visit) {
  constexpr auto needed = rights::Permission::manage_accounts;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (!base::Id::parse(visit.request.path_parameters.at(0)))
    return show_error(visit, 404, "the path has no id of an account");
  return std::nullopt;
}

/// The proof and the reason of a form with values. `prefix`: of the ids of its fields.
std::optional<http::Response> refuse_proof(Visit& visit, const std::string& proof, const std::string& reason,
                                           bool was_sent) {
  const auto with = [&](const std::string& field, std::string_view key) {
    return show_page(visit, {{{field, visit.say(key)}}, was_sent, false, status_of_refusal});
  };
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return with(proof, "own.flaw.proof_missing");
    case Proof::wrong: return with(proof, "own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  visit.facts.motive = audit::motive::find(visit.form.get("reason"));
  if (visit.facts.motive.empty()) return with(reason, "reason.missing");
  return std::nullopt;
}

}  // namespace

http::Response show_account_edit(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  return show_page(visit, {});
}

http::Response submit_account_edit(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  if (auto refusal = refuse_proof(visit, "password", "edit-reason", true)) return std::move(*refusal);
  const std::string& id = visit.request.path_parameters.at(0);
  const auto data = flow::read_account_data(visit.house, *visit.visitor.actor, id, visit.facts.now);
  if (!data) return show_error(visit, data.error());
  flow::AccountWish wish;
  for (const std::string_view field : all_fields(data->account.kind)) {
    if (was_typed(visit, field)) wish.fields.emplace_back(field, visit.form.get(field));
  }
  const std::string version = visit.form.get("version");
  wish.version = -1;
  (void)std::from_chars(version.data(), version.data() + version.size(), wish.version);
  const auto done = flow::change_account(visit.house, *visit.visitor.actor, id, wish, visit.facts);
  if (!done) {
    if (done.error().code != base::Code::conflict) return show_error(visit, done.error());
    return show_page(visit, {{}, true, true, status_of_conflict});
  }
  if (!done->flaws.empty()) {
    return show_page(visit, {say_flaws(visit, done->flaws), true, false, status_of_refusal});
  }
  return redirect(visit, account_path(visit) + "?done=" + (done->changed ? "changed" : "unchanged"));
}

http::Response submit_account_certificate(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  if (auto refusal = refuse_proof(visit, proof_of_certificate, "certificate-reason", false)) return std::move(*refusal);
  std::string octets = visit.form.get("pem");
  for (const http::UploadedFile& file : visit.files) {
    if (file.field == "file" && !file.octets.empty()) octets = file.octets;
  }
  const auto flaw = flow::add_certificate_for(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0),
                                              octets, visit.facts);
  if (!flaw) return show_error(visit, flaw.error());
  if (!flaw->empty()) return show_page(visit, {{{"file", visit.say(*flaw)}}, false, false, status_of_refusal});
  return redirect(visit, edit_path(visit) + "?said=added");
}

http::Response submit_account_certificate_removal(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) {
    return prove_first(visit, edit_path(visit));
  }
  const auto removed =
      flow::remove_certificate_for(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0),
                                   visit.form.get("fingerprint"), visit.facts);
  return removed ? redirect(visit, edit_path(visit) + "?said=removed") : show_error(visit, removed.error());
}

}  // namespace web
