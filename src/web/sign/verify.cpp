// The form to verify signatures (S4.21): a file, perhaps its separate signature, or the document's check value instead
// of the document. Without a login where the installation allows it. The files live as long as the request.
#include <algorithm>

#include "flow/house/site_settings.hpp"
#include "flow/signature/request_limits.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "flow/validation/content_from_source.hpp"
#include "flow/validation/find_format.hpp"
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
  view.text("size",
            visit.say("validation.size", {{"size", print_size(settings.most_octets)},
                                          {"document", print_size(flow::most_octets_of_content(visit.house))}}));
  view.text("typed_digest", visit.form.get("digest")).text("typed_at", visit.form.get("at"));
  const std::string chosen = visit.form.get("policy").empty() ? settings.policy : visit.form.get("policy");
  view.flag("has_policies", settings.policies.size() > 1);
  for (const auto& one : settings.policies) {
    View& item = view.add("policies");
    item.text("policy", one.first).flag("chosen", one.first == chosen);
    item.text("policy_label", one.first == "default" ? visit.say("validation.policy.default") : one.first);
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

/// Without the folders that some browsers send, and no longer than a file system has it.
std::string base_name(std::string_view name) {
  constexpr std::size_t longest = 255;
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  return std::string(name.substr(0, longest));
}

/// A browser sends an empty part without a name for a field in which no file was chosen.
const http::UploadedFile* find_file(const Visit& visit, std::string_view field) {
  for (const http::UploadedFile& one : visit.files) {
    if (one.field == field && (one.size() > 0 || !one.name.empty())) return &one;
  }
  return nullptr;
}

/// All of a file, in memory. Errors: too_many, unavailable, internal.
base::Result<std::string> load(const http::UploadedFile& file) {
  return file.stored ? file.stored->load() : base::Result<std::string>(file.octets);
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

/// What the form has: its two files, each in the field in which it belongs, as far as that can be known.
struct Sent {
  const http::UploadedFile* document = nullptr;
  const http::UploadedFile* signature = nullptr;
  bool is_swapped = false;  // they were in each other's field
};

http::Response refuse(Visit& visit, flow::VerifyRefusal refusal, bool has_both = false) {
  using Refusal = flow::VerifyRefusal;
  std::string key = "validation.refusal." + std::string(flow::name_of(refusal));
  if (refusal == Refusal::too_large) key = "validation.too_large";
  std::string problem = visit.say(key, {{"size", print_size(visit.house.validation->settings().most_octets)},
                                        {"document", print_size(flow::most_octets_of_content(visit.house))}});
  const bool is_no_signature = refusal == Refusal::no_signature || refusal == Refusal::pdf || refusal == Refusal::zip ||
                               refusal == Refusal::json;
  if (has_both && is_no_signature) problem += " " + visit.say("validation.maybe_swapped");
  View view;
  fill(view, visit);
  view.text("problem", std::move(problem));
  return show(visit, std::move(view), status_of_refusal(refusal));
}

/// Whether it may be a signature: CMS, or XML with a name of XML signatures in it, which may stand at its end. What is
/// too large to be one is judged by its beginning.
base::Result<bool> may_hold_signature(const Visit& visit, const http::UploadedFile& file) {
  constexpr std::size_t piece = std::size_t{1024} * 1024;
  constexpr std::string_view xml_signature = "http://www.w3.org/2000/09/xmldsig#";
  if (file.size() > visit.house.validation->settings().most_octets) return false;
  ASSIGN_OR_RETURN(base::Bytes octets, flow::read_beginning(file.octets, file.stored.get()));
  const flow::DocumentKind kind = flow::find_kind(octets);
  if (kind != flow::DocumentKind::xml) return kind == flow::DocumentKind::cms;
  // UTF-16 has the name in other octets.
  if (octets.find('\0') != base::Bytes::npos) return true;
  if (!file.stored) return file.octets.find(xml_signature) != std::string::npos;
  // In pieces, because what is loaded counts as taken memory until the request ends.
  for (std::size_t at = 0; at < file.size(); at += piece) {
    ASSIGN_OR_RETURN(octets, file.stored->read(at, piece + xml_signature.size()));
    if (octets.find(xml_signature) != base::Bytes::npos) return true;
  }
  return false;
}

/// Errors: unavailable, internal.
base::Result<Sent> find_sent(const Visit& visit) {
  Sent sent{find_file(visit, "document"), find_file(visit, "signature"), false};
  if (sent.document == nullptr || sent.signature == nullptr) return sent;
  ASSIGN_OR_RETURN(const bool is_right, may_hold_signature(visit, *sent.signature));
  if (is_right) return sent;
  ASSIGN_OR_RETURN(sent.is_swapped, may_hold_signature(visit, *sent.document));
  if (sent.is_swapped) std::swap(sent.document, sent.signature);
  return sent;
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
  const auto sent = find_sent(visit);
  if (!sent) return show_error(visit, sent.error());
  const http::UploadedFile* const document = sent->document;
  const http::UploadedFile* const signature = sent->signature;
  const std::string digest = visit.form.get("digest");
  if (document == nullptr && signature == nullptr) return show_problem(visit, "validation.no_file");
  const http::UploadedFile& judged = signature == nullptr ? *document : *signature;
  if (judged.size() > visit.house.validation->settings().most_octets)
    return refuse(visit, flow::VerifyRefusal::too_large);
  const auto loaded = load(judged);
  if (!loaded && loaded.error().code == base::Code::too_many) return show_problem(visit, "validation.busy", 503);
  if (!loaded) return show_error(visit, loaded.error());
  flow::VerifyWish wish;
  wish.document = *loaded;
  wish.name = base_name(judged.name);
  wish.policy = visit.form.get("policy");
  if (const std::string day = visit.form.get("at"); !day.empty()) {
    wish.at = find_time(visit, day);
    if (!wish.at) return show_problem(visit, "validation.bad_day");
  }
  std::optional<flow::ContentInMemory> in_memory;
  std::optional<flow::ContentFromSource> stored;
  std::optional<flow::ContentByDigest> by_digest;
  if (signature != nullptr && document != nullptr && document->stored) {
    stored.emplace(std::string(), document->stored);
    wish.contents = {&*stored};
  } else if (signature != nullptr && document != nullptr) {
    in_memory.emplace(std::string(), document->octets);
    wish.contents = {&*in_memory};
  }
  if (wish.contents.empty() && !digest.empty()) {
    const auto octets = base::parse_hex(digest);
    if (digest.size() != hex_of_sha256 || !octets) return show_problem(visit, "validation.bad_digest");
    by_digest.emplace(std::string(), flow::ContentByDigest::sha256_alone(*octets));
    wish.contents = {&*by_digest};
  }
  const auto verified = flow::verify_for_visitor(visit.house, actor_of(visit), wish, visit.facts);
  if (!verified) return show_error(visit, verified.error());
  const bool is_beside = signature != nullptr && document != nullptr;
  if (verified->refusal) return refuse(visit, *verified->refusal, is_beside);
  const auto address = flow::keep_report(visit.house, verified->report,
                                         is_beside ? base_name(document->name) : std::string(), visit.facts.now);
  if (!address) return show_error(visit, address.error());
  return redirect(visit, "/verify/report/" + *address + (sent->is_swapped ? "?swapped=yes" : ""));
}

}  // namespace web
