// Background work of the server: sends the outbox, ends sessions whose time is over, deletes old rows, erases the
// personal parts of audit events that are due, runs acts on many accounts, makes and reads signing keys, verifies the
// audit log when somebody asks for it, and writes the head of the audit log's chain to the log.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "app/house/worker.hpp"
#include "flow/house/house.hpp"
#include "flow/message/deliver_outbox.hpp"
#include "remote/http_client.hpp"
#include "remote/smtp_client.hpp"

namespace app {

struct Config;

/// Its threads run from start() to the destructor, which ends calls to other servers within a second.
class Background {
 public:
  /// Errors: invalid_input (a loopback address, network or mail server of the configuration is malformed).
  static base::Result<std::unique_ptr<Background>> start(const flow::House& house, const Config& config);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

 private:
  struct Clients {
    remote::HttpClient ordinary;
    remote::HttpClient lists;
  };
  Background(const flow::House& house, const Config& config, Clients clients,
             std::optional<remote::SmtpClient> mail_client);

  flow::House house_;
  remote::HttpClient client_;
  remote::HttpClient list_client_;  // for lists of revoked certificates and OCSP
  std::optional<remote::SmtpClient> mail_client_;
  flow::Deliverers deliverers_;
  std::unique_ptr<flow::OutboxSender> sender_;
  std::unique_ptr<Worker> outbox_;
  std::unique_ptr<Worker> housekeeping_;
  std::unique_ptr<Worker> erasure_;
  std::unique_ptr<Worker> terms_;
  std::unique_ptr<Worker> check_;
  std::unique_ptr<Worker> bulk_;
  std::unique_ptr<Worker> publishing_;
  std::unique_ptr<Worker> fetching_;
  std::unique_ptr<Worker> client_keys_;
};

}  // namespace app
