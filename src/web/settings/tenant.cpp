// One organisation: its name and language, its look with a picture before it is saved, and its logo.
#include <algorithm>

#include "base/bytes.hpp"
#include "flow/tenant/delete_tenant.hpp"
#include "flow/tenant/features.hpp"
#include "text/text.hpp"
#include "web/page/brand.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"
#include "web/settings/tenant_form.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/tenants";
constexpr auto needed = rights::Permission::manage_tenants;
constexpr rights::Permissions may_see{rights::Permission::manage_tenants, rights::Permission::read_settings};

const std::string& id_of(const Visit& visit) {
  return visit.request.path_parameters.at(0);
}
std::string tenant_path(const Visit& visit) {
  return std::string(here) + "/" + id_of(visit);
}

struct ShownTenant {
  std::string name;
  std::string brand_name;
  std::string locale;
  std::string acting_told;
  std::string accent;
  std::string accent_dark;
};

ShownTenant show_stored(const flow::TenantLook& look) {
  return {look.name,         look.brand_name,       look.locale, code_of_told(look.acting_told),
          look.brand.accent, look.brand.accent_dark};
}

ShownTenant read_form(const http::Form& form) {
  return {form.get("name"),        form.get("brand_name"), form.get("locale"),
          form.get("acting_told"), form.get("accent"),     form.get("accent_dark")};
}

flow::TenantWish make_wish(const ShownTenant& shown, std::int64_t version) {
  flow::TenantWish wish;
  wish.name = shown.name;
  wish.brand_name = shown.brand_name;
  wish.locale = shown.locale;
  wish.accent = shown.accent;
  wish.accent_dark = shown.accent_dark;
  wish.version = version;
  return wish;
}

PrintedFields print_fields(const Visit& visit, const ShownTenant& shown) {
  return {{"name", shown.name},
          {"brand_name", shown.brand_name},
          {"locale", say_locale(visit, shown.locale)},
          {"acting_told", say_told(visit, shown.acting_told)},
          {"accent", shown.accent},
          {"accent_dark", shown.accent_dark}};
}

/// What the page says besides the state of the organisation.
struct Said {
  std::string problem{};
  std::string proof_flaw{};
  std::vector<std::string> flaws{};
  const ShownTenant* typed = nullptr;
  bool is_preview = false;
  bool is_conflict = false;
  std::string new_logo{};  // SVG, checked, not saved yet
  int status = 200;
};

std::string done_text(const Visit& visit, const flow::TenantLook& look) {
  const std::string key = "organisation.done." + visit.query.get("done");
  return text::has(key) ? visit.say(key, {{"name", look.name}}) : std::string();
}

void add_form(View& view, const Visit& visit, const ShownTenant& shown, const Said& said) {
  view.text("typed_name", shown.name).text("brand_name", shown.brand_name);
  view.text("accent_typed", shown.accent).text("accent_dark_typed", shown.accent_dark);
  add_locales(view, visit, shown.locale);
  add_told(view, visit, shown.acting_told);
  add_tenant_flaws(view, visit, said.flaws);
  view.text("csrf_change", make_session_csrf(visit, tenant_path(visit) + "/change"));
  view.text("csrf_logo", make_session_csrf(visit, tenant_path(visit) + "/logo"));
  view.text("csrf_no_logo", make_session_csrf(visit, tenant_path(visit) + "/remove-logo"));
}

/// An address that holds the picture itself. An image of a page runs no script, whatever it holds.
std::string picture_of(const std::string& svg) {
  return "data:image/svg+xml;base64," + base::to_base64(svg);
}

/// The SVG of the file that was sent, or of the preview that is confirmed; "" = none.
std::string read_logo(const Visit& visit) {
  const auto file =
      std::find_if(visit.files.begin(), visit.files.end(), [](const auto& one) { return one.field == "logo_svg"; });
  if (file != visit.files.end()) return file->octets;
  const auto kept = base::parse_base64url(visit.form.get("logo"));
  return kept ? *kept : std::string();
}

