#include "flow/validation/report_json.hpp"

#include <array>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "flow/validation/report_words.hpp"

namespace flow {
namespace {

using signature::CertificateNote;
using signature::Indication;
using signature::ScopePart;
using signature::SignatureReport;
using signature::SubIndication;
using signature::TimestampNote;
using signature::ValidationReport;
using signature::Verdict;

void add_time(base::JsonObject& object, std::string_view name, const std::optional<base::Time>& time) {
  if (time) {
    object.text(name, base::to_rfc3339(*time));
  } else {
    object.raw(name, "null");
  }
}

void add_verdict(base::JsonObject& object, const Verdict& verdict) {
  object.text("indication", signature::name_of(verdict.indication));
  if (verdict.sub_indication == SubIndication::none) {
    object.raw("sub_indication", "null");
  } else {
    object.text("sub_indication", signature::name_of(verdict.sub_indication));
  }
  object.text_if("reason", verdict.reason).text_if("detail", verdict.detail);
}

std::string print(const CertificateNote& note) {
  base::JsonObject object;
  object.text("subject", note.subject).text("issuer", note.issuer).text("serial", note.serial);
  object.text("sha256", note.sha256).text("not_before", base::to_rfc3339(note.not_before));
  object.text("not_after", base::to_rfc3339(note.not_after)).text("revocation", note.revocation);
  object.text_if("revocation_from", note.revocation_from);
  if (note.revoked_at) object.text("revoked_at", base::to_rfc3339(*note.revoked_at));
  return object.finish();
}

std::string print(const TimestampNote& note) {
  base::JsonObject object;
  object.text("kind", signature::name_of(note.kind)).text("at", base::to_rfc3339(note.at));
  object.text("authority", note.authority).text("policy", note.policy);
  add_verdict(object, note.verdict);
  return object.finish();
}

std::string print(const ScopePart& part) {
  return base::JsonObject().text("kind", signature::name_of(part.kind)).text("name", part.name).finish();
}

template <class Range>
std::string print_all(const Range& range) {
  base::JsonArray array;
  for (const auto& one : range) array.raw(print(one));
  return array.finish();
}

std::string print_blocks(const SignatureReport& report) {
  base::JsonArray array;
  for (const auto& [name, verdict] : report.blocks) {
    base::JsonObject object;
    object.text("name", name);
    add_verdict(object, verdict);
    array.raw(object.finish());
  }
  return array.finish();
}

// Why it is not valid, and what is wrong with its time stamps.
std::string print_messages(const SignatureReport& report, text::Language language) {
  base::JsonArray array;
  std::vector<std::string> said;
  const auto say = [&](const Verdict& verdict) {
    if (verdict.is_passed() || std::find(said.begin(), said.end(), verdict.reason) != said.end()) return;
    said.push_back(verdict.reason);
    base::JsonObject object;
    object.text("code", verdict.reason).text("text", say_reason(language, verdict));
    object.text_if("detail", verdict.detail);
    array.raw(object.finish());
  };
  say(report.verdict);
  for (const auto& block : report.blocks) say(block.second);
  return array.finish();
}

std::string print_notes(const SignatureReport& report, text::Language language) {
  base::JsonArray array;
  for (const std::string& code : report.notes) {
    base::JsonObject object;
    object.text("code", code).text("text", say_note(language, code));
    array.raw(object.finish());
  }
  return array.finish();
}

std::string print_signer(const signature::SignerNote& signer) {
  base::JsonObject object;
  object.text("name", signer.name).text("organisation", signer.organisation);
  object.text("serial", signer.serial).text("issuer", signer.issuer);
  return object.finish();
}

std::string print_signature(const SignatureReport& report, text::Language language) {
  base::JsonObject object;
  object.text("id", report.id).text("format", report.format).text("level", report.level);
  object.text("packaging", report.packaging);
  add_verdict(object, report.verdict);
  object.text("cryptographic", signature::name_of(report.cryptographic));
  if (!report.claimed_level.empty()) {
    base::JsonObject why;
    add_verdict(why, report.level_flaw);
    why.text("text", say_reason(language, report.level_flaw));
    object.text("claimed_level", report.claimed_level).raw("level_reason", why.finish());
  }
  object.raw("signer", print_signer(report.signer)).text("qualification", report.qualification);
  add_time(object, "claimed_at", report.claimed_at);
  if (report.best_signature_time) {
    base::JsonObject best;
    best.text("at", base::to_rfc3339(*report.best_signature_time));
    best.text("from", report.is_time_proven ? "timestamp" : "claimed");
    object.raw("best_signature_time", best.finish());
  } else {
    object.raw("best_signature_time", "null");
  }
  object.text("algorithm", report.algorithm).text_if("policy", report.policy);
  object.text_if("commitment", report.commitment).text_if("role", report.role);
  object.raw("scope", print_all(report.scope)).raw("certificates", print_all(report.certificates));
  object.raw("timestamps", print_all(report.timestamps));
  base::JsonArray changes;
  for (const std::string& one : report.changes_after) changes.text(one);
  if (!report.notes.empty()) object.raw("notes", print_notes(report, language));
  object.raw("changes_after", changes.finish()).raw("messages", print_messages(report, language));
  object.raw("blocks", print_blocks(report));
  base::JsonArray counters;
  for (const SignatureReport& one : report.counter_signatures) counters.raw(print_signature(one, language));
  return object.raw("counter_signatures", counters.finish()).finish();
}

// What follows throws what Boost.JSON throws; read_report catches it.
namespace json = boost::json;

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* const found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::optional<base::Time> time_in(const json::object& object, std::string_view name) {
  const auto time = base::parse_rfc3339(text_in(object, name));
  return time ? std::optional(*time) : std::nullopt;
}

base::Time sure_time_in(const json::object& object, std::string_view name) {
  return time_in(object, name).value_or(base::Time());
}

template <class Enum, std::size_t count>
Enum enum_in(const json::object& object, std::string_view name) {
  const std::string word = text_in(object, name);
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = static_cast<Enum>(i);
    if (signature::name_of(one) == word) return one;
  }
  throw std::runtime_error("an unknown word in a report");
}

Verdict verdict_in(const json::object& object) {
  return {enum_in<Indication, 3>(object, "indication"),
          enum_in<SubIndication, signature::count_of_sub_indications>(object, "sub_indication"),
          text_in(object, "reason"), text_in(object, "detail")};
}

CertificateNote read_certificate(const json::object& object) {
  CertificateNote note;
  note.subject = text_in(object, "subject");
  note.issuer = text_in(object, "issuer");
  note.serial = text_in(object, "serial");
  note.sha256 = text_in(object, "sha256");
  note.not_before = sure_time_in(object, "not_before");
  note.not_after = sure_time_in(object, "not_after");
  note.revocation = text_in(object, "revocation");
  note.revocation_from = text_in(object, "revocation_from");
  note.revoked_at = time_in(object, "revoked_at");
  return note;
}

TimestampNote read_timestamp(const json::object& object) {
  TimestampNote note;
  note.kind = enum_in<TimestampNote::Kind, 4>(object, "kind");
  note.at = sure_time_in(object, "at");
  note.authority = text_in(object, "authority");
  note.policy = text_in(object, "policy");
  note.verdict = verdict_in(object);
  return note;
}

void read_lists(const json::object& object, SignatureReport& report) {
  for (const json::value& one : object.at("scope").as_array()) {
    report.scope.push_back({enum_in<ScopePart::Kind, 5>(one.as_object(), "kind"), text_in(one.as_object(), "name")});
  }
  for (const json::value& one : object.at("certificates").as_array()) {
    report.certificates.push_back(read_certificate(one.as_object()));
  }
  for (const json::value& one : object.at("timestamps").as_array()) {
    report.timestamps.push_back(read_timestamp(one.as_object()));
  }
  for (const json::value& one : object.at("changes_after").as_array()) {
    report.changes_after.emplace_back(one.as_string());
  }
  if (const json::value* const notes = object.if_contains("notes")) {
    for (const json::value& one : notes->as_array()) report.notes.push_back(text_in(one.as_object(), "code"));
  }
  for (const json::value& one : object.at("blocks").as_array()) {
    report.blocks.emplace_back(text_in(one.as_object(), "name"), verdict_in(one.as_object()));
  }
}

SignatureReport read_signature(const json::object& object) {
  SignatureReport report;
  report.id = text_in(object, "id");
  report.format = text_in(object, "format");
  report.level = text_in(object, "level");
  report.packaging = text_in(object, "packaging");
  report.verdict = verdict_in(object);
  // Reports that were kept before the word was told have none.
  if (object.contains("cryptographic"))
    report.cryptographic = enum_in<signature::Cryptographic, 3>(object, "cryptographic");
  report.claimed_level = text_in(object, "claimed_level");
  if (const json::value* const why = object.if_contains("level_reason"))
    report.level_flaw = verdict_in(why->as_object());
  const json::object& signer = object.at("signer").as_object();
  report.signer = {text_in(signer, "name"), text_in(signer, "organisation"), text_in(signer, "serial"),
                   text_in(signer, "issuer")};
  report.qualification = text_in(object, "qualification");
  report.claimed_at = time_in(object, "claimed_at");
  if (const json::value* const best = object.if_contains("best_signature_time"); best != nullptr && best->is_object()) {
    report.best_signature_time = time_in(best->as_object(), "at");
    report.is_time_proven = text_in(best->as_object(), "from") == "timestamp";
  }
  report.algorithm = text_in(object, "algorithm");
  report.policy = text_in(object, "policy");
  report.commitment = text_in(object, "commitment");
  report.role = text_in(object, "role");
  read_lists(object, report);
  for (const json::value& one : object.at("counter_signatures").as_array()) {
    report.counter_signatures.push_back(read_signature(one.as_object()));
  }
  return report;
}

}  // namespace

