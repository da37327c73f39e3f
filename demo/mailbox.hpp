// The demonstration's SMTP server (the part of RFC 5321 that a sender needs). It accepts every mail, puts it into the
// inbox and forwards nothing. It has one thread and limits for connections, sizes and time.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

#include "base/result.hpp"
#include "demo/inbox.hpp"

namespace demo {

class Mailbox {
 public:
  explicit Mailbox(Inbox& inbox) : inbox_(inbox) {}
  ~Mailbox() { stop(); }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Listens on 127.0.0.1. Errors: unavailable.
  base::Result<void> start(std::uint16_t port);
  void stop();

 private:
  void work();

  Inbox& inbox_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace demo
