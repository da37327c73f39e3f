#include <utility>

#include "browser/csrf.hpp"
#include "http/basic_authorization.hpp"
#include "pki/enrol.hpp"
#include "pki/pki.hpp"
#include "pki/publish.hpp"

namespace pki {
namespace {

using Answer = http::Response (*)(const flow::House&, const http::Request&);

constexpr std::size_t largest_ocsp = 4096;
constexpr std::size_t largest_enrolment = std::size_t{48} * 1024;
// EST also where TLS asks for a certificate.
constexpr http::Roles over_tls{http::Role::ordinary, http::Role::connector, http::Role::certificate};

http::Route make(http::Method method, const char* pattern, const flow::House& house, Answer answer) {
  http::Route route;
  route.method = method;
  route.pattern = pattern;
  route.handler = [house, answer](const http::Request& request) { return answer(house, request); };
  return route;
}

void add_public(http::Router& router, http::Route route) {
  route.plain = true;
  router.add(std::move(route));
}

/// The connector's listener compares a password, if one comes.
http::Lane find_lane(const http::Request& request) {
  const bool is_compared = request.role == http::Role::connector && request.count_header("Authorization") > 0;
  return is_compared ? http::Lane::password : http::Lane::work;
}

}  // namespace

void mount(http::Router& router, const flow::House& house) {
  using http::Method;
  add_public(router, make(Method::get, "/pki/chain.pem", house, show_chain));
  add_public(router, make(Method::get, "/pki/{file}", house, show_file));
  add_public(router, make(Method::get, "/pki/ocsp/{request}", house, answer_ocsp_in_path));
  http::Route ocsp = make(Method::post, "/pki/ocsp", house, answer_ocsp);
  ocsp.body_limit = largest_ocsp;
  ocsp.cross_site = true;
  ocsp.guard = browser::Csrf::none("reads only public facts and writes nothing").describe();
  add_public(router, std::move(ocsp));

  const auto add_est = [&](http::Route route) {
    route.roles = over_tls;
    route.account_of = http::find_basic_user;
    router.add(std::move(route));
  };
  for (const auto& [pattern, answer] : {std::pair("/.well-known/est/cacerts", &show_authorities),
                                        std::pair("/.well-known/est/csrattrs", &show_attributes)}) {
    http::Route known = make(Method::get, pattern, house, answer);
    known.lane_of = find_lane;
    add_est(std::move(known));
  }
  http::Route first = make(Method::post, "/.well-known/est/simpleenroll", house, enrol);
  first.lane = http::Lane::password;
  first.body_limit = largest_enrolment;
  first.cross_site = true;
  first.guard = browser::Csrf::none("name and password come with the request; cookies do not count").describe();
  add_est(std::move(first));
  http::Route again = make(Method::post, "/.well-known/est/simplereenroll", house, enrol_again);
  again.body_limit = largest_enrolment;
  again.cross_site = true;
  again.guard = browser::Csrf::none("the certificate of the connection is the proof; cookies do not count").describe();
  add_est(std::move(again));
}

}  // namespace pki
