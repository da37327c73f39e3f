// An administrator creates an account (S4.25, S4.27): of a person, who begins by an invitation or an initial password;
// of an organisation; or of an IT system. Each flaw stands at its field, and never says whose a taken value is.
#include <algorithm>
#include <array>

#include "flow/account/create_account.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/password/reset_settings.hpp"
#include "web/admin/account_fields.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/password_words.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/accounts/new";
constexpr int status_of_refusal = 422;
/// What the account is of; the name of the sort is that of its kind, and "person" has two kinds.
constexpr std::array<std::string_view, 3> sorts{"person", "legal_person", "client_system"};

std::string_view find_sort(std::string_view asked) {
  const auto* const found = std::find(sorts.begin(), sorts.end(), asked);
  return found == sorts.end() ? sorts.front() : *found;
}

identity::AccountKind find_kind(std::string_view sort, const http::Form& form) {
  if (sort == "legal_person") return identity::AccountKind::legal_person;
  if (sort == "client_system") return identity::AccountKind::client_system;
  return form.get("kind") == "recipient" ? identity::AccountKind::recipient : identity::AccountKind::employee;
}

/// The form as it is shown: empty, or as it was sent.
struct NewForm {
  std::string_view sort;
  identity::AccountKind kind;
  bool was_sent = false;
};

void add_sorts(View& view, const Visit& visit, const NewForm& form) {
  for (const std::string_view sort : sorts) {
    View& item = view.add("sorts");
    item.text("sort", std::string(sort)).text("sort_label", visit.say("account_new.sort." + std::string(sort)));
    item.flag("current", sort == form.sort);
  }
  view.text("sort_now", std::string(form.sort)).text("lead", visit.say("account_new.lead." + std::string(form.sort)));
}

void add_rights(View& view, const Visit& visit, const NewForm& form, const flow::AccountChoices& choices) {
  for (const rights::ActingContext& context : choices.contexts) {
    View& item = view.add("contexts");
    item.text("key", context.key).text("context", context_name(visit, context));
    item.flag("chosen", form.was_sent ? visit.form.has("context." + context.key) : context.key == "user");
  }
  view.flag("has_groups", !choices.groups.empty());
  for (const std::string& group : choices.groups) {
    view.add("groups").text("group", group).flag("chosen", visit.form.has("group." + group));
  }
}

/// The organisation that the account will belong to: its contexts and groups are offered.
base::Result<flow::TenantName> find_tenant(const Visit& visit) {
  const http::Form& asked = visit.request.method == http::Method::post ? visit.form : visit.query;
  return flow::find_named_tenant(visit.house, *visit.visitor.actor, asked.get("tenant"));
}

http::Response show_page(Visit& visit, const NewForm& form, const std::vector<FieldSentence>& flaws) {
  const auto tenant = find_tenant(visit);
  if (!tenant) return show_error(visit, tenant.error());
  const auto choices = flow::find_choices(visit.house, *visit.visitor.actor, tenant->id);
  if (!choices) return show_error(visit, choices.error());
  View view;
  if (const auto added = add_tenant_choice(view, visit, tenant->key); !added) return show_error(visit, added.error());
  view.text("tenant_now", tenant->key).text("tenant_name_now", tenant->is_own ? std::string() : tenant->name);
  add_sorts(view, visit, form);
  add_flaw_list(view, flaws);
  const AccountForm fields{visit, form.kind, [&](std::string_view name) { return visit.form.get(name); }, flaws};
  add_account_fields(view, "names", fields, list_fields(form.kind, "name"));
  add_account_fields(view, "reach", fields, list_fields(form.kind, "reach"));
  const auto numbers = list_fields(form.kind, "numbers");
  const auto is_typed = [&](std::string_view name) { return !visit.form.get(name).empty(); };
  view.flag("has_numbers", !numbers.empty());
  view.flag("numbers_open",
            form.kind == identity::AccountKind::legal_person || std::any_of(numbers.begin(), numbers.end(), is_typed));
  add_account_fields(view, "numbers", fields, numbers);
  add_rights(view, visit, form, *choices);
  view.flag("people", identity::is_human(form.kind)).flag("external", visit.form.has("external"));
  const bool by_password = visit.form.get("begin") == "password";
  view.flag("by_invitation", !by_password).flag("by_password", by_password);
  view.flag("password_wrong",
            std::any_of(flaws.begin(), flaws.end(), [](const auto& one) { return one.field == "new_password"; }));
  const auto days = std::chrono::ceil<std::chrono::days>(visit.house.settings.reset.invitation_lasts).count();
  view.text("valid", visit.say("account_new.by_invitation_text", {{"n", std::int64_t{days}}}));
  view.text("csrf_new", make_session_csrf(visit, here));
  add_proof(view, visit);
  return show_inside(visit, "admin_account_new", "account_new.title", "/admin/accounts", std::move(view),
                     flaws.empty() ? 200 : status_of_refusal);
}

