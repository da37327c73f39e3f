#include "pki/publish.hpp"

#include <algorithm>
#include <chrono>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/answer_ocsp.hpp"
#include "flow/certificate/publish_lists.hpp"

namespace pki {
namespace {

// A revocation must not be hidden for long by a cache on the way.
constexpr std::int64_t list_cached_seconds = 60;

http::Response unknown() {
  return http::Response::text("There is no such file.\n", 404);
}

http::Response unavailable(const http::Request& request, const base::Error& error) {
  base::log(base::Level::warning, "a list or certificate could not be shown",
            {{"request_id", request.request_id}, {"reason", base::describe(error)}});
  http::Response response = http::Response::text("Try again in a moment.\n", 503);
  response.add("Retry-After", "5");
  return response;
}

http::Response print(base::Bytes octets, std::string content_type, std::int64_t cached_seconds) {
  http::Response response;
  response.kind = http::Kind::shared;
  response.content_type = std::move(content_type);
  response.body = std::move(octets);
  response.add("Cache-Control", "public, max-age=" + std::to_string(cached_seconds));
  return response;
}

http::Response print_ocsp(flow::OcspReply reply, base::Time now) {
  http::Response response;
  response.content_type = "application/ocsp-response";
  response.body = std::move(reply.der);
  if (!reply.until) {
    response.add("Cache-Control", "no-store");
    return response;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*reply.until - now).count();
  response.kind = http::Kind::shared;
  response.add("Cache-Control",
               "public, max-age=" + std::to_string(std::clamp<std::int64_t>(seconds, 0, list_cached_seconds)));
  return response;
}

bool cut_end(std::string_view& name, std::string_view end) {
  if (!name.ends_with(end)) return false;
  name.remove_suffix(end.size());
  return true;
}

}  // namespace

http::Response show_chain(const flow::House& house, const http::Request& request) {
  auto chain = flow::print_chain(house, base::now());
  if (!chain) return unavailable(request, chain.error());
  if (chain->empty()) return unknown();
  return print(std::move(*chain), "application/pem-certificate-chain", list_cached_seconds);
}

http::Response show_file(const flow::House& house, const http::Request& request) {
  std::string_view name = request.path_parameters.at(0);
  const bool is_certificate = cut_end(name, ".cer");
  const bool is_delta = !is_certificate && cut_end(name, "-delta.crl");
  const bool is_list = is_delta || (!is_certificate && cut_end(name, ".crl"));
  const auto id = base::Id::parse(name);
  if (!id || (!is_certificate && !is_list)) return unknown();
  if (is_certificate) {
    auto der = flow::find_authority_certificate(house, *id);
    if (!der) return unavailable(request, der.error());
    return *der ? print(std::move(**der), "application/pkix-cert", 3600) : unknown();
  }
  auto list = flow::find_published_list(house, *id, is_delta ? "delta" : "complete");
  if (!list) return unavailable(request, list.error());
  return *list ? print(std::move((*list)->der), "application/pkix-crl", list_cached_seconds) : unknown();
}

http::Response answer_ocsp(const flow::House& house, const http::Request& request) {
  const std::string* const type = request.find_header("Content-Type");
  if (type == nullptr || *type != "application/ocsp-request") {
    return http::Response::text("Send a request as application/ocsp-request.\n", 415);
  }
  const base::Time now = base::now();
  return print_ocsp(flow::answer_ocsp(house, request.body, now), now);
}

http::Response answer_ocsp_in_path(const flow::House& house, const http::Request& request) {
  const base::Time now = base::now();
  const auto der = base::parse_base64url(request.path_parameters.at(0));  // http::fold_base64
  return print_ocsp(flow::answer_ocsp(house, der ? *der : base::Bytes(), now), now);
}

}  // namespace pki
