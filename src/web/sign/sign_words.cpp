#include "web/sign/sign_words.hpp"

#include "flow/house/site_settings.hpp"
#include "flow/signature/signing_desk.hpp"
#include "text/text.hpp"

namespace web {
namespace {

using flow::SignRefusal;

constexpr std::size_t kibi = 1024;

}  // namespace

std::string print_size(const Visit& visit, std::size_t octets) {
  if (octets < kibi) return visit.say("signing.octets", {{"n", static_cast<std::int64_t>(octets)}});
  const bool is_large = octets >= kibi * kibi;
  const std::size_t unit = is_large ? kibi * kibi : kibi;
  const std::size_t tenths = (octets * 10 + unit / 2) / unit;
  std::string number = std::to_string(tenths / 10);
  if (tenths % 10 != 0) number += (visit.language == text::Language::en ? "." : ",") + std::to_string(tenths % 10);
  return number + (is_large ? " MiB" : " KiB");
}

std::string say_credential(const Visit& visit, const flow::UsableCredential& credential) {
  const std::string until =
      text::format_date(visit.language, credential.not_after, visit.house.settings.site.time_zone);
  const char* const key = credential.is_seal ? "signing.credential.seal" : "signing.credential.own";
  return visit.say(key, {{"label", credential.label}, {"until", until}});
}

std::string say_owner(const Visit& visit, const std::optional<base::Id>& account, const flow::OwnerNames& names) {
  if (!account) return visit.say("signatures.owner.seal");
  const auto found = names.find(*account);
  return found == names.end() || found->second.empty() ? visit.say("signatures.owner.account") : found->second;
}

std::string say_sign_refusal(const Visit& visit, SignRefusal refusal) {
  const std::string key = "signing.refusal." + std::string(flow::name_of(refusal));
  if (visit.house.signing == nullptr) return visit.say(key);
  const flow::SigningSettings& settings = visit.house.signing->settings();
  switch (refusal) {
    case SignRefusal::too_many_documents: return visit.say(key, {{"n", static_cast<std::int64_t>(flow::most_orders)}});
    case SignRefusal::document_too_large: return visit.say(key, {{"size", print_size(visit, settings.most_octets)}});
    case SignRefusal::job_too_large: return visit.say(key, {{"size", print_size(visit, settings.most_octets_of_job)}});
    case SignRefusal::document_too_large_inside:
      return visit.say(key, {{"size", print_size(visit, settings.most_octets_inside)}});
    case SignRefusal::job_too_large_inside:
      return visit.say(key, {{"size", print_size(visit, settings.most_octets_of_job_inside)}});
    default: return visit.say(key);
  }
}

int status_of_sign_refusal(SignRefusal refusal) {
  switch (refusal) {
    case SignRefusal::forbidden:
    case SignRefusal::not_offered: return 403;
    case SignRefusal::no_job:
    case SignRefusal::no_credential: return 404;
    case SignRefusal::job_over:
    case SignRefusal::job_running:
    case SignRefusal::key_reused:
    case SignRefusal::document_gone:
    case SignRefusal::credential_changed: return 409;
    case SignRefusal::too_many_documents:
    case SignRefusal::document_too_large:
    case SignRefusal::job_too_large:
    case SignRefusal::document_too_large_inside:
    case SignRefusal::job_too_large_inside: return 413;
    case SignRefusal::storage_share:
    case SignRefusal::pin_delayed: return 429;
    case SignRefusal::busy:
    case SignRefusal::storage_full:
    case SignRefusal::token_unavailable: return 503;
    default: return 422;
  }
}

std::string say_item_reason(const Visit& visit, const std::string& reason) {
  if (reason.empty()) return {};
  for (const std::string_view family : {"signing.reason.", "validation.reason."}) {
    const std::string key = std::string(family) + reason;
    if (text::has(key)) return visit.say(key);
  }
  return visit.say("signing.reason.cannot_be_signed");
}

std::string_view type_to_show(flow::LookKind kind) {
  switch (kind) {
    case flow::LookKind::text:
    case flow::LookKind::xml: return "text/plain; charset=utf-8";
    case flow::LookKind::png: return "image/png";
    case flow::LookKind::jpeg: return "image/jpeg";
    case flow::LookKind::gif: return "image/gif";
    case flow::LookKind::webp: return "image/webp";
    default: return {};
  }
}

void add_file_name(http::Response& response, std::string_view disposition, std::string_view name) {
  response.add("Content-Disposition", std::string(disposition) + "; filename*=UTF-8''" + base::percent_encode(name));
}

}  // namespace web
