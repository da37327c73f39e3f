// Access certificates (S1.3): "let the connector generate it" answers with a page that holds the ZIP file, once; a
// certificate of others is imported; each is revoked for ever after one question.
#include "flow/system/administer_systems.hpp"
#include "flow/system/make_certificate.hpp"
#include "web/administration/pages.hpp"
#include "web/administration/system_words.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr auto needed = rights::Permission::manage_systems;
constexpr std::string_view certificate_path = "/admin/systems/certificate";
constexpr std::size_t once_octets = 16;  // of the form that makes one certificate, however often it is sent
constexpr std::string_view revoke_path = "/admin/systems/revoke";

struct Said {
  std::string problem{};
  std::string_view field{};  // that is wrong: "id", "file"
  int status = 200;
};

http::Response show_form(Visit& visit, const Said& said) {
  const bool is_sent = visit.request.method == http::Method::post;
  const http::Form& asked = is_sent ? visit.form : visit.query;
  View view;
  view.text(said.field.empty() ? "problem" : "field_flaw", said.problem)
      .flag("flaw_id", said.field == "id")
      .flag("flaw_file", said.field == "file");
  view.text("typed_id", asked.get("id")).flag("generate", !is_sent || visit.form.get("generate") == "yes");
  view.flag("old_software", visit.form.get("old_software") == "yes");
  const std::string chosen = is_sent ? visit.form.get("key") : std::string("rsa2048");
  for (const flow::SystemKey key : {flow::SystemKey::rsa_2048, flow::SystemKey::ecc_256, flow::SystemKey::rsa_3072}) {
    const std::string name(flow::name_of(key));
    view.add("keys")
        .text("key", name)
        .text("key_label", visit.say("systems.key." + name))
        .flag("chosen", name == chosen);
  }
  const auto all = flow::look_at_systems(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!all) return show_error(visit, all.error());
  for (const flow::SystemLook& one : all->systems) view.add("known").text("system", one.system.id);
  view.text("pem", visit.form.get("certificate"));
  view.text("once", base::to_base64url(base::random_bytes(once_octets)));
  view.text("csrf_certificate", make_session_csrf(visit, certificate_path));
  if (const auto added = add_tenant_choice(view, visit, visit.form.get("tenant")); !added)
    return show_error(visit, added.error());
  add_proof(view, visit);
  return show_inside(visit, "system_certificate", "systems.certificate.add", systems_path, std::move(view),
                     said.status);
}

http::Response refuse(Visit& visit, std::string_view key, std::string_view field = {}) {
  return show_form(visit, {visit.say(key), field, status_of_flaw});
}

/// The client system is added if there is none with this id, because the manual's form knows no other place for it.
/// nullopt: it is there.
std::optional<http::Response> find_or_add(Visit& visit, const std::string& id) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!flow::is_system_id(id)) return refuse(visit, "systems.flaw.id", "id");
  const auto found = flow::look_at_system(visit.house, actor, id, visit.facts.now);
  if (found) return std::nullopt;
  if (found.error().code != base::Code::not_found) return show_error(visit, found.error());
  const auto added = flow::add_system(visit.house, actor, {id, {}, visit.form.get("tenant")}, visit.facts);
  if (added) return std::nullopt;
  if (added.error().code == base::Code::already_exists) return refuse(visit, "systems.flaw.taken", "id");
  if (added.error().code == base::Code::too_many) return refuse(visit, "systems.flaw.many", "id");
  return show_error(visit, added.error());
}

