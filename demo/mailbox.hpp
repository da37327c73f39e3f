// A real SMTP server for the demonstration (RFC 5321, the part that a sender needs): takes every mail, delivers it to
// the inbox, sends nothing on. One thread, bounded in connections, sizes and time.
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
