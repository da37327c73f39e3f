// The clinic around the server: portal with inbox, laboratory, mailbox and phone, each on its own port.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "demo/inbox.hpp"
#include "demo/issuer.hpp"
#include "demo/mailbox.hpp"
#include "demo/options.hpp"
#include "demo/phone.hpp"
#include "demo/relying_party.hpp"
#include "http/server.hpp"

namespace demo {

class Clinic {
 public:
  /// Errors: unavailable, invalid_input.
  static base::Result<std::unique_ptr<Clinic>> open(const Options& options, const std::string& authority_file);
  ~Clinic();
  Clinic(const Clinic&) = delete;
  Clinic& operator=(const Clinic&) = delete;

 private:
  Clinic(const Options& options, remote::HttpClient client);
  base::Result<void> start(const Options& options, const std::string& authority_file);
  base::Result<void> start_server(const char* name, std::uint16_t port, std::shared_ptr<http::Router> router);

  Inbox inbox_;
  Mailbox mailbox_;
  Issuer issuer_;
  Application portal_application_;
  RelyingParty portal_;
  RelyingParty laboratory_;
  std::unique_ptr<DeliveryReports> reports_;
  std::vector<std::unique_ptr<http::Server>> servers_;
};

/// A client that may call only the server. With --https it trusts the certificate in `authority_file`.
base::Result<remote::HttpClient> make_client(const Options& options, const std::string& authority_file);

}  // namespace demo
