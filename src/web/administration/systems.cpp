// Client systems (S1.2, S1.3): the four settings of the connector, which count only after "apply", the client systems,
// and the table of their certificates.
#include <algorithm>
#include <array>
#include <chrono>

#include "flow/certificate/administer_authority.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/system/connector_settings.hpp"
#include "web/administration/connector_question.hpp"
#include "web/administration/pages.hpp"
#include "web/administration/system_words.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"
#include "web/page/pager.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr auto needed = rights::Permission::manage_systems;
constexpr std::string_view settings_path = "/admin/systems/settings";
constexpr std::string_view confirm_path = "/admin/systems/confirm";
constexpr std::string_view undo_path = "/admin/systems/undo";
constexpr std::string_view new_path = "/admin/systems/new";

struct Said {
  std::string problem{};
  std::string proof_flaw{};
  std::string field{};       // of the form for a new client system, that is wrong
  bool is_settings = false;  // the form of the settings was sent
  bool is_conflict = false;
  int status = 200;
};

struct Choice {
  std::string_view field;
  std::string_view yes;  // value of the first choice
  std::string_view no;
};
constexpr std::array choices{Choice{"plain_directory", "yes", "no"}, Choice{"tls_only", "on", "off"},
                             Choice{"is_mandatory", "on", "off"}, Choice{"mode", "certificate", "password"}};

PrintedFields print_fields(const flow::ConnectorDemands& demands) {
  return {{"plain_directory", demands.plain_directory ? "yes" : "no"},
          {"tls_only", demands.tls_only ? "on" : "off"},
          {"is_mandatory", demands.is_mandatory ? "on" : "off"},
          {"mode", demands.mode}};
}

PrintedFields say_fields(const Visit& visit, PrintedFields fields) {
  for (auto& [name, value] : fields) {
    value = visit.say("systems.choice." + std::string(name) + "." + value);
  }
  return fields;
}

/// What the form shows of a setting: what was sent. After a change of somebody else only what its sender had changed,
/// so that to save it again takes nothing back.
std::string find_shown(const Visit& visit, const Said& said, const std::string& name, const std::string& in_force) {
  if (!said.is_settings) return in_force;
  std::string sent = visit.form.get(name);
  const bool is_untouched =
      said.is_conflict && visit.form.get("was_" + name) == visit.say("systems.choice." + name + "." + sent);
  return is_untouched ? in_force : sent;
}

void add_settings(View& view, const Visit& visit, const flow::ConnectorLook& look, const Said& said) {
  const PrintedFields stored = print_fields(look.in_force);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const Choice& choice = choices.at(i);
    const std::string name(choice.field);
    const std::string& in_force = stored.at(i).second;
    const std::string shown = find_shown(visit, said, name, in_force);
    View& item = view.add("settings");
    item.text("field", name).text("label", visit.say("systems.field." + name));
    item.text("hint", visit.say("systems.hint." + name));
    item.text("in_force", visit.say("systems.choice." + name + "." + in_force));
    for (const std::string_view value : {choice.yes, choice.no}) {
      View& option = item.add("options");
      option.text("value", std::string(value)).flag("chosen", shown == value);
      option.text("option", visit.say("systems.choice." + name + "." + std::string(value)));
    }
  }
  add_was(view, say_fields(visit, stored));
  view.text("version", std::to_string(look.version));
  if (said.is_conflict) {
    view.flag("conflict");
    add_meanwhile(view, visit, "systems.field.", say_fields(visit, stored));
  }
  if (look.changed_at) {
    add_moment(view, visit, "changed", *look.changed_at);
    const std::string& by = look.changed_by;
    if (!by.empty()) view.text("changed_by", visit.say("systems.revoked_by", {{"person", by}}));
  }
  if (look.back_at) {
    const auto left = std::chrono::ceil<std::chrono::minutes>(*look.back_at - visit.facts.now).count();
    view.text("waits", visit.say("systems.waits", {{"n", std::int64_t{left}}}));
    view.text("waits_until", visit.say("systems.waits_until", {{"time", say_time(visit, *look.back_at)}}));
    view.flag("waits_focus", visit.query.get("done") == "provisional");
    view.text("csrf_confirm", make_session_csrf(visit, confirm_path));
    view.text("csrf_undo", make_session_csrf(visit, undo_path));
    const PrintedFields before = say_fields(visit, print_fields(look.before));
    const PrintedFields now = say_fields(visit, stored);
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (before.at(i).second == now.at(i).second) continue;
      view.add("waiting")
          .text("label", visit.say("systems.field." + std::string(choices.at(i).field)))
          .text("before", before.at(i).second)
          .text("now", now.at(i).second);
    }
  }
  view.text("csrf_settings", make_session_csrf(visit, settings_path));
}

