// The tokens with which applications register themselves (RFC 7591 §3): a list, and the form for a new one.
#include <algorithm>
#include <array>
#include <charconv>

#include "flow/house/site_settings.hpp"
#include "flow/registration/administer_tokens.hpp"
#include "flow/registration/register_client.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/registration-tokens";
constexpr std::string_view new_path = "/admin/registration-tokens/new";
constexpr std::string_view revoke_path = "/admin/registration-tokens/revoke";
constexpr std::string_view menu = "/admin/applications";
constexpr auto needed = rights::Permission::manage_clients;
constexpr rights::Permissions may_see{rights::Permission::manage_clients, rights::Permission::read_settings};
constexpr std::array<std::int64_t, 4> uses{1, 10, 100, 0};  // 0 = any number
constexpr std::array<std::int64_t, 4> days{1, 7, 30, 365};

struct Said {
  std::string problem{};
  std::string proof_flaw{};
  std::string secret{};  // a new token
  int status = 200;
};

std::string format(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

void add_row(View& view, const Visit& visit, const flow::ShownToken& token) {
  View& item = view.add("tokens");
  item.text("id", token.id.to_string()).text("name", token.name);
  item.text("state", visit.say("token.state." + token.state)).flag("resting", token.state != "valid");
  item.text("uses", token.uses_left ? std::to_string(*token.uses_left) : visit.say("token.uses.any"));
  if (token.expires_at) item.text("expires", format(visit, *token.expires_at));
  if (token.last_used_at) add_moment(item, visit, "last_used", *token.last_used_at);
  item.flag("may_revoke", token.state == "valid" && visit.visitor.actor->may(needed));
  item.text("csrf_revoke", make_session_csrf(visit, revoke_path));
}

void add_choices(View& view, const Visit& visit) {
  for (const std::int64_t one : uses) {
    const std::string value = std::to_string(one);
    View& item = view.add("uses_choices");
    item.text("value", value).text("label", one == 0 ? visit.say("token.uses.any") : value);
    item.flag("chosen", visit.form.get("uses") == value);
  }
  for (const std::int64_t one : days) {
    const std::string value = std::to_string(one);
    View& item = view.add("days_choices");
    item.text("value", value).text("label", visit.say("token.days", {{"n", one}}));
    item.flag("chosen", visit.form.get("days") == value);
  }
}

void add_question_of_revocation(View& view, const Visit& visit, const std::vector<flow::ShownToken>& tokens) {
  if (visit.query.get("confirm") != "revoke") return;
  const std::string id = visit.query.get("token");
  const auto found =
      std::find_if(tokens.begin(), tokens.end(), [&](const auto& one) { return one.id.to_string() == id; });
  if (found == tokens.end() || found->revoked_at) return;
  Question question{visit.say("token.revoke.ask", {{"name", found->name}}),
                    visit.say("token.revoke"),
                    std::string(revoke_path),
                    std::string(here),
                    {{"token", id}, {"confirmed", "yes"}},
                    visit.say("token.revoke.text")};
  question.is_dangerous = true;
  add_question(view, visit, std::move(question));
}

http::Response show_list(Visit& visit, const Said& said) {
  const bool is_sent = visit.request.method == http::Method::post;
  const std::string tenant = (is_sent ? visit.form : visit.query).get("tenant");
  const auto all = flow::list_api_tokens(visit.house, *visit.visitor.actor, tenant, visit.facts.now);
  if (!all) return show_error(visit, all.error());
  View view;
  std::vector<flow::ShownToken> tokens;
  std::copy_if(all->begin(), all->end(), std::back_inserter(tokens),
               [](const flow::ShownToken& one) { return one.kind == flow::name_of(flow::TokenKind::initial); });
  for (const flow::ShownToken& token : tokens) add_row(view, visit, token);
  view.flag("any", !tokens.empty()).flag("empty", tokens.empty());
  if (const auto added = add_tenant_choice(view, visit, tenant); !added) return show_error(visit, added.error());
  view.text("tenant_shown", tenant);
  view.text("address", flow::registration_address(visit.house)).text("secret", said.secret);
  view.flag("revoked", visit.query.get("done") == "revoke");
  view.text("problem", said.problem).text("proof_flaw", said.proof_flaw);
  view.text("typed", said.secret.empty() ? visit.form.get("name") : std::string());
  view.flag("may_change", visit.visitor.actor->may(needed)).text("csrf_new", make_session_csrf(visit, new_path));
  add_choices(view, visit);
  add_question_of_revocation(view, visit, tokens);
  add_proof(view, visit);
  return show_inside(visit, "registration_tokens", "token.title", menu, std::move(view), said.status);
}

/// The number that the form's field holds, if it is one of `choices`.
std::optional<std::int64_t> read_choice(const Visit& visit, const std::string& field,
                                        const std::array<std::int64_t, 4>& choices) {
  std::int64_t number = -1;
  const std::string sent = visit.form.get(field);
  std::from_chars(sent.data(), sent.data() + sent.size(), number);
  if (std::find(choices.begin(), choices.end(), number) == choices.end()) return std::nullopt;
  return number;
}

}  // namespace

http::Response show_registration_tokens(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_list(visit, {});
}

http::Response submit_new_registration_token(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show_list(visit, {{}, visit.say(flaw), {}, status_of_flaw});
  }
  const auto often = read_choice(visit, "uses", uses);
  const auto lasts = read_choice(visit, "days", days);
  if (!often || !lasts) return show_error(visit, 400, "the form has no such number of uses or days");
  flow::TokenWishes wishes;
  wishes.name = visit.form.get("name");
  wishes.tenant = visit.form.get("tenant");
  wishes.uses = *often == 0 ? std::nullopt : often;
  wishes.lasts = std::chrono::hours(24) * *lasts;
  const auto made = flow::create_api_token(visit.house, *visit.visitor.actor, wishes, visit.facts);
  if (!made && made.error().code == base::Code::invalid_input) {
    return show_list(visit, {visit.say("token.flaw.name"), {}, {}, status_of_flaw});
  }
  if (!made) return show_error(visit, made.error());
  return show_list(visit, {{}, {}, std::string(made->text.reveal())});
}

http::Response submit_token_revocation(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string id = visit.form.get("token");
  if (auto question = ask_first(visit, std::string(here), {"revoke", false, "&token=" + base::percent_encode(id)})) {
    return std::move(*question);
  }
  const auto done = flow::revoke_api_token(visit.house, *visit.visitor.actor, id, visit.facts);
  if (!done) return show_error(visit, done.error());
  return redirect(visit, std::string(here) + "?done=revoke");
}

}  // namespace web
