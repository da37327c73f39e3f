// Turns of those who read large documents of jobs: results, archives, copies. Each is in memory several times while it
// is opened and put together, before its response takes a part of the memory for large bodies. On one node 64 MiB are
// read at a time; who reads some already gets more only if as much is left as he then has. More is refused at once.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace flow {

/// Reason of a refusal, for log and tests.
inline constexpr std::string_view readings_busy = "readings_busy";

class Readings {
 public:
  static constexpr std::size_t most = std::size_t{64} * 1024 * 1024;
  static constexpr std::size_t small = std::size_t{1024} * 1024;  // needs no turn

  /// Given back at its end.
  class Turn {
   public:
    Turn() = default;
    Turn(Turn&& other) noexcept
        : readings_(std::exchange(other.readings_, nullptr)), whose_(std::move(other.whose_)), octets_(other.octets_) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (readings_ != nullptr) readings_->give_back(whose_, octets_);
    }

   private:
    friend class Readings;
    Turn(Readings* readings, std::string whose, std::size_t octets)
        : readings_(readings), whose_(std::move(whose)), octets_(octets) {}
    Readings* readings_ = nullptr;
    std::string whose_;
    std::size_t octets_ = 0;
  };
  /// `octets`: of the documents. Errors: unavailable (readings_busy).
  base::Result<Turn> take(const std::string& whose, std::size_t octets);

 private:
  void give_back(const std::string& whose, std::size_t octets);

  std::mutex mutex_;
  std::map<std::string, std::size_t> held_;
  std::size_t taken_ = 0;
};

}  // namespace flow