void add_question_of_logo(View& view, const Visit& visit) {
  Question question{visit.say("organisation.logo.remove_ask"),
                    visit.say("organisation.logo.remove"),
                    tenant_path(visit) + "/remove-logo",
                    tenant_path(visit),
                    {{"confirmed", "yes"}},
                    visit.say("organisation.logo.remove_text")};
  question.is_dangerous = true;
  add_question(view, visit, std::move(question));
}

std::string say_feature(const Visit& visit, std::string_view feature) {
  return visit.say("feature." + std::string(feature));
}

/// After a proof: asks once more for what the address names.
void add_question_of_feature(View& view, const Visit& visit) {
  const std::string feature = visit.query.get("feature");
  const std::string state = visit.query.get("state");
  if (!flow::parse_feature(feature) || !flow::parse_feature_state(state)) return;
  Question question{visit.say("feature.ask." + state, {{"feature", say_feature(visit, feature)}}),
                    visit.say("feature.set." + state),
                    tenant_path(visit) + "/feature",
                    tenant_path(visit),
                    {{"confirmed", "yes"}, {"feature", feature}, {"state", state}},
                    visit.say("feature.then." + state)};
  question.is_dangerous = state == "off";
  add_question(view, visit, std::move(question));
}

base::Result<void> add_features(View& view, const Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  ASSIGN_OR_RETURN(const auto all, flow::list_features(visit.house, actor, id_of(visit)));
  view.text("csrf_feature", make_session_csrf(visit, tenant_path(visit) + "/feature"));
  for (const flow::FeatureLook& one : all.features) {
    View& item = view.add("features");
    const std::string name(flow::name_of(one.feature));
    item.text("feature", name).text("feature_label", say_feature(visit, name));
    item.text("state_label", visit.say("feature.state." + std::string(flow::name_of(one.state))));
    item.text("whose", visit.say(one.is_own ? "feature.own" : "feature.from_above"));
    const bool is_on = one.state == flow::FeatureState::on;
    const auto offer = [&](flow::FeatureState state, rights::Permission permission) {
      if (state == one.state || !actor.may(permission)) return;
      const std::string code(flow::name_of(state));
      item.add("choices").text("state", code).text("set_label", visit.say("feature.set." + code));
    };
    offer(flow::FeatureState::on, rights::Permission::administer_all);
    offer(flow::FeatureState::off, rights::Permission::administer_all);
    if (!is_on) offer(flow::FeatureState::ordered, rights::Permission::manage_tenants);
  }
  return {};
}

/// The page on which something that is left can be deleted; "" = there is none that the actor can open.
std::string link_to(const flow::LeftInTenant& one) {
  const std::string id = one.id.to_string();
  if (one.kind == "account" || one.kind == "client_system") return "/admin/accounts/" + id;
  if (one.kind == "tenant") return std::string(here) + "/" + id;
  if (one.kind == "client") return "/admin/applications/" + base::percent_encode(one.name);
  if (one.kind == "resource_server" || one.kind == "rule") return one.id.is_none() ? "" : "/admin/resources/" + id;
  if (one.kind == "credential") return "/admin/signatures/" + id;
  if (one.kind == "policy") return "/admin/policies/" + id;
  return "/admin/trust";
}

/// The section "Delete": what stands in the way, or the button; after it the question.
base::Result<void> add_deletion(View& view, const Visit& visit) {
  ASSIGN_OR_RETURN(const auto remains,
                   flow::find_tenant_remains(visit.house, *visit.visitor.actor, id_of(visit), visit.facts.now));
  View& section = view.add("deletion");
  section.flag("is_first", remains.is_first).flag("is_own", remains.is_own && !remains.is_first);
  section.flag("may_go", remains.may_go())
      .text("csrf_delete", make_session_csrf(visit, tenant_path(visit) + "/delete"));
  if (!remains.is_first && !remains.is_own && !remains.left.empty()) {
    View& list = section.add("remains");
    for (const flow::LeftInTenant& one : remains.left) {
      View& item = list.add("left");
      item.text("left_kind", visit.say("organisation.left." + std::string(one.kind)));
      item.text("left_name", one.name.empty() && !one.id.is_none() ? one.id.to_string() : one.name);
      item.text("left_at", link_to(one)).flag("goes_on", one.goes_on);
    }
  }
  if (visit.query.get("confirm") != "delete" || !remains.may_go()) return {};
  Question question{visit.say("organisation.delete.ask", {{"name", remains.name}}),
                    visit.say("organisation.delete"),
                    tenant_path(visit) + "/delete",
                    tenant_path(visit),
                    {{"confirmed", "yes"}},
                    visit.say("organisation.delete.text")};
  question.is_dangerous = true;
  add_question(view, visit, std::move(question));
  return {};
}

