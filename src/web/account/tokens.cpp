// Personal tokens (S4.20): with one a program signs, verifies and asks for time stamps in the person's name. A list,
// and the form for a new one, which is shown once.
#include <algorithm>
#include <array>
#include <charconv>

#include "flow/house/site_settings.hpp"
#include "flow/registration/own_tokens.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/tokens";
constexpr std::string_view new_path = "/account/tokens/new";
constexpr std::string_view revoke_path = "/account/tokens/revoke";
constexpr std::array<std::int64_t, 4> days{7, 30, 90, 365};
constexpr int status_of_refusal = 422;

struct Said {
  std::string problem{};
  std::string proof_flaw{};
  std::string secret{};  // a new token
  int status = 200;
};

/// "sign, verify", in the person's language.
std::string say_scopes(const Visit& visit, const std::string& scopes) {
  std::vector<std::string> said;
  for (const std::string_view one : flow::personal_scopes) {
    if ((" " + scopes + " ").find(" " + std::string(one) + " ") != std::string::npos) {
      said.push_back(visit.say("own_token.scope." + std::string(one)));
    }
  }
  return base::join(said, ", ");
}

void add_row(View& view, const Visit& visit, const flow::ShownToken& token) {
  View& item = view.add("tokens");
  item.text("id", token.id.to_string()).text("name", token.name).text("scopes", say_scopes(visit, token.scopes));
  item.text("state", visit.say("token.state." + token.state)).flag("resting", token.state != "valid");
  if (token.expires_at) {
    item.text("expires", text::format_time(visit.language, *token.expires_at, visit.house.settings.site.time_zone));
  }
  if (token.last_used_at) add_moment(item, visit, "last_used", *token.last_used_at);
  item.flag("may_revoke", token.state == "valid").text("csrf_revoke", make_session_csrf(visit, revoke_path));
}

void add_choices(View& view, const Visit& visit) {
  for (const std::string_view one : flow::personal_scopes) {
    const std::string name(one);
    View& item = view.add("scopes_choices");
    item.text("scope", name).text("scope_label", visit.say("own_token.scope_text." + name));
    item.flag("chosen", visit.form.get("scope_" + name) == "yes");
  }
  const std::string typed = visit.form.get("days");
  for (const std::int64_t one : days) {
    const std::string value = std::to_string(one);
    View& item = view.add("days_choices");
    item.text("value", value).text("label", visit.say("token.days", {{"n", one}}));
    item.flag("chosen", typed.empty() ? one == days[2] : typed == value);
  }
}

http::Response show(Visit& visit, Said said) {
  const auto tokens = flow::list_own_tokens(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!tokens) return show_error(visit, tokens.error());
  View view;
  for (const flow::ShownToken& token : *tokens) add_row(view, visit, token);
  view.flag("any", !tokens->empty()).flag("revoked", visit.query.get("done") == "revoked");
  view.text("address", visit.house.settings.site.issuer + "/api/v1");
  visit.is_shown_once = !said.secret.empty();
  view.text("typed", said.secret.empty() ? visit.form.get("name") : std::string());
  view.text("secret", std::move(said.secret)).text("problem", std::move(said.problem));
  view.text("proof_flaw", std::move(said.proof_flaw)).text("csrf_new", make_session_csrf(visit, new_path));
  add_choices(view, visit);
  add_proof(view, visit);
  return show_inside(visit, "tokens", "own_token.title", here, std::move(view), said.status);
}

std::string_view flaw_of(Proof proof) {
  switch (proof) {
    case Proof::fresh: return {};
    case Proof::missing: return "own.flaw.proof_missing";
    case Proof::wrong: return "own.flaw.proof_wrong";
    case Proof::barred: return "settings.proof_barred";
    case Proof::unavailable: break;
  }
  return "settings.proof_unavailable";
}

std::optional<std::int64_t> read_days(const Visit& visit) {
  std::int64_t number = -1;
  const std::string sent = visit.form.get("days");
  std::from_chars(sent.data(), sent.data() + sent.size(), number);
  if (std::find(days.begin(), days.end(), number) == days.end()) return std::nullopt;
  return number;
}

}  // namespace

http::Response show_tokens(Visit& visit) {
  return show(visit, {});
}

http::Response submit_new_token(Visit& visit) {
  const auto lasts = read_days(visit);
  if (!lasts) return show_error(visit, 400, "the form has no such number of days");
  flow::OwnTokenWish wish;
  wish.name = visit.form.get("name");
  wish.lasts = std::chrono::hours(24) * *lasts;
  for (const std::string_view one : flow::personal_scopes) {
    if (visit.form.get("scope_" + std::string(one)) == "yes") wish.scopes.emplace_back(one);
  }
  if (wish.scopes.empty()) return show(visit, {visit.say("own_token.flaw.scopes"), {}, {}, status_of_refusal});
  if (const auto flaw = flaw_of(settle_proof(visit)); !flaw.empty()) {
    return show(visit, {{}, visit.say(flaw), {}, status_of_refusal});
  }
  const auto made = flow::create_own_token(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (made) return show(visit, {{}, {}, std::string(made->text.reveal())});
  switch (made.error().code) {
    case base::Code::invalid_input: return show(visit, {visit.say("token.flaw.name"), {}, {}, status_of_refusal});
    case base::Code::too_many: return show(visit, {visit.say("own_token.flaw.too_many"), {}, {}, status_of_refusal});
    default: return show_error(visit, made.error());
  }
}

http::Response submit_own_token_revocation(Visit& visit) {
  const auto done = flow::revoke_own_token(visit.house, *visit.visitor.actor, visit.form.get("token"), visit.facts);
  if (!done) return show_error(visit, done.error());
  return redirect(visit, std::string(here) + "?done=revoked");
}

}  // namespace web
