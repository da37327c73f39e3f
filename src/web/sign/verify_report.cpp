// What a verification found (S4.21): one clear answer first, then signature by signature who, when, what and why, and
// the details for those who want them. The same as JSON, as ETSI XML and for paper.
#include <algorithm>

#include "flow/house/site_settings.hpp"
#include "flow/validation/keep_report.hpp"
#include "flow/validation/report_json.hpp"
#include "flow/validation/report_words.hpp"
#include "flow/validation/report_xml.hpp"
#include "flow/validation/validation_desk.hpp"
#include "flow/validation/verify_document.hpp"
#include "web/page/layout.hpp"
#include "web/sign/pages.hpp"

namespace web {
namespace {

using flow::Indication;
using flow::SignatureReport;
using flow::ValidationReport;
using flow::Verdict;

constexpr std::string_view before_address = "/verify/report/";
constexpr std::string_view changed_yes = "validation.changed.yes";
constexpr std::string_view changed_unknown = "validation.changed.unknown";
constexpr int not_found = 404;

std::string print_time(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

std::string word_of(Indication indication) {
  if (indication == Indication::total_passed) return "total_passed";
  return indication == Indication::total_failed ? "total_failed" : "indeterminate";
}

// What a reader may know. What a parser met is for programs, which have it in JSON.
std::string about_of(const Visit& visit, const Verdict& verdict) {
  const std::string& reason = verdict.reason;
  const bool is_of_parser = reason.starts_with("cms_") || reason == "xml_malformed" || reason == "timestamp_malformed";
  // "/" is the whole of an XML document, which the sentence says already.
  if (is_of_parser || verdict.detail == "/") return {};
  const auto time = base::parse_rfc3339(verdict.detail);
  return time ? print_time(visit, *time) : verdict.detail;
}

void add_verdict(View& view, const Visit& visit, const Verdict& verdict) {
  view.text("verdict", visit.say("validation.verdict." + word_of(verdict.indication)));
  view.flag("is_passed", verdict.is_passed()).flag("is_failed", verdict.indication == Indication::total_failed);
  view.flag("is_open", verdict.indication == Indication::indeterminate);
  view.text("norm", flow::print_words(verdict));
  view.text("why", flow::say_reason(visit.language, verdict));
  view.text("about", about_of(visit, verdict));
}

// A block alone has PASSED, FAILED or INDETERMINATE; only the whole has TOTAL- before it (EN 319 102-1 clause 5.1.4).
void add_step_verdict(View& view, const Visit& visit, const Verdict& verdict) {
  add_verdict(view, visit, verdict);
  constexpr std::string_view of_the_whole = "TOTAL-";
  std::string norm = flow::print_words(verdict);
  if (norm.starts_with(of_the_whole)) norm.erase(0, of_the_whole.size());
  view.text("step_norm", std::move(norm));
  view.text("step_verdict", visit.say("validation.step_verdict." + word_of(verdict.indication)));
}

// What stands outside of the part that is covered may be of anybody.
bool is_partial(const SignatureReport& report) {
  return std::any_of(report.scope.begin(), report.scope.end(),
                     [](const auto& part) { return flow::print_kind(part) == "element"; });
}

// Only what the digests say: a signature that nobody trusts may still be over an unchanged document.
std::string_view find_change(const SignatureReport& report) {
  for (const auto& [name, verdict] : report.blocks) {
    if (name != "cryptographic verification") continue;
    if (verdict.is_passed()) return is_partial(report) ? "validation.changed.no_part" : "validation.changed.no";
    return verdict.reason == "document_altered" ? changed_yes : changed_unknown;
  }
  return changed_unknown;
}

void add_scope(View& view, const Visit& visit, const SignatureReport& report) {
  for (const auto& part : report.scope) {
    View& item = view.add("scope");
    item.text("scope_kind", visit.say("validation.scope." + std::string(flow::print_kind(part))));
    item.text("scope_name", part.name);
  }
  // Of a changed document, or one whose form was refused, it is not known what is covered.
  const std::string_view change = find_change(report);
  view.flag("says_scope", !report.scope.empty() || (change != changed_yes && change != changed_unknown));
  view.flag("covers_nothing", report.scope.empty());
}

void add_certificates(View& view, const Visit& visit, const SignatureReport& report) {
  for (const auto& note : report.certificates) {
    View& item = view.add("certificates");
    item.text("subject", note.subject).text("issued_by", note.issuer).text("fingerprint", note.sha256);
    item.text("validity", visit.say("validation.valid_from_to", {{"from", print_time(visit, note.not_before)},
                                                                 {"until", print_time(visit, note.not_after)}}));
    std::string key = "validation.revocation.not_asked";
    if (note.revocation != "not asked") key = "validation.revocation." + note.revocation;
    item.text("revocation", note.revoked_at && note.revocation == "revoked"
                                ? visit.say(key, {{"time", print_time(visit, *note.revoked_at)}})
                                : visit.say(key));
    item.flag("is_revoked", note.revocation == "revoked");
    if (!note.revocation_from.empty()) item.text("source", visit.say("validation.from." + note.revocation_from));
  }
  view.flag("has_certificates", !report.certificates.empty());
}

void add_timestamps(View& view, const Visit& visit, const SignatureReport& report) {
  for (const auto& note : report.timestamps) {
    View& item = view.add("stamps");
    item.text("stamp_kind", visit.say("validation.timestamp." + std::string(flow::print_kind(note))));
    item.text("stamp_at", print_time(visit, note.at)).text("stamp_authority", note.authority);
    add_step_verdict(item, visit, note.verdict);
  }
  view.flag("has_stamps", !report.timestamps.empty());
}

void add_time(View& view, const Visit& visit, const SignatureReport& report) {
  if (!report.best_signature_time) {
    view.text("when_note", visit.say("validation.when.none"));
    return;
  }
  view.text("when", print_time(visit, *report.best_signature_time));
  view.text("when_note", visit.say(report.is_time_proven ? "validation.when.timestamp" : "validation.when.claimed"));
}

void add_signature(View& view, const Visit& visit, const SignatureReport& report, std::string label) {
  View& item = view.add("signatures");
  item.text("label", std::move(label));
  add_verdict(item, visit, report.verdict);
  item.text("signer", report.signer.name.empty() ? visit.say("validation.signer.unknown") : report.signer.name);
  item.text("organisation", report.signer.organisation).text("issuer", report.signer.issuer);
  item.text("serial", report.signer.serial);
  add_time(item, visit, report);
  add_scope(item, visit, report);
  const std::string_view change = find_change(report);
  item.text("changed", visit.say(change)).flag("is_changed", change == changed_yes);
  if (report.qualification == "AdES") item.text("kind", visit.say("validation.kind.ades"));
  const std::string level = report.level.empty() ? visit.say("validation.form.below") : report.level;
  item.text("form", report.format + " " + level).text("algorithm", report.algorithm);
  if (!report.claimed_level.empty()) {
    item.text("short_of", visit.say("validation.level.short", {{"level", report.claimed_level}}) + " " +
                              flow::say_reason(visit.language, report.level_flaw));
  }
  for (const std::string& code : report.notes) item.add("notes").text("note", flow::say_note(visit.language, code));
  item.text("signer_policy", report.policy).text("role", report.role).text("commitment", report.commitment);
  for (const auto& [name, verdict] : report.blocks) {
    View& step = item.add("steps");
    step.text("step", flow::say_block(visit.language, name));
    add_step_verdict(step, visit, verdict);
  }
  add_certificates(item, visit, report);
  add_timestamps(item, visit, report);
}

void add_signatures(View& view, const Visit& visit, const std::vector<SignatureReport>& reports, std::string_view key) {
  int number = 0;
  for (const SignatureReport& one : reports) {
    add_signature(view, visit, one, visit.say(key, {{"number", std::to_string(++number)}}));
    add_signatures(view, visit, one.counter_signatures, "validation.counter");
  }
}

std::string address_of(const Visit& visit) {
  const std::string_view rest = std::string_view(visit.request.path).substr(before_address.size());
  return std::string(rest.substr(0, rest.find('/')));
}

http::Response show(Visit& visit, std::string page, View view, int status = 200) {
  if (visit.visitor.actor) {
    return show_inside(visit, page + "_inside", "validation.result.title", "/verify", std::move(view), status);
  }
  return show_entry(visit, page, "validation.result.title", std::move(view), status);
}

http::Response show_gone(Visit& visit) {
  View view;
  view.flag("is_gone");
  return show(visit, "verify_report", std::move(view), not_found);
}

http::Response show_as_page(Visit& visit, bool is_printed) {
  const auto found = flow::find_report(visit.house, address_of(visit), visit.facts.now);
  if (!found) return show_error(visit, found.error());
  if (!*found) return show_gone(visit);
  const ValidationReport& report = (*found)->report;
  View view;
  add_verdict(view, visit, report.verdict);
  view.text("answer", visit.say("validation.answer." + word_of(report.verdict.indication)));
  // The reason of a single signature stands above it already.
  view.flag("several", report.signatures.size() > 1 ||
                           (!report.signatures.empty() && !report.signatures.front().counter_signatures.empty()));
  add_signatures(view, visit, report.signatures, "validation.number");
  view.text("content_sha256", report.content_sha256);
  view.text("document_sha256", report.document_sha256).text("policy", report.policy);
  view.text("document_name", report.document_name).text("content_name", (*found)->content_name);
  view.flag("is_built_in", report.policy == "default");
  if (visit.query.get("swapped") == "yes") view.text("swapped", visit.say("validation.swapped"));
  view.text("judged_for", print_time(visit, report.validated_at));
  view.text("address", std::string(before_address) + address_of(visit)).flag("opened", is_printed);
  view.flag("printed", is_printed);
  view.text("kept", visit.say("validation.kept", {{"time", print_time(visit, (*found)->until)}}));
  return show(visit, "verify_report", std::move(view));
}

template <class Print>
http::Response download(Visit& visit, std::string_view ending, std::string_view type, const Print& print) {
  const auto found = flow::find_report(visit.house, address_of(visit), visit.facts.now);
  if (!found) return show_error(visit, found.error());
  if (!*found) return show_gone(visit);
  http::Response response;
  response.content_type = type;
  response.body = print(**found);
  response.add("Content-Disposition", "attachment; filename=\"validation-report-" +
                                          (*found)->report.document_sha256.substr(0, 8) + "." + std::string(ending) +
                                          "\"");
  return response;
}

}  // namespace

http::Response show_verify_report(Visit& visit) {
  return show_as_page(visit, false);
}

http::Response show_verify_report_printed(Visit& visit) {
  return show_as_page(visit, true);
}

http::Response show_verify_report_json(Visit& visit) {
  return download(visit, "json", "application/json", [&](const flow::FoundReport& found) {
    return flow::print_report(found.report, visit.language, found.content_name);
  });
}

http::Response show_verify_report_xml(Visit& visit) {
  return download(visit, "xml", "application/xml",
                  [](const flow::FoundReport& found) { return flow::print_etsi_report(found.report); });
}

}  // namespace web
