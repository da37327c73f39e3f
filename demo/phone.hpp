// An SMS gateway like those of providers (S3.7, S3.10): HTTP with id and password. Its messages are put into the inbox.
//   POST /messages  id=…&password=…&to=+48600100200&text=…[&from=…][&type=text|flash|binary|service]
//                   [&data=HEX&udh=HEX][&url=…]   →  200 {"id":…} | 400 | 401
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "demo/inbox.hpp"
#include "http/router.hpp"
#include "remote/http_client.hpp"

namespace demo {

inline constexpr const char* gateway_id = "demo-clinic";
inline constexpr const char* gateway_password = "demo-gateway-password";

/// The name of the gateway in the server's configuration, and the secret of the address for its reports.
inline constexpr const char* gateway_name = "phone";
inline constexpr const char* report_key = "demo-report-key-2026";

/// Tells the server that messages have arrived, as gateways do: POST /hooks/sms/phone. It does not wait for the server,
/// because that still waits for the gateway's answer.
class DeliveryReports {
 public:
  /// `address`: of the hook, with its key.
  DeliveryReports(remote::HttpClient client, std::string address);
  ~DeliveryReports();
  DeliveryReports(const DeliveryReports&) = delete;
  DeliveryReports& operator=(const DeliveryReports&) = delete;
  void add(std::string id);

 private:
  void run();
  remote::HttpClient client_;
  std::string address_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;
  bool is_over_ = false;
  std::thread worker_;
};

void add_phone(http::Router& router, Inbox& inbox, DeliveryReports& reports);

}  // namespace demo
