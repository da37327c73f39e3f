#include "flow/proof/network_gate.hpp"

#include <utility>

namespace flow {
namespace {

constexpr std::size_t most_networks = 65'536;
constexpr std::int64_t times_larger = 4;

}  // namespace

NetworkGate::Pass::Pass(Pass&& other) noexcept
    : gate_(std::exchange(other.gate_, nullptr)),
      address_(other.address_),
      policy_(other.policy_),
      at_(other.at_),
      failed_(other.failed_) {}

NetworkGate::Pass& NetworkGate::Pass::operator=(Pass&& other) noexcept {
  if (this == &other) return *this;
  leave();
  gate_ = std::exchange(other.gate_, nullptr);
  address_ = other.address_;
  policy_ = other.policy_;
  at_ = other.at_;
  failed_ = other.failed_;
  return *this;
}

void NetworkGate::Pass::leave() noexcept {
  if (gate_ != nullptr) std::exchange(gate_, nullptr)->leave(*this);
}

identity::NetworkPolicy NetworkGate::larger(const identity::NetworkPolicy& policy) {
  return {policy.capacity * times_larger, policy.refill / times_larger};
}

bool NetworkGate::is_barred(const Network& network, const identity::NetworkPolicy& policy, base::Time now) {
  const identity::NetworkVerdict verdict = identity::take(network.bucket, policy, now);
  // `taken` counts this attempt already, unless it was refused.
  return verdict.retry_from || verdict.bucket.taken + network.under_way > policy.capacity;
}

NetworkGate::Network& NetworkGate::find(const base::IpNetwork& network, base::Time now) {
  return networks_.try_emplace(network, Network{{0, now}, 0, 0, std::nullopt}).first->second;
}

NetworkGate::Answer NetworkGate::enter(std::string_view ip, const identity::NetworkPolicy& policy, base::Time now) {
  Answer answer;
  const auto address = base::IpAddress::parse(ip);
  if (!address || policy.capacity <= 0) {
    answer.pass.emplace();
    return answer;
  }
  const std::lock_guard lock(mutex_);
  if (networks_.size() >= most_networks) forget_the_quiet(policy, now);
  Network& network = find(identity::network_of(*address), now);
  Network* around = nullptr;
  if (!address->is_v4()) {
    around = &around_.try_emplace(address->network_around(), Network{{0, now}, 0, 0, std::nullopt}).first->second;
  }
  if (is_barred(network, policy, now) || (around != nullptr && is_barred(*around, larger(policy), now))) {
    // Refusals of different /64s in one /56 are recorded as one.
    Network& told = around != nullptr ? *around : network;
    answer.is_to_record = !told.recorded_at || now - *told.recorded_at >= std::chrono::minutes(1);
    answer.refused_before = told.refused;
    told.refused = answer.is_to_record ? 0 : told.refused + 1;
    if (answer.is_to_record) told.recorded_at = now;
    return answer;
  }
  ++network.under_way;
  if (around != nullptr) ++around->under_way;
  Pass& pass = answer.pass.emplace();
  pass.gate_ = this;
  pass.address_ = *address;
  pass.policy_ = policy;
  pass.at_ = now;
  return answer;
}

void NetworkGate::leave(const Pass& pass) noexcept {
  const std::lock_guard lock(mutex_);
  const auto count = [&pass](auto& among, const base::IpNetwork& which, const identity::NetworkPolicy& policy) {
    const auto found = among.find(which);
    if (found == among.end()) return;
    --found->second.under_way;
    if (pass.failed_) found->second.bucket = identity::take(found->second.bucket, policy, pass.at_).bucket;
  };
  count(networks_, identity::network_of(*pass.address_), pass.policy_);
  if (!pass.address_->is_v4()) count(around_, pass.address_->network_around(), larger(pass.policy_));
}

// A network whose bucket is full again is like one that was never seen.
void NetworkGate::forget_the_quiet(const identity::NetworkPolicy& policy, base::Time now) {
  const auto is_quiet = [now](const Network& network, const identity::NetworkPolicy& of) {
    return network.under_way == 0 && now - network.bucket.at >= network.bucket.taken * of.refill;
  };
  std::erase_if(networks_, [&](const auto& one) { return is_quiet(one.second, policy); });
  std::erase_if(around_, [&](const auto& one) { return is_quiet(one.second, larger(policy)); });
  // So many addresses attack at once that the map is full: those without an attempt in progress are forgotten. The /56s
  // around them still count.
  for (auto one = networks_.begin(); networks_.size() >= most_networks && one != networks_.end();) {
    one = one->second.under_way == 0 ? networks_.erase(one) : std::next(one);
  }
  for (auto one = around_.begin(); around_.size() >= most_networks && one != around_.end();) {
    one = one->second.under_way == 0 ? around_.erase(one) : std::next(one);
  }
}

std::size_t NetworkGate::size() const {
  const std::lock_guard lock(mutex_);
  return networks_.size() + around_.size();
}

}  // namespace flow