flow::NewAccount read_wish(const Visit& visit, const NewForm& form, const flow::AccountChoices& choices) {
  flow::NewAccount wished;
  wished.tenant = visit.form.get("tenant");
  wished.kind = form.kind;
  wished.given_name = visit.form.get("given_name");
  wished.family_name = visit.form.get("family_name");
  wished.organisation = visit.form.get("organisation");
  wished.locale = visit.form.get("locale");
  wished.external = identity::is_human(form.kind) && visit.form.has("external");
  wished.login = visit.form.get("login");
  wished.email = visit.form.get("email");
  wished.phone = visit.form.get("phone");
  wished.preferred_channel = visit.form.get("preferred_channel");
  wished.given_addresses = true;
  for (const std::string_view name : list_fields(form.kind, "numbers")) {
    wished.identifiers.emplace_back(name, visit.form.get(name));
  }
  wished.contexts.clear();
  // What the actor may not give is no field of the form.
  for (const rights::ActingContext& context : choices.contexts) {
    if (visit.form.has("context." + context.key)) wished.contexts.push_back(context.key);
  }
  for (const std::string& group : choices.groups) {
    if (visit.form.has("group." + group)) wished.groups.push_back(group);
  }
  if (!identity::is_human(form.kind)) return wished;
  wished.invite = visit.form.get("begin") != "password";
  if (!wished.invite) wished.password = base::Secret(visit.form.get("new_password"));
  return wished;
}

std::vector<FieldSentence> find_flaws_of_password(const Visit& visit, const flow::NewAccount& wished) {
  if (wished.invite || !identity::is_human(wished.kind)) return {};
  if (wished.password.empty()) return {{"new_password", visit.say("account_new.flaw.password_missing")}};
  if (visit.form.get("new_password") != visit.form.get("new_password_repeat")) {
    return {{"new_password_repeat", visit.say("admin_account.differ")}};
  }
  return {};
}

std::optional<http::Response> refuse_proof(Visit& visit, const NewForm& form) {
  const auto with = [&](std::string_view key) { return show_page(visit, form, {{"password", visit.say(key)}}); };
  switch (settle_proof(visit)) {
    case Proof::fresh: return std::nullopt;
    case Proof::missing: return with("own.flaw.proof_missing");
    case Proof::wrong: return with("own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: break;
  }
  return show_error(visit, 503, "the proof could not be judged");
}

}  // namespace

http::Response show_account_new(Visit& visit) {
  constexpr auto needed = rights::Permission::manage_accounts;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string_view sort = find_sort(visit.query.get("sort"));
  return show_page(visit, {sort, find_kind(sort, visit.form)}, {});
}

http::Response submit_account_new(Visit& visit) {
  constexpr auto needed = rights::Permission::manage_accounts;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string_view sort = find_sort(visit.form.get("sort"));
  const NewForm form{sort, find_kind(sort, visit.form), true};
  if (auto refusal = refuse_proof(visit, form)) return std::move(*refusal);
  const rights::Actor& actor = *visit.visitor.actor;
  const auto tenant = find_tenant(visit);
  if (!tenant) return show_error(visit, tenant.error());
  const auto choices = flow::find_choices(visit.house, actor, tenant->id);
  if (!choices) return show_error(visit, choices.error());
  const flow::NewAccount wished = read_wish(visit, form, *choices);
  const std::vector<FieldSentence> of_password = find_flaws_of_password(visit, wished);
  if (!of_password.empty()) return show_page(visit, form, of_password);
  const auto registered = flow::register_account(visit.house, actor, wished, visit.facts);
  if (!registered) return show_error(visit, registered.error());
  if (!registered->flaws.empty()) {
    std::vector<FieldSentence> flaws = say_flaws(visit, registered->flaws);
    for (const identity::PasswordFlaw& flaw : registered->password_flaws)
      flaws.push_back({"new_password", say(visit, identity::describe(flaw))});
    return show_page(visit, form, flaws);
  }
  return redirect(
      visit, "/admin/accounts/" + registered->id.to_string() + (wished.invite ? "?done=invited" : "?done=created"));
}

}  // namespace web