http::Response show_page(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto look = flow::find_tenant_look(visit.house, actor, id_of(visit));
  if (!look) return show_error(visit, look.error());
  const ShownTenant stored = show_stored(*look);
  const ShownTenant& shown = said.typed != nullptr ? *said.typed : stored;
  const bool may_change = actor.may(needed);
  View view;
  view.text("id", id_of(visit)).text("name", look->name).text("key", look->key).text("done", done_text(visit, *look));
  view.text("problem", said.problem).text("proof_flaw", said.proof_flaw).flag("may_change", may_change);
  view.text("brand_shown", shown.brand_name.empty() ? shown.name : shown.brand_name);
  view.text("locale_now", say_locale(visit, look->locale));
  view.text("told_now", say_told(visit, stored.acting_told));
  flow::Brand brand = look->brand;
  if (said.is_preview) {
    brand.accent = shown.accent;
    brand.accent_dark = shown.accent_dark;
  }
  flow::Brand with_id = look->brand;
  if (look->parent_id) with_id.tenant_id = look->id;
  const std::string logo = look->brand.logo_svg.empty() ? std::string() : logo_address(with_id);
  view.text("logo", logo);
  add_looks(view, visit, brand, said.new_logo.empty() ? logo : picture_of(said.new_logo));
  if (!said.new_logo.empty()) {
    view.add("new_logo").text("new_logo_octets", base::to_base64url(said.new_logo));
  }
  if (may_change) {
    const auto fields = print_fields(visit, stored);
    add_form(view, visit, shown, said);
    add_was(view, fields);
    view.flag("conflict", said.is_conflict).text("version", std::to_string(look->version));
    if (said.is_conflict) add_meanwhile(view, visit, "organisation.field.", fields);
    if (said.is_preview) {
      add_preview(view, visit,
                  {visit.say("organisation.preview"), {}, tenant_path(visit) + "/change", tenant_path(visit)});
    }
    if (visit.query.get("confirm") == "remove-logo") add_question_of_logo(view, visit);
    if (visit.query.get("confirm") == "feature") add_question_of_feature(view, visit);
    if (const auto added = add_deletion(view, visit); !added) return show_error(visit, added.error());
    add_proof(view, visit);
  }
  if (const auto added = add_features(view, visit); !added) return show_error(visit, added.error());
  return show_inside(visit, "tenant", "organisation.one", here, std::move(view), said.status);
}

}  // namespace

