// A bounded queue in which no party can shut out the others: start-time fair queueing over the parties of a job. A
// party is a network, a larger network around it, or an account. Each job gets a turn, a number: the highest one up
// to which one of its networks has used its share. The job with the lowest turn is taken first. When the queue is full,
// the job with the highest turn is dropped. Of jobs with the same turn, the one whose account has used less is taken
// first. The account decides no more than that, because strangers can name it, and its owner must not wait behind them.
//
// Parties that send equally much are served in the order of arrival. The turns of a party that sends a flood run ahead
// of all others, so that the job of a newcomer is taken next, however many jobs of the flood are in the queue.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>

#include "base/ip_address.hpp"

namespace http {

class Job;

/// The hash that identifies a party, and how much of its share one job uses.
struct Party {
  std::uint64_t key = 0;   // 0 = none
  std::uint64_t cost = 0;  // less for a larger network than for the networks inside it
};
struct Parties {
  std::array<Party, base::most_counted_networks> networks{};
  Party account{};
};

class FairQueue {
 public:
  explicit FairQueue(std::size_t most) : most_(most) {}

  [[nodiscard]] std::size_t size() const { return jobs_.size(); }
  [[nodiscard]] bool empty() const { return jobs_.empty(); }
  /// Gives the job that was dropped because otherwise more than `most` + `spare` jobs would wait; nullptr = none. It
  /// can be `job` itself.
  Job* push(Job& job, const Parties& parties, std::size_t spare = 0);
  /// Takes the next job; the queue must not be empty.
  Job* pop();

 private:
  using Turn = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;  // by network, by account, by arrival

  [[nodiscard]] std::uint64_t used_by(const Party& party) const;
  void forget_the_idle();

  const std::size_t most_;
  std::map<Turn, Job*> jobs_;
  std::unordered_map<std::uint64_t, std::uint64_t> used_;  // by party: up to which turn its share is used
  std::uint64_t now_ = 0;                                  // the turn of the last job that was taken
  std::uint64_t arrivals_ = 0;
  std::size_t forget_at_ = 0;  // parties, at which those that are idle are looked for
};

}  // namespace http
