#include "store/audit/event_counts.hpp"

#include <array>
#include <atomic>

#include "audit/vocabulary.hpp"

namespace store {
namespace {

using Counts = std::array<std::atomic<std::uint64_t>, audit::vocabulary.size() * 2>;
Counts counts{};  // success and failure of each kind

std::atomic<std::uint64_t>* find_count(std::string_view type, bool has_failed) {
  const audit::Kind* const kind = audit::find_kind(type);
  if (kind == nullptr) return nullptr;
  const auto index = static_cast<std::size_t>(kind - audit::vocabulary.data());
  return &counts[index * 2 + (has_failed ? 1 : 0)];
}

}  // namespace

void count_event(std::string_view type, bool has_failed) {
  if (auto* const count = find_count(type, has_failed)) count->fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t events_counted(std::string_view type, bool has_failed) {
  const auto* const count = find_count(type, has_failed);
  return count == nullptr ? 0 : count->load(std::memory_order_relaxed);
}

}  // namespace store