std::string print_report(const ValidationReport& report, text::Language language, const std::string& content_name) {
  base::JsonObject object;
  add_verdict(object, report.verdict);
  if (!report.verdict.reason.empty()) object.text("text", say_reason(language, report.verdict));
  base::JsonArray signatures;
  for (const SignatureReport& one : report.signatures) signatures.raw(print_signature(one, language));
  object.raw("signatures", signatures.finish()).text("policy", report.policy);
  object.text("validated_at", base::to_rfc3339(report.validated_at));
  base::JsonObject document;
  document.text("name", report.document_name).text("sha256", report.document_sha256);
  object.raw("document", document.finish());
  if (!report.content_sha256.empty()) {
    base::JsonObject content;
    content.text_if("name", content_name).text("sha256", report.content_sha256);
    object.raw("content", content.finish());
  }
  return object.finish();
}

base::Result<ValidationReport> read_report(std::string_view text) {
  try {
    const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
    const json::object& object = parsed.as_object();
    ValidationReport report;
    report.verdict = verdict_in(object);
    for (const json::value& one : object.at("signatures").as_array()) {
      report.signatures.push_back(read_signature(one.as_object()));
    }
    report.policy = text_in(object, "policy");
    report.validated_at = sure_time_in(object, "validated_at");
    const json::object& document = object.at("document").as_object();
    report.document_name = text_in(document, "name");
    report.document_sha256 = text_in(document, "sha256");
    if (const json::value* const content = object.if_contains("content")) {
      report.content_sha256 = text_in(content->as_object(), "sha256");
    }
    return report;
  } catch (const std::exception& error) {
    return base::fail(base::Code::internal, std::string("a report that cannot be read: ") + error.what());
  }
}

base::Result<std::string> read_content_name(std::string_view text) {
  try {
    const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
    const json::value* const content = parsed.as_object().if_contains("content");
    return content == nullptr ? std::string() : text_in(content->as_object(), "name");
  } catch (const std::exception& error) {
    return base::fail(base::Code::internal, std::string("a report that cannot be read: ") + error.what());
  }
}

}  // namespace flow
