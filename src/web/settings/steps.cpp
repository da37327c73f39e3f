#include "web/settings/steps.hpp"

#include <charconv>

#include "base/bytes.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {

bool reaches_several(const Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  return actor.may(rights::Permission::administer_all) || actor.tenants().size() > 1;
}

std::string list_of_tenant(const Visit& visit, std::string_view path, std::string_view key) {
  if (key.empty() || !reaches_several(visit)) return std::string(path);
  return std::string(path) + "?tenant=" + base::percent_encode(key);
}

std::optional<http::Response> ask_first(Visit& visit, const std::string& page, const Act& act) {
  const std::string question = page + "?confirm=" + std::string(act.name) + act.fields;
  if (act.asks_reason) return ask_reason_first(visit, question);
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return prove_first(visit, question);
  if (visit.form.get("confirmed") == "yes") return std::nullopt;
  return redirect(visit, question);
}

std::string_view find_proof_flaw(Visit& visit) {
  switch (settle_proof(visit)) {
    case Proof::fresh: return {};
    case Proof::missing: return "own.flaw.proof_missing";
    case Proof::wrong: return "own.flaw.proof_wrong";
    case Proof::barred: return "settings.proof_barred";
    case Proof::unavailable: break;
  }
  return "settings.proof_unavailable";
}

std::string say_count(const Visit& visit, std::int64_t count) {
  if (count > flow::counted_exactly) return visit.say("list.count_more", {{"n", flow::counted_exactly}});
  return std::to_string(count);
}

void add_preview(View& view, const Visit& visit, Preview preview) {
  View& item = view.add("preview");
  item.text("preview_text", std::move(preview.text)).text("preview_csrf", make_session_csrf(visit, preview.path));
  for (std::string& effect : preview.effects) item.add("effects").text("effect", std::move(effect));
  for (const auto& [name, value] : visit.form.fields()) {
    if (name == "csrf" || name == "password" || name == "confirmed") continue;
    item.add("kept").text("kept_name", name).text("kept_value", value);
  }
  item.text("preview_path", std::move(preview.path)).text("preview_page", std::move(preview.page));
  item.flag("may_confirm", preview.may_confirm);
}

void add_was(View& view, const PrintedFields& fields) {
  for (const auto& [name, value] : fields) {
    view.add("was").text("was_name", "was_" + std::string(name)).text("was_value", value);
  }
}

void add_meanwhile(View& view, const Visit& visit, std::string_view labels, const PrintedFields& fields) {
  for (const auto& [name, value] : fields) {
    const std::string was = visit.form.get("was_" + std::string(name));
    if (was == value) continue;
    View& item = view.add("meanwhile");
    item.text("label", visit.say(std::string(labels) + std::string(name))).text("was", was).text("now", value);
  }
}

std::int64_t read_version(const Visit& visit) {
  std::int64_t version = -1;
  const std::string sent = visit.form.get("version");
  std::from_chars(sent.data(), sent.data() + sent.size(), version);
  return version;
}

}  // namespace web
