#include "flow/proof/network_gate.hpp"

#include <utility>
#include <vector>

namespace flow {
namespace {

constexpr std::size_t most_networks = 65'536;
constexpr std::size_t kept_of_full = most_networks / 8 * 7;

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

bool NetworkGate::is_barred(const Network& network, const identity::NetworkPolicy& policy, base::Time now) {
  const identity::NetworkVerdict verdict = identity::take(network.bucket, policy, now);
  // `taken` counts this attempt already, unless it was refused.
  return verdict.retry_from || verdict.bucket.taken + network.under_way > policy.capacity;
}

NetworkGate::Answer NetworkGate::enter(std::string_view ip, const identity::NetworkPolicy& policy, base::Time now) {
  Answer answer;
  const auto address = base::IpAddress::parse(ip);
  if (!address || policy.capacity <= 0) {
    answer.pass.emplace();
    return answer;
  }
  const auto counted = address->counted_networks();
  const std::lock_guard lock(mutex_);
  if (levels_.front().size() >= most_networks) forget_the_quiet(policy, now);
  std::vector<Network*> networks;
  bool barred = false;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    Network& network =
        levels_.at(i).try_emplace(counted[i].network, Network{{0, now}, 0, 0, std::nullopt}).first->second;
    barred = barred || is_barred(network, identity::times_as_large(policy, counted[i].times), now);
    networks.push_back(&network);
  }
  if (barred) {
    // Refusals of different networks inside of the largest are recorded as one.
    Network& told = *networks.back();
    answer.is_to_record = !told.recorded_at || now - *told.recorded_at >= std::chrono::minutes(1);
    answer.refused_before = told.refused;
    told.refused = answer.is_to_record ? 0 : told.refused + 1;
    if (answer.is_to_record) told.recorded_at = now;
    return answer;
  }
  for (Network* network : networks) ++network->under_way;
  Pass& pass = answer.pass.emplace();
  pass.gate_ = this;
  pass.address_ = *address;
  pass.policy_ = policy;
  pass.at_ = now;
  return answer;
}

void NetworkGate::leave(const Pass& pass) noexcept {
  const auto counted = pass.address_->counted_networks();
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const auto found = levels_.at(i).find(counted[i].network);
    if (found == levels_.at(i).end()) continue;
    Network& network = found->second;
    --network.under_way;
    if (!pass.failed_) continue;
    network.bucket =
        identity::take(network.bucket, identity::times_as_large(pass.policy_, counted[i].times), pass.at_).bucket;
  }
}

// A network whose bucket is full again is like one that was never seen.
void NetworkGate::forget_the_quiet(const identity::NetworkPolicy& policy, base::Time now) {
  for (auto& level : levels_) {
    // By the refill of the smallest networks; that of larger ones is shorter.
    std::erase_if(level, [&](const auto& one) {
      const Network& network = one.second;
      return network.under_way == 0 && now - network.bucket.at >= network.bucket.taken * policy.refill;
    });
    // So many addresses attack at once that the map is full: those without an attempt in progress are forgotten, some
    // thousands at once, because each look takes long. The networks around them still count.
    const bool is_full = level.size() >= most_networks;
    for (auto one = level.begin(); is_full && level.size() > kept_of_full && one != level.end();) {
      one = one->second.under_way == 0 ? level.erase(one) : std::next(one);
    }
  }
}

std::size_t NetworkGate::size() const {
  const std::lock_guard lock(mutex_);
  std::size_t all = 0;
  for (const auto& level : levels_) all += level.size();
  return all;
}

}  // namespace flow
