// The form to verify signatures (S4.21): a file, perhaps its separate signature, or the document's check value instead
// of the document. Without a login where the installation allows it. The files live as long as the request.
#include <algorithm>

#include "flow/house/site_settings.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "flow/validation/keep_report.hpp"
#include "flow/validation/offer_validation.hpp"
#include "flow/validation/validation_desk.hpp"
#include "flow/validation/verify_document.hpp"
#include "web/page/layout.hpp"
#include "web/sign/pages.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/verify";
constexpr std::size_t hex_of_sha256 = 64;

http::Response show(Visit& visit, View view, int status = 200) {
  if (visit.visitor.actor) {
    return show_inside(visit, "verify_inside", "validation.title", here, std::move(view), status);
  }
  return show_entry(visit, "verify", "validation.title", std::move(view), status);
}

const rights::Actor* actor_of(const Visit& visit) {
  return visit.visitor.actor ? &*visit.visitor.actor : nullptr;
}

std::string print_size(std::size_t octets) {
  return std::to_string(octets / (std::size_t{1024} * 1024)) + " MiB";
}

void fill(View& view, const Visit& visit) {
  const flow::ValidationSettings& settings = visit.house.validation->settings();
  view.text("size", visit.say("validation.size", {{"size", print_size(settings.most_octets)}}));
  view.text("typed_digest", visit.form.get("digest")).text("typed_at", visit.form.get("at"));
  const std::string chosen = visit.form.get("policy").empty() ? settings.policy : visit.form.get("policy");
  view.flag("has_policies", settings.policies.size() > 1);
  for (const auto& one : settings.policies) {
    view.add("policies").text("policy", one.first).flag("chosen", one.first == chosen);
  }
  const bool is_opened = !visit.form.get("digest").empty() || !visit.form.get("at").empty();
  view.flag("opened", is_opened);
}

http::Response show_problem(Visit& visit, std::string_view key, int status = 422) {
  View view;
  fill(view, visit);
  view.text("problem", visit.say(key));
  return show(visit, std::move(view), status);
}

const std::string* find_file(const Visit& visit, std::string_view field) {
  for (const http::UploadedFile& one : visit.files) {
    if (one.field == field && !one.octets.empty()) return &one.octets;
  }
  return nullptr;
}

/// The end of the day, or the present on that day itself; nullopt: no such day, or one to come.
std::optional<base::Time> find_time(const Visit& visit, std::string_view day) {
  const std::string& zone = visit.house.settings.site.time_zone;
  const auto begin = text::find_day(day, zone);
  const auto end = text::find_day(day, zone, 1);
  if (!begin || !end || *begin > visit.facts.now) return std::nullopt;
  return std::min(*end - base::Duration(1), visit.facts.now);
}

int status_of_refusal(flow::VerifyRefusal refusal) {
  if (refusal == flow::VerifyRefusal::feature_off) return 403;
  if (refusal == flow::VerifyRefusal::too_many) return 429;
  return refusal == flow::VerifyRefusal::too_large ? 413 : 422;
}

}  // namespace

http::Response show_verify(Visit& visit) {
  const auto offered = flow::offers_validation(visit.house, actor_of(visit));
  if (!offered) return show_error(visit, offered.error());
  View view;
  if (!*offered) {
    view.flag("is_off").text("problem", visit.say("validation.refusal.feature_off"));
    return show(visit, std::move(view), 403);
  }
  fill(view, visit);
  return show(visit, std::move(view));
}

http::Response submit_verify(Visit& visit) {
  const auto offered = flow::offers_validation(visit.house, actor_of(visit));
  if (!offered || !*offered) return show_verify(visit);
  const std::string* const document = find_file(visit, "document");
  const std::string* const signature = find_file(visit, "signature");
  const std::string digest = visit.form.get("digest");
  if (document == nullptr && signature == nullptr) return show_problem(visit, "validation.no_file");
  flow::VerifyWish wish;
  wish.document = signature == nullptr ? *document : *signature;
  wish.policy = visit.form.get("policy");
  if (const std::string day = visit.form.get("at"); !day.empty()) {
    wish.at = find_time(visit, day);
    if (!wish.at) return show_problem(visit, "validation.bad_day");
  }
  const flow::ContentInMemory whole({}, document == nullptr ? base::BytesView() : base::BytesView(*document));
  std::optional<flow::ContentByDigest> by_digest;
  if (signature != nullptr && document != nullptr) wish.contents = {&whole};
  if (wish.contents.empty() && !digest.empty()) {
    const auto octets = base::parse_hex(digest);
    if (digest.size() != hex_of_sha256 || !octets) return show_problem(visit, "validation.bad_digest");
    by_digest.emplace(std::string(), flow::ContentByDigest::sha256_alone(*octets));
    wish.contents = {&*by_digest};
  }
  const auto verified = flow::verify_for_visitor(visit.house, actor_of(visit), wish, visit.facts);
  if (!verified) return show_error(visit, verified.error());
  if (verified->refusal) {
    const std::string key = "validation.refusal." + std::string(flow::name_of(*verified->refusal));
    return show_problem(visit, key, status_of_refusal(*verified->refusal));
  }
  const auto address = flow::keep_report(visit.house, verified->report, visit.facts.now);
  if (!address) return show_error(visit, address.error());
  return redirect(visit, "/verify/report/" + *address);
}

}  // namespace web
