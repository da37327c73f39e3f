#include "flow/signing/import_turn.hpp"

#include <mutex>
#include <set>
#include <utility>

namespace flow {
namespace {

class Importing {
 public:
  bool add(const std::string& whose) {
    const std::lock_guard lock(mutex_);
    return all_.size() < most_imports && all_.insert(whose).second;
  }
  void remove(const std::string& whose) {
    const std::lock_guard lock(mutex_);
    all_.erase(whose);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> all_;
};

Importing& importing() {
  static Importing all;
  return all;
}

}  // namespace

base::Result<ImportTurn> ImportTurn::take(const rights::Actor& actor) {
  std::string whose = actor.is_operator() ? std::string("operator") : actor.account().id.to_string();
  if (!importing().add(whose)) return base::fail(base::Code::unavailable, std::string(imports_busy));
  return ImportTurn(std::move(whose));
}

ImportTurn::ImportTurn(ImportTurn&& other) noexcept
    : whose_(std::move(other.whose_)), is_held_(std::exchange(other.is_held_, false)) {}

ImportTurn::~ImportTurn() {
  if (is_held_) importing().remove(whose_);
}

}  // namespace flow
