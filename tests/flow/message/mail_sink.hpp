// A mail server for tests, and the client that sends to it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "remote/smtp_client.hpp"
#include "unit/remote/loopback_server.hpp"

namespace testing {

/// A mail server: takes every mail, or answers the recipient with `refusal`.
class MailSink {
 public:
  explicit MailSink(std::string refusal = {})
      : refusal_(std::move(refusal)), server_([this](remote_test::Connection& c) { serve(c); }) {}
  [[nodiscard]] remote::SmtpClient client() const {
    remote::SmtpOptions options;
    options.host = "127.0.0.1";
    options.port = server_.port();
    options.tls = remote::SmtpTls::none;
    options.may_be_plain = true;
    return remote::SmtpClient::make(options).value();
  }
  std::vector<std::string> mails() {
    const std::lock_guard lock(mutex_);
    return mails_;
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [&] { return mails_.size() >= count; });
  }
  std::atomic<bool> loses_answer{false};

 private:
  void serve(remote_test::Connection& c) {
    c.write("220 sink\r\n");
    for (;;) {
      const std::string line = c.read_until("\r\n");
      if (line.empty()) return;
      if (line.starts_with("RCPT") && !refusal_.empty()) {
        c.write(refusal_ + "\r\n");
      } else if (line.starts_with("DATA")) {
        c.write("354 go on\r\n");
        std::string mail = c.read_until("\r\n.\r\n");
        {
          const std::lock_guard lock(mutex_);
          mails_.push_back(std::move(mail));
        }
        taken_.notify_all();
        if (loses_answer) return;
        c.write("250 taken\r\n");
      } else if (line.starts_with("QUIT")) {
        c.write("221 bye\r\n");
        return;
      } else {
        c.write("250 ok\r\n");
      }
    }
  }
  std::string refusal_;
  std::mutex mutex_;
  std::condition_variable taken_;
  std::vector<std::string> mails_;
  remote_test::LoopbackServer server_;
};

}  // namespace testing
