// What the installation trusts: its own authorities with their lists, and authorities of others. To look at only; they
// are changed by the commands `authority …`, because a mistake there takes the login from everybody.
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/own_authority.hpp"
#include "flow/certificate/trust_anchors.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/administration/pages.hpp"
#include "web/administration/system_words.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr auto needed = rights::Permission::manage_authorities;
constexpr std::string_view here = "/admin/trust";

void add_authority(View& item, const Visit& visit, const auto& row) {
  const bool is_over = row.not_after <= visit.facts.now;
  add_name_parts(item, "names", row.subject);
  item.text("subject", row.subject).text("kind", visit.say("trust.kind." + row.kind));
  item.text("state", visit.say(is_over ? "trust.state.over" : "trust.state." + row.state));
  item.flag("is_bad", is_over || row.state == "revoked");
  item.text("until", say_time(visit, row.not_after));
  add_fingerprint(item, row.sha256);
  const flow::AuthorityAddresses at = flow::addresses_of(visit.house, row.id);
  item.text("certificate_at", at.certificate).text("list_at", at.list);
  if (row.revoked_at) item.text("revoked", say_time(visit, *row.revoked_at));
}

void add_anchor(View& item, const Visit& visit, const flow::ListedAnchor& listed) {
  const auto& one = listed.anchor;
  add_name_parts(item, "names", one.subject);
  item.text("purpose", visit.say("audit.purpose." + one.purpose));
  item.flag("is_over", one.not_after <= visit.facts.now).text("until", say_time(visit, one.not_after));
  add_fingerprint(item, one.sha256);
  item.text("asks", visit.say("trust.asks." + one.asks)).text("url", one.url);
  if (listed.next_update) item.text("next", say_time(visit, *listed.next_update));
  item.text("failure", listed.failure);
}

}  // namespace

http::Response show_trust(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(needed)) return show_forbidden(visit, needed);
  const auto authorities = flow::list_authorities_for(visit.house, actor);
  if (!authorities) return show_error(visit, authorities.error());
  const auto anchors = flow::list_anchors(visit.house, actor);
  if (!anchors) return show_error(visit, anchors.error());
  View view;
  for (const auto& row : *authorities) add_authority(view.add("authorities"), visit, row);
  for (const flow::ListedAnchor& listed : *anchors) add_anchor(view.add("anchors"), visit, listed);
  view.flag("any_authority", !authorities->empty()).flag("any_anchor", !anchors->empty());
  return show_inside(visit, "trust", "trust.title", here, std::move(view));
}

}  // namespace web
