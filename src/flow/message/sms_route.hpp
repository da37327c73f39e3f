// The way of a short message over the gateways of the configuration, in their order. A gateway that refuses the message
// for good ends it; one that has a problem passes it on to the next. Each gateway has a circuit breaker, so that one
// that does not answer delays nothing. A gateway whose answer was lost may have sent the message: the next one sends it
// all the same, because a code that comes twice is better than none (docs/decisions/0060).
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "courier/breaker.hpp"
#include "courier/sms.hpp"
#include "flow/house/house.hpp"
#include "flow/message/deliver_outbox.hpp"
#include "remote/http_client.hpp"
#include "store/message/sms_gateways.hpp"

namespace flow {

struct SmsSettings {
  std::vector<courier::SmsGateway> gateways{};  // in the order in which they are tried
  std::vector<std::string> countries{};         // "+48": numbers that may get messages; none = all
  bool spares_parts = false;                    // courier::spare_parts
};

struct SmsOutcome {
  courier::Delivery delivery;
  std::string gateway{};     // that took the message or refused it; "" = none was asked
  std::string gateway_id{};  // its identifier of the message; "" = it gave none
  std::size_t parts = 0;     // of a text

  [[nodiscard]] bool is_taken() const { return delivery.kind == courier::Delivery::Kind::delivered; }
};

/// What the page and the metrics show of a gateway; the counts are of this process.
struct SmsGatewayState {
  bool is_open = false;  // the breaker: the gateway did not answer, and waits for a probe
  base::Time next_probe{};
  std::uint64_t taken = 0;
  std::uint64_t refused = 0;
  std::uint64_t failed = 0;
  std::string last_error{};  // a code (docs/decisions/0025); "" = none since the start
  std::optional<base::Time> last_error_at{};
};

enum class SmsTry : std::uint8_t {
  message,  // a gateway that does not answer is left alone until its next probe
  by_hand,  // somebody waits for the gateway's own answer, so each is asked
};

class SmsRoute {
 public:
  SmsRoute(remote::HttpClient client, SmsSettings settings);
  SmsRoute(const SmsRoute&) = delete;
  SmsRoute& operator=(const SmsRoute&) = delete;

  [[nodiscard]] const SmsSettings& settings() const { return settings_; }
  /// The gateway with what the page has set; nullopt: there is none of the name.
  [[nodiscard]] std::optional<courier::SmsGateway> find(std::string_view name,
                                                        const std::vector<store::SmsGatewayRow>& set) const;
  /// One try over all gateways that are on, or over `only` this one, on or off. Blocks. Thread-safe.
  SmsOutcome send(const courier::Sms& sms, const std::vector<store::SmsGatewayRow>& set, base::Time now,
                  std::string_view only = {}, SmsTry how = SmsTry::message);
  /// In the order of the gateways.
  [[nodiscard]] std::vector<SmsGatewayState> look() const;
  /// Ends all calls.
  void stop() { client_.stop(); }

 private:
  struct Lane {
    courier::Breaker breaker{courier::for_codes};
    SmsGatewayState state{};
  };
  bool admit(std::size_t index, base::Time now);
  void note(std::size_t index, const courier::Delivery& tried, base::Time now);

  remote::HttpClient client_;
  SmsSettings settings_;
  mutable std::mutex mutex_;
  std::vector<Lane> lanes_;
};

/// Reads what the page has set, and sends. Errors: unavailable (the database), conflict (there is no gateway).
base::Result<SmsOutcome> send_short_message(const House& house, const courier::Sms& sms, base::Time now,
                                            std::string_view only = {});

/// Delivers the outbox items of the kind "sms". The house must have a route, which must outlive the deliverer. Notes
/// for which message of the outbox a gateway's identifier stands.
Deliver make_sms_deliverer(const House& house);

/// The key of a gateway's identifier of a message in the database.
base::Bytes key_of_report(const House& house, std::string_view gateway, std::string_view message_id);

}  // namespace flow
