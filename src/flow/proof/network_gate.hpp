// Bars a network whose proofs have failed too often. This is the only refusal that needs neither a hash nor a row of
// the database, because it depends on the address alone and tells nothing about an account. Counted in the memory of
// this node (identity::take): failures, and attempts in progress, so that a hundred connections at the same time cannot
// make more attempts than one after the other.
//
// The networks are those of IpAddress::counted_networks(): an IPv4 address, or an IPv6 /64 with its /56 and /48, which
// may fail more often.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/ip_address.hpp"
#include "base/time.hpp"
#include "identity/lockout/throttling.hpp"

namespace flow {

class NetworkGate {
 public:
  /// One attempt in progress. Its destructor counts the failure, if it was one.
  class Pass {
   public:
    Pass() = default;
    Pass(Pass&& other) noexcept;
    Pass& operator=(Pass&& other) noexcept;
    ~Pass() { leave(); }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    /// How the attempt ended. A pass for which settle() was not called counts nothing.
    void settle(bool has_failed) { failed_ = has_failed; }

   private:
    friend class NetworkGate;
    void leave() noexcept;
    NetworkGate* gate_ = nullptr;
    std::optional<base::IpAddress> address_;
    identity::NetworkPolicy policy_;
    base::Time at_;
    bool failed_ = false;
  };

  struct Answer {
    std::optional<Pass> pass;         // nullopt: the network is barred
    std::int64_t refused_before = 0;  // with `is_to_record`: refusals since the last one that was recorded
    bool is_to_record = false;        // the first refusal of this network in a minute
  };
  /// Any thread. A text that is not an address (a socket) always passes; if the capacity is 0, every address does.
  Answer enter(std::string_view ip, const identity::NetworkPolicy& policy, base::Time now);
  /// A pass without a limit, for a known device of the account; its failures are counted by throttle_login.
  static Pass free_pass() { return {}; }
  [[nodiscard]] std::size_t size() const;

 private:
  struct Network {
    identity::NetworkBucket bucket;
    std::int64_t under_way = 0;
    std::int64_t refused = 0;
    std::optional<base::Time> recorded_at;
  };
  static bool is_barred(const Network& network, const identity::NetworkPolicy& policy, base::Time now);
  void leave(const Pass& pass) noexcept;
  void forget_the_quiet(const identity::NetworkPolicy& policy, base::Time now);

  mutable std::mutex mutex_;
  /// By size: IPv4 addresses and /64s, /56s, /48s.
  std::array<std::map<base::IpNetwork, Network>, base::most_counted_networks> levels_;
};

}  // namespace flow
