#include "flow/signing/import_turn.hpp"

#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace flow {
namespace {

class Importing {
 public:
  bool add(const std::string& whose, base::Time now) {
    const std::lock_guard lock(mutex_);
    // Others may have begun a little later and come first; a time far after `now` is one of before the clock went back.
    std::erase_if(recent_, [now](const auto& one) { return std::chrono::abs(now - one.second) >= import_is_recent; });
    const std::size_t most = recent_.contains(whose) ? 1 : most_imports;
    if (all_.size() >= most || !all_.insert(whose).second) return false;
    recent_[whose] = now;
    return true;
  }
  void remove(const std::string& whose) {
    const std::lock_guard lock(mutex_);
    all_.erase(whose);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> all_;
  std::map<std::string, base::Time> recent_;
};

Importing& importing() {
  static Importing all;
  return all;
}

}  // namespace

base::Result<ImportTurn> ImportTurn::take(const rights::Actor& actor, base::Time now) {
  std::string whose = actor.is_operator() ? std::string("operator") : actor.account().id.to_string();
  if (!importing().add(whose, now)) return base::fail(base::Code::unavailable, std::string(imports_busy));
  return ImportTurn(std::move(whose));
}

ImportTurn::ImportTurn(ImportTurn&& other) noexcept
    : whose_(std::move(other.whose_)), is_held_(std::exchange(other.is_held_, false)) {}

ImportTurn::~ImportTurn() {
  if (is_held_) importing().remove(whose_);
}

}  // namespace flow