void add_systems(View& view, const Visit& visit, const flow::SystemsLook& look) {
  const bool several = reaches_several(visit);
  for (const flow::SystemLook& one : look.systems) {
    View& item = view.add("systems");
    item.text("system", one.system.id).text("link", system_link(one.system.id)).text("name", one.system.name);
    item.flag("has_password", one.has_password).flag("is_suspended", !one.is_active);
    item.text("good", std::to_string(one.good_certificates));
    if (several) item.text("tenant", one.tenant);
  }
  view.flag("any_system", !look.systems.empty()).flag("several", several);
}

using Certificates = decltype(flow::SystemsLook::certificates);

bool contains(std::string_view text, std::string_view part) {
  const auto found = std::search(text.begin(), text.end(), part.begin(), part.end(), [](char a, char b) {
    const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return small(a) == small(b);
  });
  return found != text.end();
}

void search(Certificates& all, const std::string& text) {
  if (text.empty()) return;
  std::string digits = text;
  std::erase(digits, ':');
  std::erase_if(all, [&](const auto& one) {
    return !contains(one.system_id, text) && !contains(one.subject, text) && !contains(one.issuer, text) &&
           !contains(one.sha256, digits) && !contains(one.algorithm, text);
  });
}

constexpr std::array<std::string_view, 4> orders{"created", "system", "issuer", "until"};

void sort(Certificates& all, const std::string& order) {
  if (order == "system") {
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.system_id < b.system_id; });
  } else if (order == "issuer") {
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.issuer < b.issuer; });
  } else if (order == "until") {
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.not_after < b.not_after; });
  }
}

base::Result<void> add_certificates(View& view, const Visit& visit, Certificates all) {
  const std::int64_t soon = std::count_if(all.begin(), all.end(), [&](const auto& one) {
    return one.is_good(visit.facts.now) && one.not_after - visit.facts.now < flow::certificate_warning;
  });
  if (soon > 0) view.text("ends_soon", visit.say("systems.ends_soon", {{"n", soon}}));
  view.flag("any_certificate", !all.empty());
  const std::string text = visit.query.get("text");
  const std::string asked = visit.query.get("sort");
  const bool is_order = std::find(orders.begin(), orders.end(), asked) != orders.end();
  const std::string order = is_order ? asked : std::string(orders.front());
  search(all, text);
  sort(all, order);
  ASSIGN_OR_RETURN(const flow::PageWish wish, read_page_wish(visit.query));
  const auto page = flow::cut_page(std::move(all), wish, [](const auto& one) { return one.sha256; });
  for (const auto& one : page.rows) add_certificate(view.add("certificates"), visit, one);
  view.flag("found", !page.rows.empty()).text("text", text);
  for (const std::string_view one : orders) {
    view.add("orders")
        .text("order", std::string(one))
        .text("order_label", visit.say("systems.order." + std::string(one)))
        .flag("order_chosen", one == order);
  }
  add_pages(view, visit, {std::string(systems_path), {{"text", text}, {"sort", is_order ? asked : std::string()}}},
            page.ends);
  return {};
}

http::Response show_page(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  View view;
  const bool is_new = !said.field.empty();
  view.text("done", say_done(visit)).text(is_new ? "new_flaw" : "problem", said.problem);
  view.text("proof_flaw", said.proof_flaw);
  const auto connector = flow::look_at_connector(visit.house, actor, visit.facts.now);
  if (!connector && connector.error().code != base::Code::denied) return show_error(visit, connector.error());
  view.flag("sets", connector.has_value());
  if (connector) add_settings(view, visit, *connector, said);
  auto look = flow::look_at_systems(visit.house, actor, visit.facts.now);
  if (!look) return show_error(visit, look.error());
  add_systems(view, visit, *look);
  if (const auto added = add_certificates(view, visit, std::move(look->certificates)); !added)
    return show_error(visit, added.error());
  view.text("typed_id", visit.form.get("id")).text("typed_name", visit.form.get("name"));
  view.flag("flaw_id", is_new && said.field == "id").flag("flaw_name", is_new && said.field == "name");
  view.flag("flaw_form", is_new && said.field != "id" && said.field != "name");
  view.flag("is_new", is_new).text("csrf_new", make_session_csrf(visit, new_path));
  if (const auto added = add_tenant_choice(view, visit, visit.form.get("tenant")); !added)
    return show_error(visit, added.error());
  const auto chain = flow::print_chain(visit.house, visit.facts.now);
  if (!chain) return show_error(visit, chain.error());
  view.flag("has_authority", !chain->empty());
  add_proof(view, visit);
  return show_inside(visit, "systems", "systems.title", systems_path, std::move(view), said.status);
}

