// What every endpoint of this door needs. For this room only.
#pragma once

#include <memory>
#include <string>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "http/message.hpp"
#include "oidc/oidc.hpp"

namespace oidc {

struct Door {
  flow::House house;
  Options options;
  /// Shared by all copies.
  std::shared_ptr<flow::FetchGate> fetch_gate = std::make_shared<flow::FetchGate>();

  [[nodiscard]] http::Response page(const http::Request& request, int status, std::string_view text_key,
                                    std::string_view reason) const {
    return options.error_page(request, status, {text_key, std::string(reason)});
  }
  /// The page for an error of the server.
  [[nodiscard]] http::Response page(const http::Request& request, const base::Error& error) const;
};

/// The fields of the query (GET) or of the form (POST, then without a query).
/// Errors: invalid_input.
base::Result<http::Form> read_parameters(const http::Request& request);

}  // namespace oidc