http::Response send_zip(Visit& visit, const std::string& id) {
  const auto key = flow::find_system_key(visit.form.get("key"));
  if (!key) return refuse(visit, "systems.flaw.key");
  if (auto answer = find_or_add(visit, id)) return std::move(*answer);
  const flow::SystemZipWish wish{id, *key, visit.form.get("old_software") == "yes", visit.form.get("once")};
  const auto made = flow::issue_system_certificate(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (!made && made.error().code == base::Code::conflict) return refuse(visit, "systems.flaw.authority");
  if (!made && made.error().code == base::Code::too_many) return refuse(visit, "systems.flaw.too_many", "id");
  if (!made && made.error().code == base::Code::already_exists) return refuse(visit, "systems.flaw.sent_twice");
  if (!made) return show_error(visit, made.error());
  // The page itself holds the file, which is stored nowhere else.
  visit.is_shown_once = true;
  View view;
  view.text("made_for", visit.say("systems.made.for", {{"system", id}})).text("file_name", made->name);
  view.text("file", "data:application/zip;base64," + base::to_base64(made->octets.reveal()));
  view.text("system_at", system_link(id));
  return show_inside(visit, "system_made", "systems.made.title", systems_path, std::move(view));
}

http::Response import(Visit& visit, const std::string& id) {
  std::string octets = visit.form.get("certificate");
  for (const http::UploadedFile& file : visit.files) {
    if (file.field == "file" && !file.octets.empty()) octets = file.octets;
  }
  if (octets.empty()) return refuse(visit, "systems.flaw.file", "file");
  if (!flow::is_system_id(id)) return refuse(visit, "systems.flaw.id", "id");
  // Judged before the client system is added, so that nothing is saved with a flaw.
  const auto judged = flow::judge_system_certificate(visit.house, octets, visit.facts.now);
  if (!judged) return show_error(visit, judged.error());
  if (*judged != flow::CertificateFlaw::none)
    return refuse(visit, "systems.flaw.certificate." + std::string(flow::name_of(*judged)), "file");
  if (auto answer = find_or_add(visit, id)) return std::move(*answer);
  const auto flaw = flow::import_system_certificate(visit.house, *visit.visitor.actor, id, octets, visit.facts);
  if (!flaw) return show_error(visit, flaw.error());
  if (*flaw != flow::CertificateFlaw::none)
    return refuse(visit, "systems.flaw.certificate." + std::string(flow::name_of(*flaw)), "file");
  return redirect(visit, std::string(systems_path) + "?done=imported");
}

http::Response show_question(Visit& visit, const std::string& sha256, const Said& said) {
  const auto found = flow::look_at_certificate(visit.house, *visit.visitor.actor, sha256);
  if (!found) return show_error(visit, found.error());
  View view;
  add_certificate(view.add("certificates"), visit, *found);
  view.text("problem", said.problem).flag("lacks_reason", said.field == "reason");
  view.flag("may_revoke", !found->revoked_at);
  for (const std::string_view reason : flow::revocation_reasons) {
    view.add("reasons").text("value", std::string(reason)).text("label", visit.say("audit.why." + std::string(reason)));
  }
  view.text("reason_id", "reason").text("sha256", sha256).text("csrf_revoke", make_session_csrf(visit, revoke_path));
  add_proof(view, visit);
  return show_inside(visit, "system_revoke", "systems.revoke.title", systems_path, std::move(view), said.status);
}

}  // namespace

http::Response show_new_certificate(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_form(visit, {});
}

http::Response submit_new_certificate(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return refuse(visit, flaw);
  const std::string id = visit.form.get("id");
  return visit.form.get("generate") == "yes" ? send_zip(visit, id) : import(visit, id);
}

http::Response show_revocation(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_question(visit, visit.query.get("sha256"), {});
}

http::Response submit_revocation(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string sha256 = visit.form.get("sha256");
  visit.kept = {{"sha256", sha256}};
  const std::string reason = visit.form.get("reason");
  if (!flow::is_revocation_reason(reason)) return show_question(visit, sha256, {{}, "reason", status_of_flaw});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_question(visit, sha256, {visit.say(flaw), {}, status_of_flaw});
  const auto done = flow::revoke_system_certificate(visit.house, *visit.visitor.actor, sha256, reason, visit.facts);
  if (done) return redirect(visit, std::string(systems_path) + "?done=revoked");
  if (done.error().code == base::Code::conflict)
    return show_question(visit, sha256, {visit.say("systems.flaw.revoked"), {}, status_of_conflict});
  return show_error(visit, done.error());
}

}  // namespace web
