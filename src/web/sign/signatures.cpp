// Signatures as their administrator runs them (S4.22): credentials of people and seals of organisations, the forms for
// new ones, the tokens with their states, and the figures of the time-stamp authority.
#include <array>

#include "flow/house/site_settings.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/timestamp/timestamp_authority.hpp"
#include "flow/timestamp/timestamp_desk.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/steps.hpp"
#include "web/sign/pages.hpp"
#include "web/sign/sign_words.hpp"

namespace web {
namespace {

constexpr int status_of_busy = 503;

using rights::Permission;

constexpr auto needed = Permission::manage_credentials;
constexpr std::string_view here = "/admin/signatures";
constexpr std::string_view new_path = "/admin/signatures/new";
constexpr std::string_view import_path = "/admin/signatures/import";
constexpr std::array<std::string_view, 4> activations{"pin", "password", "second_factor", "none"};

std::string say_time(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

void add_credential(View& item, const Visit& visit, const auto& row, const flow::OwnerNames& names) {
  const std::string state(flow::state_of(row, visit.facts.now));
  item.text("href", std::string(here) + "/" + row.id.to_string()).text("label", row.label).text("subject", row.subject);
  item.text("state", visit.say("signing.state." + state)).flag("resting", state != "active");
  item.text("owner", say_owner(visit, row.account_id, names));
  item.text("backend", visit.say("signing.backend." + row.backend)).text("uses", std::to_string(row.uses));
  if (row.not_after) item.text("until", say_time(visit, *row.not_after));
}

base::Result<std::vector<std::string>> add_tokens(View& view, const Visit& visit) {
  ASSIGN_OR_RETURN(const auto tokens, flow::look_at_tokens(visit.house, *visit.visitor.actor));
  std::vector<std::string> names;
  for (const flow::TokenShown& one : tokens) {
    names.push_back(one.name);
    View& item = view.add("tokens");
    item.text("name", one.name).text("model", one.state.model).text("serial", one.state.serial);
    item.flag("is_away", !one.state.is_present).text("failure", one.state.failure);
    item.text("presence", visit.say(one.state.is_present ? "signatures.token.there" : "signatures.token.away"));
    item.text("pin", visit.say("signatures.pin." + std::string(name_of(one.state.pin))));
  }
  view.flag("any_token", !tokens.empty());
  return names;
}

/// Only who may manage authorities sees them.
base::Result<void> add_timestamps(View& view, const Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(Permission::manage_authorities)) return {};
  ASSIGN_OR_RETURN(const auto look, flow::look_at_timestamps(visit.house, actor));
  view.flag("sees_stamps").flag("any_authority", !look.authorities.empty());
  for (const auto& row : look.authorities) {
    View& item = view.add("authorities");
    item.text("subject", row.subject).text("until", say_time(visit, row.not_after));
    item.text("authority_state", visit.say("signatures.stamps." + row.state)).flag("resting", row.state != "active");
  }
  if (look.last_at) view.text("last_stamp", say_time(visit, *look.last_at));
  if (visit.house.timestamps == nullptr) return {};
  const auto& figures = visit.house.timestamps->figures();
  const auto print = [](const auto& number) { return std::to_string(number.load()); };
  view.text("issued", print(figures.issued)).text("rejected", print(figures.rejected));
  view.text("refused", print(figures.refused)).text("mistrusted", print(figures.mistrusted));
  return {};
}

void add_options(View& view, const Visit& visit, const std::vector<std::string>& tokens) {
  const std::string activation = visit.form.get("activation");
  for (const std::string_view one : activations) {
    View& item = view.add("activations");
    item.text("value", std::string(one)).text("said", visit.say("signatures.activation." + std::string(one)));
    item.flag("chosen", activation == one);
  }
  const std::string key = visit.form.get("key");
  for (const auto kind : flow::all_soft_key_kinds) {
    const std::string name(name_of(kind));
    view.add("keys").text("value", name).flag("chosen", key == name);
  }
  for (const std::string& one : tokens) {
    view.add("places").text("value", one).flag("chosen", visit.form.get("token") == one);
  }
  view.text("typed_label", visit.form.get("label")).text("typed_account", visit.form.get("account"));
  view.flag("is_seal", visit.form.get("owner") == "seal").flag("is_issued", visit.form.get("issue") == "yes");
}

struct Said {
  std::string problem{};
  std::string proof_flaw{};
  int status = 200;
};

http::Response show(Visit& visit, Said said) {
  const bool is_sent = visit.request.method == http::Method::post;
  const std::string tenant = (is_sent ? visit.form : visit.query).get("tenant");
  const auto all = flow::list_credentials(visit.house, *visit.visitor.actor, tenant, {}, visit.facts.now);
  if (!all) return show_error(visit, all.error());
  View view;
  const auto names = flow::name_owners_of(visit.house, *visit.visitor.actor, *all);
  if (!names) return show_error(visit, names.error());
  for (const auto& row : *all) add_credential(view.add("credentials"), visit, row, *names);
  view.flag("any", !all->empty());
  if (const auto added = add_tenant_choice(view, visit, tenant); !added) return show_error(visit, added.error());
  view.text("tenant_shown", tenant);
  const auto tokens = add_tokens(view, visit);
  if (!tokens) return show_error(visit, tokens.error());
  if (const auto added = add_timestamps(view, visit); !added) return show_error(visit, added.error());
  add_options(view, visit, *tokens);
  const std::string done = visit.query.get("done");
  if (done == "deleted") view.text("done", visit.say("signatures.done.deleted"));
  view.text("problem", std::move(said.problem)).text("proof_flaw", std::move(said.proof_flaw));
  view.text("csrf_new", make_session_csrf(visit, new_path)).text("csrf_import", make_session_csrf(visit, import_path));
  add_proof(view, visit);
  return show_inside(visit, "signatures", "signatures.title", here, std::move(view), said.status);
}

/// What both forms say about the owner and the label.
base::Result<flow::CredentialWish> read_wish(const Visit& visit) {
  flow::CredentialWish wish;
  wish.owner.is_seal = visit.form.get("owner") == "seal";
  if (!wish.owner.is_seal) wish.owner.account = visit.form.get("account");
  wish.owner.tenant = wish.owner.is_seal ? visit.form.get("tenant") : std::string();
  if (!wish.owner.is_seal && wish.owner.account.empty()) {
    return base::fail(base::Code::not_found, "no account was named");
  }
  wish.label = visit.form.get("label");
  ASSIGN_OR_RETURN(wish.activation, flow::parse_activation(visit.form.get("activation")));
  wish.token = visit.form.get("token");
  (wish.token.empty() ? wish.pin : wish.token_pin) = base::Secret(visit.form.get("pin"));
  wish.is_issued = visit.form.get("issue") == "yes";
  return wish;
}

http::Response refuse(Visit& visit, const base::Error& error) {
  if (const auto flaw = flow::find_file_flaw(error); !flaw.empty()) {
    return show(visit, {visit.say("signatures.file." + std::string(flaw)), {}, status_of_flaw});
  }
  switch (error.code) {
    case base::Code::not_found: return show(visit, {visit.say("signatures.flaw.owner"), {}, status_of_flaw});
    case base::Code::invalid_input: return show(visit, {visit.say("signatures.flaw.input"), {}, status_of_flaw});
    case base::Code::login_failed: return show(visit, {visit.say("signatures.flaw.password"), {}, status_of_flaw});
    case base::Code::already_exists: return show(visit, {visit.say("signatures.flaw.exists"), {}, status_of_flaw});
    case base::Code::expired: return show(visit, {visit.say("signatures.flaw.expired"), {}, status_of_flaw});
    case base::Code::too_many: return show(visit, {visit.say("signatures.flaw.too_many"), {}, status_of_flaw});
    case base::Code::conflict: return show(visit, {visit.say("signatures.flaw.conflict"), {}, status_of_conflict});
    case base::Code::unavailable: return show(visit, {visit.say("signatures.flaw.token"), {}, 503});
    default: return show_error(visit, error);
  }
}

}  // namespace

http::Response show_signatures(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show(visit, {});
}

http::Response submit_new_signature_key(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show(visit, {{}, visit.say(flaw), status_of_flaw});
  }
  auto wish = read_wish(visit);
  if (!wish) return refuse(visit, wish.error());
  const auto kind = flow::parse_soft_key_kind(visit.form.get("key"));
  if (!kind) return refuse(visit, kind.error());
  wish->kind = *kind;
  const auto made = flow::create_credential(visit.house, *visit.visitor.actor, *wish, visit.facts);
  if (!made) return refuse(visit, made.error());
  return redirect(visit, std::string(here) + "/" + made->id.to_string() + "?done=made");
}

http::Response submit_signature_import(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  // Before the proof, whose hash is computed on this lane too.
  const auto turn = flow::ImportTurn::take(*visit.visitor.actor, visit.facts.now);
  if (!turn) return show(visit, {visit.say("signatures.flaw.busy"), {}, status_of_busy});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show(visit, {{}, visit.say(flaw), status_of_flaw});
  }
  const auto wish = read_wish(visit);
  if (!wish) return refuse(visit, wish.error());
  const bool has_file = visit.files.size() == 1 && visit.files.front().field == "file";
  if (!has_file || visit.files.front().octets.empty()) {
    return show(visit, {visit.say("signatures.flaw.file"), {}, status_of_flaw});
  }
  const flow::Pkcs12File file{visit.files.front().octets, base::Secret(visit.form.get("file_password")), *turn};
  const auto made = flow::import_pkcs12(visit.house, *visit.visitor.actor, *wish, file, visit.facts);
  if (!made) return refuse(visit, made.error());
  return redirect(visit, std::string(here) + "/" + made->id.to_string() + "?done=made");
}

}  // namespace web
