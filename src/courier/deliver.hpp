// The result of one try to deliver a message. The outbox derives the next state from it: done, try again later, failed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "remote/smtp_client.hpp"

namespace courier {

/// Why a try failed, in words that only this program can choose: the outbox and the audit log keep it. A peer's text
/// has no way into it, because it may name a person. "unreadable", "http 503", "smtp 550 5.1.1".
class Code {
 public:
  template <std::size_t N>
  consteval Code(const char (&word)[N]) : word_(word, N - 1) {}  // NOLINT(*-explicit-*): a literal only
  static Code of(base::Code code);
  static Code http(int status);
  /// Takes from the reply its enhanced status code (RFC 3463 §2) and nothing else.
  static Code smtp(int status, std::string_view reply);
  /// Not tried, because an earlier try at the same destination failed like this.
  [[nodiscard]] Code not_tried() const;
  [[nodiscard]] std::string text() const;

 private:
  Code() = default;
  std::string_view word_;
  int status_ = 0;               // 0 = none
  std::array<int, 3> detail_{};  // of RFC 3463; all 0 = none
  bool not_tried_ = false;
};

struct Delivery {
  enum class Kind : std::uint8_t {
    delivered,  // the peer has taken responsibility
    retry,      // the peer has not refused for good, or its answer was lost
    give_up,    // the peer refuses this message for good, or the message cannot be sent
  };
  Kind kind = Kind::retry;
  Code code = "";  // why it was not delivered
  // The same with what the peer said: for the command that tests the connection and for the log of a silent
  // destination; never stored, never has the text of the message.
  std::string reason{};
  bool unanswered = false;  // retry only: the destination did not answer (no connection, time-out, connection lost)
};

Delivery delivered();
/// `reason` "": the text of the code.
Delivery retry(Code code, std::string reason = {});
Delivery give_up(Code code, std::string reason = {});

/// invalid_input and denied become give_up; every other error becomes retry.
Delivery judge(const base::Error& error);
/// judge() for a call to the destination that brought no answer.
Delivery judge_call(const base::Error& error);
Delivery judge(const remote::SmtpOutcome& outcome);
/// The first 200 characters of what a peer said. A character that is not printable ASCII becomes '?'.
std::string quote(std::string_view said);

}  // namespace courier