http::Response show_tenant(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_tenant_change(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const auto stored = flow::find_tenant_look(visit.house, *visit.visitor.actor, id_of(visit));
  if (!stored) return show_error(visit, stored.error());
  const ShownTenant typed = read_form(visit.form);
  flow::TenantWish wish = make_wish(typed, read_version(visit));
  if (visit.form.has("acting_told")) wish.acting_told = typed.acting_told;
  if (auto flaws = flow::find_tenant_flaws(wish); !flaws.empty())
    return show_page(visit, {.flaws = std::move(flaws), .typed = &typed, .status = status_of_flaw});
  if (stored->version != *wish.version)
    return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
  if (visit.form.get("confirmed") != "yes") return show_page(visit, {.typed = &typed, .is_preview = true});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_page(visit,
                     {.proof_flaw = visit.say(flaw), .typed = &typed, .is_preview = true, .status = status_of_flaw});
  const auto changed = flow::change_tenant(visit.house, *visit.visitor.actor, id_of(visit), wish, visit.facts);
  if (changed) return redirect(visit, tenant_path(visit) + "?done=" + std::string(*changed ? "change" : "nothing"));
  if (changed.error().code == base::Code::conflict)
    return show_page(visit, {.typed = &typed, .is_conflict = true, .status = status_of_conflict});
  return show_error(visit, changed.error());
}

http::Response submit_tenant_logo(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string svg = read_logo(visit);
  flow::TenantWish wish;
  wish.logo_svg = svg;
  if (svg.empty() || !flow::find_tenant_flaws(wish).empty())
    return show_page(visit, {.flaws = {"logo_svg"}, .status = status_of_flaw});
  if (visit.form.get("confirmed") != "yes") return show_page(visit, {.new_logo = svg});
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty())
    return show_page(visit, {.proof_flaw = visit.say(flaw), .new_logo = svg, .status = status_of_flaw});
  wish.version = read_version(visit);
  const auto changed = flow::change_tenant(visit.house, *visit.visitor.actor, id_of(visit), wish, visit.facts);
  if (!changed && changed.error().code == base::Code::conflict)
    return show_page(visit, {.problem = visit.say("organisation.logo.meanwhile"), .status = status_of_conflict});
  if (!changed) return show_error(visit, changed.error());
  return redirect(visit, tenant_path(visit) + "?done=" + std::string(*changed ? "logo" : "nothing"));
}

http::Response submit_tenant_logo_removal(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (auto question = ask_first(visit, tenant_path(visit), {"remove-logo", false})) return std::move(*question);
  flow::TenantWish wish;
  wish.logo_svg = "";
  const auto changed = flow::change_tenant(visit.house, *visit.visitor.actor, id_of(visit), wish, visit.facts);
  if (!changed) return show_error(visit, changed.error());
  return redirect(visit, tenant_path(visit) + "?done=" + std::string(*changed ? "no_logo" : "nothing"));
}

http::Response submit_tenant_feature(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may_one_of({needed, rights::Permission::administer_all})) return show_forbidden(visit, needed);
  const auto feature = flow::parse_feature(visit.form.get("feature"));
  if (!feature) return show_error(visit, feature.error());
  const auto state = flow::parse_feature_state(visit.form.get("state"));
  if (!state) return show_error(visit, state.error());
  const auto permission = *state == flow::FeatureState::ordered ? needed : rights::Permission::administer_all;
  if (!actor.may(permission)) return show_forbidden(visit, permission);
  const std::string fields =
      "&feature=" + std::string(flow::name_of(*feature)) + "&state=" + std::string(flow::name_of(*state));
  if (auto question = ask_first(visit, tenant_path(visit), {"feature", false, fields})) return std::move(*question);
  const auto changed = flow::set_feature(visit.house, actor, {id_of(visit), *feature, *state}, visit.facts);
  if (!changed && changed.error().code == base::Code::conflict) return redirect(visit, tenant_path(visit));
  if (!changed) return show_error(visit, changed.error());
  return redirect(visit, tenant_path(visit) + "?done=" + std::string(*changed ? "feature" : "nothing"));
}

http::Response submit_tenant_delete(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const auto refused = [&] {
    return show_page(visit, {.problem = visit.say("organisation.delete.refused"), .status = status_of_conflict});
  };
  const auto before = flow::find_tenant_remains(visit.house, *visit.visitor.actor, id_of(visit), visit.facts.now);
  if (!before) return show_error(visit, before.error());
  if (!before->may_go()) return refused();
  if (auto question = ask_first(visit, tenant_path(visit), {"delete", false})) return std::move(*question);
  const auto gone = flow::delete_tenant(visit.house, *visit.visitor.actor, id_of(visit), visit.facts);
  if (!gone) return show_error(visit, gone.error());
  if (!gone->may_go()) return refused();
  return redirect(visit, std::string(here) + "?done=delete");
}

}  // namespace web
