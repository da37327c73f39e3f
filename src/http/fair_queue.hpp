// A bounded queue in which nobody shuts the others out: start-time fair queueing over the parties of a job. A party is
// whoever is counted together: a network, the larger network around it, an account. Each job gets a turn: the latest
// one that its networks have used up. The job with the earliest turn goes first; where the queue is full, the one with
// the latest turn goes away. Of jobs with the same turn the one whose account has used up less goes first: the account
// decides no more than that, because strangers can name it, and its owner must not wait behind them.
//
// Whoever comes alone is served like in a plain queue: all turns rise together. Whoever sends a flood moves its own
// turns ahead, and a newcomer has its turn next, however long the flood's part of the queue is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <unordered_map>

namespace http {

class Job;

/// A hash of what is counted together, and how much one job takes of its share.
struct Party {
  std::uint64_t key = 0;   // 0 = none
  std::uint64_t cost = 0;  // of parties that hold others less than of those inside
};
struct Parties {
  std::array<Party, 2> networks{};
  Party account{};
};

class FairQueue {
 public:
  explicit FairQueue(std::size_t most) : most_(most) {}

  [[nodiscard]] std::size_t size() const { return jobs_.size(); }
  [[nodiscard]] bool empty() const { return jobs_.empty(); }
  /// Gives the job that must go because more than `most` (and `spare` places beside it) would wait: nullptr = none.
  /// It can be `job` itself.
  Job* push(Job& job, const Parties& parties, std::size_t spare = 0);
  /// The next one; the queue must not be empty.
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
};

}  // namespace http
