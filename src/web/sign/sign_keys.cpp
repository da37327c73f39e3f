// The own keys that sign (S4.22): a list with their states, a form for a new one and one for a file. What a new one
// gets is a certificate of the own authority, where the organisation offers it, or a request for another authority.
#include <algorithm>
#include <array>

#include "flow/house/site_settings.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/certify_credential.hpp"
#include "flow/signing/make_credential.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/settings/steps.hpp"
#include "web/sign/pages.hpp"

namespace web {
namespace {

constexpr int status_of_busy = 503;

constexpr std::string_view here = "/account/sign/keys";
constexpr std::string_view new_path = "/account/sign/keys/new";
constexpr std::string_view import_path = "/account/sign/keys/import";
constexpr std::string_view menu = "/account/sign";
constexpr std::array<std::string_view, 3> activations{"pin", "password", "second_factor"};

std::string say_time(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

base::Result<void> add_keys(View& view, const Visit& visit) {
  ASSIGN_OR_RETURN(const auto own, flow::list_own_credentials(visit.house, *visit.visitor.actor));
  const auto tokens = flow::look_at_tokens_of(visit.house, own);
  for (const auto& row : own) {
    View& item = view.add("keys");
    const std::string state(flow::state_of(row, visit.facts.now));
    item.text("href", std::string(here) + "/" + row.id.to_string()).text("label", row.label);
    item.text("state", visit.say("signing.state." + state)).flag("resting", state != "active");
    item.text("subject", row.subject).text("uses", std::to_string(row.uses));
    item.text("backend", visit.say("signing.backend." + row.backend));
    item.text("activation", visit.say("signatures.activation." + row.activation));
    if (row.last_used_at) item.text("last_used", say_time(visit, *row.last_used_at));
    if (row.not_before) item.text("from", say_time(visit, *row.not_before));
    if (row.not_after) item.text("until", say_time(visit, *row.not_after));
    if (row.pins_wait_until && visit.facts.now < *row.pins_wait_until) {
      item.text("waits", say_time(visit, *row.pins_wait_until));
    }
    const auto found = tokens.find(row.token);
    if (row.backend != "token" || found == tokens.end()) continue;
    const bool is_there = found->second.is_present;
    item.text("card", is_there ? visit.say("signatures.pin." + std::string(name_of(found->second.pin)))
                               : visit.say("signatures.token.away"));
  }
  view.flag("any", !own.empty());
  return {};
}

void add_choices(View& view, const Visit& visit) {
  const std::string activation = visit.form.get("activation");
  for (const std::string_view one : activations) {
    View& item = view.add("activations");
    item.text("value", std::string(one)).text("said", visit.say("signatures.activation." + std::string(one)));
    item.flag("chosen", activation == one);
  }
  const std::string kind = visit.form.get("key");
  for (const auto one : flow::all_soft_key_kinds) {
    const std::string name(name_of(one));
    view.add("kinds").text("value", name).flag("chosen", kind == name);
  }
  view.text("typed_label", visit.form.get("label"));
}

struct Said {
  std::string problem{};
  std::string proof_flaw{};
  int status = 200;
  std::string field{};  // "label", "pin" or "pin_repeat": the problem stands there
};

/// Each form of the page has its own names, so that only its own field is marked.
void add_problem(View& view, const Visit& visit, Said& said) {
  const bool is_import = visit.request.path == import_path;
  view.flag("import_opened", is_import && said.status != 200);
  if (said.field == "label") {
    view.text(is_import ? "import_label_flaw" : "label_flaw", std::move(said.problem));
  } else if (said.field == "pin") {
    view.text(is_import ? "import_pin_flaw" : "pin_flaw", std::move(said.problem));
  } else if (said.field == "pin_repeat") {
    view.text(is_import ? "import_repeat_flaw" : "repeat_flaw", std::move(said.problem));
  } else {
    view.text("problem", std::move(said.problem));
  }
}

http::Response show(Visit& visit, Said said) {
  View view;
  if (const auto added = add_keys(view, visit); !added) return show_error(visit, added.error());
  const auto certified = flow::may_certify_self(visit.house, *visit.visitor.actor);
  if (!certified) return show_error(visit, certified.error());
  const bool is_sent = visit.request.method == http::Method::post;
  view.flag("may_certify", *certified).flag("is_issued", !is_sent || visit.form.get("issue") == "yes");
  add_choices(view, visit);
  if (visit.query.get("done") == "deleted") view.text("done", visit.say("signatures.done.deleted"));
  add_problem(view, visit, said);
  view.text("proof_flaw", std::move(said.proof_flaw));
  view.text("csrf_new", make_session_csrf(visit, new_path)).text("csrf_import", make_session_csrf(visit, import_path));
  add_proof(view, visit);
  return show_inside(visit, "sign_keys", "sign_keys.title", menu, std::move(view), said.status);
}

http::Response refuse(Visit& visit, const base::Error& error) {
  if (const auto flaw = flow::find_file_flaw(error); !flaw.empty()) {
    return show(visit, {visit.say("signatures.file." + std::string(flaw)), {}, status_of_flaw});
  }
  switch (error.code) {
    case base::Code::invalid_input: {
      const bool is_import = visit.request.path == import_path;
      return show(visit,
                  {visit.say(is_import ? "sign_keys.flaw.key_file" : "sign_keys.flaw.input"), {}, status_of_flaw});
    }
    case base::Code::login_failed: return show(visit, {visit.say("sign_keys.flaw.password"), {}, status_of_flaw});
    case base::Code::already_exists: return show(visit, {visit.say("signatures.flaw.exists"), {}, status_of_flaw});
    case base::Code::expired: return show(visit, {visit.say("signatures.flaw.expired"), {}, status_of_flaw});
    case base::Code::too_many: return show(visit, {visit.say("sign_keys.flaw.too_many"), {}, status_of_flaw});
    case base::Code::conflict: return show(visit, {visit.say("signatures.flaw.conflict"), {}, status_of_conflict});
    default: return show_error(visit, error);
  }
}

/// The name of the first field that cannot be right; "" = there is none.
std::string_view find_wrong_field(const Visit& visit) {
  if (!flow::check_label(visit.form.get("label"))) return "label";
  if (visit.form.get("activation") != "pin") return {};
  if (!flow::may_be_pin(base::Secret(visit.form.get("pin")))) return "pin";
  return visit.form.get("pin") == visit.form.get("pin_repeat") ? "" : "pin_repeat";
}

http::Response refuse_field(Visit& visit, std::string_view field) {
  return show(visit, {visit.say("sign_keys.flaw." + std::string(field)), {}, status_of_flaw, std::string(field)});
}

/// Of the own account; a key on a card is registered by an administrator.
base::Result<flow::CredentialWish> read_wish(const Visit& visit) {
  flow::CredentialWish wish;
  wish.label = visit.form.get("label");
  const std::string activation = visit.form.get("activation");
  if (std::find(activations.begin(), activations.end(), activation) == activations.end()) {
    return base::fail(base::Code::invalid_input, "no activation of a person's key");
  }
  ASSIGN_OR_RETURN(wish.activation, flow::parse_activation(activation));
  wish.pin = base::Secret(visit.form.get("pin"));
  return wish;
}

}  // namespace

http::Response show_sign_keys(Visit& visit) {
  return show(visit, {});
}

http::Response submit_own_key(Visit& visit) {
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show(visit, {{}, visit.say(flaw), status_of_flaw});
  }
  if (const auto field = find_wrong_field(visit); !field.empty()) return refuse_field(visit, field);
  auto wish = read_wish(visit);
  if (!wish) return refuse(visit, wish.error());
  const auto kind = flow::parse_soft_key_kind(visit.form.get("key"));
  if (!kind) return refuse(visit, kind.error());
  wish->kind = *kind;
  wish->is_issued = visit.form.get("issue") == "yes";
  const auto made = flow::create_credential(visit.house, *visit.visitor.actor, *wish, visit.facts);
  if (!made) return refuse(visit, made.error());
  return redirect(visit, std::string(here) + "/" + made->id.to_string() + "?done=made");
}

http::Response submit_own_key_import(Visit& visit) {
  // Before the proof, whose hash is computed on this lane too.
  const auto turn = flow::ImportTurn::take(*visit.visitor.actor, visit.facts.now);
  if (!turn) return show(visit, {visit.say("signatures.flaw.busy"), {}, status_of_busy});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show(visit, {visit.say(flaw), {}, status_of_flaw});
  }
  if (const auto field = find_wrong_field(visit); !field.empty()) return refuse_field(visit, field);
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
