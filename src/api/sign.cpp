#include "api/sign.hpp"

#include <charconv>
#include <optional>
#include <variant>

#include "api/client_call.hpp"
#include "api/problem.hpp"
#include "api/sign_problems.hpp"
#include "base/bytes.hpp"
#include "base/json.hpp"
#include "browser/request_facts.hpp"
#include "flow/signature/find_signing_program.hpp"
#include "flow/signature/reading_turn.hpp"
#include "flow/signature/sign_request.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "http/multipart.hpp"

namespace api {
namespace {

using flow::SignStep;

constexpr std::size_t most_parts = 300;
constexpr std::size_t longest_key = 255;

/// Who calls; or the answer to refuse with.
struct Program {
  flow::KeyUser user;
  flow::RequestFacts facts;
};
tl::expected<Program, http::Response> find_program(const flow::House& house, const http::Request& request) {
  const auto proof = read_caller_proof(request);
  if (!proof) return tl::unexpected(print(unauthenticated, request));
  Program program{flow::AccountByToken{}, browser::facts_of_program(request)};
  const auto found = flow::find_signing_program(house, *proof, program.facts);
  if (!found) return tl::unexpected(print(found.error(), request));
  if (found->refusal) return tl::unexpected(*refuse_program(request, *proof, *found->refusal, "sign"));
  program.user = found->user;
  return program;
}

/// Errors: unavailable, internal (the body cannot be read again).
base::Result<flow::SignRequest> read_multipart(const http::Request& request, SignStep step) {
  flow::SignRequest read;
  auto form = http::parse_multipart(request, most_parts, "document");
  if (!form && form.error().code != base::Code::invalid_input) return base::pass_on(std::move(form));
  if (!form) {
    read.flaws.push_back({"", "malformed", "the form cannot be read"});
    return read;
  }
  for (http::UploadedFile& file : form->files) {
    if (file.field != "document") {
      read.flaws.push_back({file.field.substr(0, 100), "unknown_field", "is no file of this request"});
      continue;
    }
    flow::DocumentSent document;
    document.name = std::move(file.name);
    document.octets = std::move(file.octets);
    document.source = std::move(file.stored);
    read.wish.documents.push_back(std::move(document));
  }
  for (const auto& [name, text] : form->fields.fields()) {
    if (!flow::put_sign_field(read, name, text, step)) {
      read.flaws.push_back({name.substr(0, 100), "unknown_field", "is no member of this request"});
    }
  }
  flow::judge_sign_request(read, step);
  return read;
}

/// The body in either form; or the answer to refuse with.
tl::expected<flow::SignRequest, http::Response> read(const http::Request& request, SignStep step) {
  const std::string* const type = request.find_header("Content-Type");
  const bool is_json = type != nullptr && type->starts_with("application/json");
  if (!is_json && !http::is_multipart(request)) {
    Problem problem = malformed;
    problem.detail = "the body must be application/json or multipart/form-data";
    return tl::unexpected(print(problem, request, {}, problem.detail));
  }
  auto read = is_json ? base::Result<flow::SignRequest>(flow::read_sign_request(request.body, step))
                      : read_multipart(request, step);
  if (!read) return tl::unexpected(print(read.error(), request));
  if (read->flaws.empty()) return std::move(*read);
  if (read->flaws.front().code == "malformed") {
    Problem problem = malformed;
    problem.detail = read->flaws.front().message;
    return tl::unexpected(print(problem, request, {}, problem.detail));
  }
  MemberErrors errors;
  for (const flow::SignFlaw& flaw : read->flaws) errors.note(flaw.field, flaw.code, flaw.message);
  return tl::unexpected(errors.refuse(request));
}

std::optional<http::Response> take_idempotency_key(const http::Request& request, flow::JobWish& wish) {
  const std::string* const key = request.find_header("Idempotency-Key");
  if (request.count_header("Idempotency-Key") > 1 || (key != nullptr && key->size() > longest_key)) {
    Problem problem = malformed;
    problem.detail = "there may be one Idempotency-Key of at most 255 octets";
    return print(problem, request, {}, problem.detail);
  }
  if (key != nullptr) wish.repeat_key = *key;
  return std::nullopt;
}

/// The way in which programs know outcomes; "valued" is the same to them as "waiting".
std::string_view outcome_of(const flow::JobItem& item) {
  if (item.state == "done") return "signed";
  return item.state == "failed" ? "failed" : "waiting";
}

base::JsonObject describe(const flow::JobItem& item) {
  base::JsonObject object;
  object.text("name", item.name).text_if("sha256", item.sha256).text("outcome", outcome_of(item));
  object.text_if("error", item.reason);
  return object;
}

base::JsonObject describe(const flow::Job& job) {
  base::JsonObject body;
  body.text("job_id", job.id.to_string()).text("job_number", job.number).text("state", job.state);
  body.text("format", name_of(job.format)).text("level", name_of(job.level));
  body.text("packaging", name_of(job.packaging)).text("algorithm", crypto::name_of(job.algorithm));
  body.text("expires_at", base::to_rfc3339(job.expires_at));
  return body;
}

struct Results {
  std::string body;
  bool are_whole = true;
};
/// With the signatures: of one document also as "document" of the whole. What the memory for results has no place for
/// at the moment is left out, because it is signed: a refusal would make the program sign it again.
base::Result<Results> print_results(const flow::House& house, const Program& program, const flow::Job& job) {
  Results results;
  base::JsonObject body = describe(job);
  base::JsonArray items;
  for (const flow::JobItem& item : job.items) {
    base::JsonObject one = describe(item);
    if (item.state == "done") {
      const auto result = flow::find_result(house, program.user, job.id, item.position, program.facts.now);
      const bool is_later = !result && result.error().reason == flow::readings_busy;
      if (!result && !is_later) return tl::unexpected(result.error());
      results.are_whole = results.are_whole && !is_later;
      if (result) {
        const std::string octets = base::to_base64(result->octets);
        one.text("file", result->name).text("media_type", result->media_type).text("document", octets);
        if (job.items.size() == 1) body.text("document", octets);
      }
    }
    items.raw(one.finish());
  }
  body.raw("items", items.finish());
  results.body = body.finish();
  return results;
}

struct Answer {
  http::Response response;
  bool is_whole = true;  // every signature is in it
};
Answer answer(const flow::House& house, const Program& program, const http::Request& request,
              const base::Result<flow::JobAnswer>& answered) {
  if (!answered) return {print(answered.error(), request)};
  if (answered->refusal) {
    std::vector<Member> more;
    if (answered->job) more.emplace_back("job_id", base::to_json_string(answered->job->id.to_string()));
    return {refuse_signing(house, request, *answered->refusal, std::move(more))};
  }
  const auto results = print_results(house, program, *answered->job);
  // Who was suspended between the last signature and this answer is told no more.
  if (!results && results.error().code == base::Code::not_found) {
    return {refuse_signing(house, request, flow::SignRefusal::forbidden)};
  }
  if (!results) return {print(results.error(), request)};
  return {http::Response::json(results->body), results->are_whole};
}

std::optional<base::Id> job_of(const http::Request& request) {
  const auto id = base::Id::parse(request.path_parameters.empty() ? std::string() : request.path_parameters.front());
  return id ? std::optional(*id) : std::nullopt;
}

}  // namespace

http::Response sign(const flow::House& house, const http::Request& request) {
  const auto program = find_program(house, request);
  if (!program) return program.error();
  auto asked = read(request, SignStep::sign);
  if (!asked) return std::move(asked.error());
  if (auto refused = take_idempotency_key(request, asked->wish)) return std::move(*refused);
  flow::JobOrder order;
  order.pin = asked->pin;
  order.clocks = flow::read_clocks;
  const auto signed_all = flow::sign_documents(house, program->user, asked->wish, order, program->facts);
  Answer answered = answer(house, *program, request, signed_all);
  // Without a key nobody comes back to it, unless a time stamp or a signature is missing in the answer: what is signed
  // is not to be lost.
  const bool is_kept = !asked->wish.repeat_key.empty() || !signed_all || !signed_all->job || !answered.is_whole;
  if (!is_kept && signed_all->job->count("valued") == 0 && signed_all->refusal != flow::SignRefusal::job_running) {
    const auto forgotten = flow::forget_job(house, program->user, signed_all->job->id, program->facts.now);
    if (!forgotten && forgotten.error().code != base::Code::not_found) return print(forgotten.error(), request);
  }
  return std::move(answered.response);
}

http::Response prepare_signature(const flow::House& house, const http::Request& request) {
  const auto program = find_program(house, request);
  if (!program) return program.error();
  auto asked = read(request, SignStep::prepare);
  if (!asked) return std::move(asked.error());
  if (auto refused = take_idempotency_key(request, asked->wish)) return std::move(*refused);
  const auto prepared = flow::prepare_signature(house, program->user, asked->wish, program->facts);
  if (!prepared || prepared->refusal) return answer(house, *program, request, prepared).response;
  base::JsonObject body = describe(*prepared->job);
  base::JsonArray items;
  std::size_t next = 0;
  for (const flow::JobItem& item : prepared->job->items) {
    base::JsonObject one = describe(item);
    if (item.state == "waiting" && next < prepared->to_be_signed.size()) {
      const std::string octets = base::to_base64(prepared->to_be_signed[next++]);
      one.text("to_be_signed", octets);
      if (prepared->job->items.size() == 1) body.text("to_be_signed", octets);
    }
    items.raw(one.finish());
  }
  body.raw("items", items.finish());
  return http::Response::json(body.finish(), 201);
}

http::Response complete_signature(const flow::House& house, const http::Request& request) {
  const auto program = find_program(house, request);
  if (!program) return program.error();
  auto asked = read(request, SignStep::complete);
  if (!asked) return std::move(asked.error());
  const auto id = job_of(request);
  if (!id) return refuse_signing(house, request, flow::SignRefusal::no_job);
  flow::JobOrder order;
  order.job_id = *id;
  order.pin = asked->pin;
  order.values = std::move(asked->values);
  order.clocks = flow::read_clocks;
  const bool is_own_key = !order.values.empty();
  const auto done = is_own_key ? flow::complete_signature(house, program->user, order, program->facts)
                               : flow::sign_job(house, program->user, order, program->facts);
  return answer(house, *program, request, done).response;
}

http::Response show_job(const flow::House& house, const http::Request& request) {
  const auto program = find_program(house, request);
  if (!program) return program.error();
  const auto id = job_of(request);
  if (!id) return refuse_signing(house, request, flow::SignRefusal::no_job);
  const auto job = flow::find_job(house, program->user, *id, program->facts.now);
  if (!job && job.error().code == base::Code::not_found) {
    return refuse_signing(house, request, flow::SignRefusal::no_job);
  }
  if (!job) return print(job.error(), request);
  base::JsonObject body = describe(*job);
  base::JsonArray items;
  for (const flow::JobItem& item : job->items) items.raw(describe(item).finish());
  body.raw("items", items.finish());
  return http::Response::json(body.finish());
}

http::Response show_result(const flow::House& house, const http::Request& request) {
  const auto program = find_program(house, request);
  if (!program) return program.error();
  const auto id = job_of(request);
  std::int64_t position = -1;
  if (request.path_parameters.size() == 2) {
    const std::string& text = request.path_parameters[1];
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), position);
    if (failed != std::errc() || end != text.data() + text.size()) position = -1;
  }
  if (!id || position < 0) return refuse_signing(house, request, flow::SignRefusal::no_job);
  auto result = flow::find_result(house, program->user, *id, position, program->facts.now);
  if (!result && result.error().code == base::Code::not_found) {
    return refuse_signing(house, request, flow::SignRefusal::no_job);
  }
  if (!result) return print(result.error(), request);
  http::Response response;
  response.content_type = result->media_type;
  response.body = std::move(result->octets);
  return response;
}

