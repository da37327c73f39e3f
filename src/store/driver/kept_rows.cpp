#include "store/driver/kept_rows.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace store {
namespace {

// Of each half of a shard: 2,048 entries in all, of a kilobyte or two.
constexpr std::size_t most_entries = 128;

}  // namespace

std::size_t place_of_table(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::size_t, std::less<>> places;
  const std::lock_guard lock(mutex);
  if (const auto known = places.find(name); known != places.end()) return known->second;
  const std::size_t place = std::min(places.size(), most_tables - 1);
  places.emplace(name, place);
  return place;
}

KeptRows::Generations KeptRows::generations() const {
  Generations seen{};
  for (std::size_t i = 0; i < most_tables; ++i) seen[i] = generations_[i].load(std::memory_order_acquire);
  return seen;
}

void KeptRows::note_change(const Tables& changed) {
  for (std::size_t i = 0; i < most_tables; ++i) {
    if (changed.test(i)) generations_[i].fetch_add(1, std::memory_order_acq_rel);
  }
}

std::uint64_t KeptRows::stamp_of(const Tables& tables, const Generations& generations) {
  std::uint64_t sum = 0;
  for (std::size_t i = tables._Find_first(); i < most_tables; i = tables._Find_next(i)) sum += generations[i];
  return sum;
}

std::shared_ptr<const void> KeptRows::find(const std::string& key, const Generations& now, const Tables& but) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  if (const auto young = shard.young.find(key); young != shard.young.end()) {
    return young->second.holds(now, but) ? young->second.value : nullptr;
  }
  const auto old = shard.old.find(key);
  if (old == shard.old.end() || !old->second.holds(now, but)) return nullptr;
  Entry entry = std::move(old->second);
  shard.old.erase(old);
  std::shared_ptr<const void> value = entry.value;
  put(shard, key, std::move(entry));
  return value;
}

void KeptRows::keep(const std::string& key, const Tables& tables, const Generations& now,
                    std::shared_ptr<const void> value) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  put(shard, key, {tables, stamp_of(tables, now), std::move(value)});
}

void KeptRows::put(Shard& shard, const std::string& key, Entry entry) {
  if (shard.young.size() >= most_entries && !shard.young.contains(key)) shard.old = std::exchange(shard.young, {});
  shard.young.insert_or_assign(key, std::move(entry));
}

}  // namespace store
