// The connection to a connector, step by step: each step that fails says in words what is wrong and what to do.
//
//   address ─> name resolution ─> TCP ─> TLS (version, the server's certificate) ─> request with our certificate ─>
//   answer
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "client/credential.hpp"

namespace client {

struct Address {
  std::string host;  // as in the address; an IPv6 address without brackets
  std::string port = "443";
  std::string path = "/";  // with the query
};
/// https://HOST[:PORT][/PATH]. Errors: invalid_input.
base::Result<Address> parse_address(std::string_view url);

/// What is asked for.
struct Target {
  Address address;
  std::string claimed{};  // ?clientSystemId=…; "" = none is named
};

struct Step {
  std::string name;  // "name resolution"
  bool is_fine = false;
  std::string said;  // what was found, or what is wrong and what to do
};
struct Probe {
  std::vector<Step> steps;  // the last one failed, or all are fine
  [[nodiscard]] bool is_fine() const { return !steps.empty() && steps.back().is_fine; }
};
/// `authority`: more certificates (PEM) that the server's may come from, besides those of the ZIP and of the system.
Probe test_connection(const Credential& credential, const Target& target, std::string_view authority);

}  // namespace client