http::Response forget_job(const flow::House& house, const http::Request& request) {
  const auto program = find_program(house, request);
  if (!program) return program.error();
  const auto id = job_of(request);
  if (!id) return refuse_signing(house, request, flow::SignRefusal::no_job);
  const auto forgotten = flow::forget_job(house, program->user, *id, program->facts.now);
  if (!forgotten && forgotten.error().code == base::Code::not_found) {
    return refuse_signing(house, request, flow::SignRefusal::no_job);
  }
  if (!forgotten) return print(forgotten.error(), request);
  http::Response response;
  response.status = 204;
  return response;
}

http::Response list_credentials(const flow::House& house, const http::Request& request) {
  const auto program = find_program(house, request);
  if (!program) return program.error();
  const auto usable = flow::list_usable_credentials(house, program->user, program->facts.now);
  if (!usable) return print(usable.error(), request);
  base::JsonArray items;
  for (const flow::UsableCredential& one : *usable) {
    base::JsonObject object;
    object.text("credential_id", one.id.to_string()).text("label", one.label);
    object.text("owner", one.is_seal ? "organisation" : "account").text("activation", one.activation);
    object.text("backend", one.backend).text("subject", one.subject).text("issuer", one.issuer);
    object.text("not_before", base::to_rfc3339(one.not_before)).text("not_after", base::to_rfc3339(one.not_after));
    base::JsonArray algorithms;
    for (const auto& algorithm : one.algorithms) algorithms.text(crypto::name_of(algorithm));
    object.raw("algorithms", algorithms.finish()).text("certificate", base::to_base64(one.certificate));
    base::JsonArray chain;
    for (const base::Bytes& certificate : one.chain) chain.text(base::to_base64(certificate));
    object.raw("chain", chain.finish());
    items.raw(object.finish());
  }
  base::JsonObject body;
  body.raw("items", items.finish()).raw("next", "null");
  return http::Response::json(body.finish());
}

}  // namespace api
