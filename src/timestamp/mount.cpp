#include <optional>
#include <string>
#include <utility>

#include "browser/csrf.hpp"
#include "timestamp/stamp.hpp"
#include "timestamp/timestamp.hpp"

namespace timestamp {
namespace {

// A request has about a hundred octets; what is larger than crypto::largest_timestamp_request is a rejection.
constexpr std::size_t largest_body = std::size_t{16} * 1024;

}  // namespace

void mount(http::Router& router, const flow::House& house) {
  http::Route route;
  route.method = http::Method::post;
  route.pattern = "/timestamp";
  route.body_limit = largest_body;
  route.deferred = true;
  route.cross_site = true;
  route.guard = browser::Csrf::none("a program proves itself in the request; cookies do not count").describe();
  route.account_of = program_to_share;
  // For programs: a page would say nothing to them.
  route.refuse_body = [](const http::Request& request, int status) -> std::optional<http::Response> {
    if (status != 413) return std::nullopt;
    return http::Response::text("A request has at most " + std::to_string(request.body_limit) + " octets.\n", status);
  };
  route.handler = [house](const http::Request& request) { return stamp(house, request); };
  router.add(std::move(route));
}

}  // namespace timestamp
