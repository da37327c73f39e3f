// While it lives, the transactions that this thread begins use the rows that are kept (driver/kept_rows.hpp). Only for
// what comes with a token of ours: at a login, and where a client proves itself, the time that is saved would tell
// which accounts and applications exist.
#pragma once

#include <utility>

namespace store {

class KeptScope {
 public:
  KeptScope() : before_(std::exchange(is_open_, true)) {}
  KeptScope(const KeptScope&) = delete;
  KeptScope& operator=(const KeptScope&) = delete;
  ~KeptScope() { is_open_ = before_; }
  [[nodiscard]] static bool is_open() { return is_open_; }

 private:
  inline static thread_local bool is_open_ = false;
  bool before_;
};

}  // namespace store