http::Response refuse_settings(Visit& visit, Said said) {
  said.is_settings = true;
  if (said.status == 200) said.status = status_of_flaw;
  return show_page(visit, said);
}

bool is_choice(std::size_t index, const std::string& value) {
  return value == choices.at(index).yes || value == choices.at(index).no;
}

/// The change that waited was confirmed or undone.
http::Response answer_waiting(Visit& visit, const base::Result<void>& done, std::string_view what) {
  if (done) return redirect(visit, std::string(systems_path) + "?done=" + std::string(what));
  // Who does not reach the whole installation has nothing to confirm either.
  const base::Code code = done.error().code;
  if (code == base::Code::expired || code == base::Code::conflict || code == base::Code::denied) {
    return show_page(visit, {.problem = visit.say("systems.flaw.late"), .status = status_of_conflict});
  }
  return show_error(visit, done.error());
}

}  // namespace

http::Response show_systems(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_connector_settings(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (!is_choice(i, visit.form.get(choices.at(i).field)))
      return refuse_settings(visit, {.problem = visit.say("systems.flaw.choice")});
  }
  const flow::ConnectorWish wish = read_connector_wish(visit);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    if (!wish.is_sure) return refuse_settings(visit, {.problem = visit.say(flaw)});
    const auto asked = flow::find_connector_question(visit.house, *visit.visitor.actor, wish.demands, visit.facts.now);
    return asked ? show_connector_question(visit, *asked, visit.say(flaw)) : show_error(visit, asked.error());
  }
  const auto done = flow::apply_connector_settings(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (!done && done.error().code == base::Code::conflict) {
    return refuse_settings(visit, {.is_conflict = true, .status = status_of_conflict});
  }
  if (!done) return show_error(visit, done.error());
  switch (done->applied) {
    case flow::Applied::locked_out:
    case flow::Applied::opens: return show_connector_question(visit, *done, {});
    case flow::Applied::nothing: return redirect(visit, std::string(systems_path) + "?done=nothing");
    case flow::Applied::provisional: return redirect(visit, std::string(systems_path) + "?done=provisional");
    case flow::Applied::in_force: break;
  }
  return redirect(visit, std::string(systems_path) + "?done=applied");
}

http::Response submit_connector_confirmation(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return answer_waiting(
      visit, flow::confirm_connector_settings(visit.house, *visit.visitor.actor, read_version(visit), visit.facts),
      "confirmed");
}

http::Response submit_connector_undo(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return answer_waiting(
      visit, flow::undo_connector_settings(visit.house, *visit.visitor.actor, read_version(visit), visit.facts),
      "undone");
}

http::Response show_authorities(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  auto chain = flow::print_chain(visit.house, visit.facts.now);
  if (!chain) return show_error(visit, chain.error());
  if (chain->empty()) return show_error(visit, 404, "there is no authority");
  http::Response response;
  response.kind = http::Kind::data;
  response.content_type = "application/pem-certificate-chain";
  response.body = std::move(*chain);
  response.add("Content-Disposition", "attachment; filename=\"authorities.pem\"");
  visit.cookies.move_to(response);
  return response;
}
http::Response submit_new_system(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_page(visit, {.problem = visit.say(flaw), .field = "proof", .status = status_of_flaw});
  const flow::NewSystem wish{visit.form.get("id"), visit.form.get("name"), visit.form.get("tenant")};
  const auto made = flow::add_system(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (made) return redirect(visit, system_link(wish.id) + "&done=added");
  switch (made.error().code) {
    case base::Code::invalid_input:
      return show_page(visit, {.problem = visit.say("systems.flaw." + made.error().reason),
                               .field = made.error().reason,
                               .status = status_of_flaw});
    case base::Code::already_exists:
      return show_page(visit, {.problem = visit.say("systems.flaw.taken"), .field = "id", .status = status_of_flaw});
    case base::Code::too_many:
      return show_page(visit, {.problem = visit.say("systems.flaw.many"), .field = "id", .status = status_of_flaw});
    default: return show_error(visit, made.error());
  }
}

}  // namespace web
