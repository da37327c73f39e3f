// What requests read again and again, kept decoded between transactions: clients, acting contexts, policies. Only where
// no other process writes to the database (SQLite), because then this process sees every change.
//
// Each table has a generation, which rises with every commit that has changed the table. What was read is kept with the
// generations of all tables that its statements have read, and holds as long as none of them has risen. Which tables a
// statement reads and changes is told by the database itself when the statement is prepared, so that no list of tables
// can be wrong.
#pragma once

#include <array>
#include <atomic>
#include <bitset>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace store {

/// Tables beyond the last place share it.
inline constexpr std::size_t most_tables = 128;
using Tables = std::bitset<most_tables>;
/// The place of a table in the whole process.
std::size_t place_of_table(std::string_view name);

class KeptRows {
 public:
  using Generations = std::array<std::uint64_t, most_tables>;

  /// Taken before a reading transaction begins: what is kept for these generations is not older than its snapshot.
  [[nodiscard]] Generations generations() const;
  /// After a commit that has changed these tables, before anybody is told that it was made.
  void note_change(const Tables& changed);

  /// nullptr: nothing is kept under the key, it does not hold any more, or it was read from one of the tables `but`.
  std::shared_ptr<const void> find(const std::string& key, const Generations& now, const Tables& but);
  /// Keeps what statements that read `tables` have given in a transaction that began at `now`.
  void keep(const std::string& key, const Tables& tables, const Generations& now, std::shared_ptr<const void> value);

 private:
  static std::uint64_t stamp_of(const Tables& tables, const Generations& generations);
  struct Entry {
    [[nodiscard]] bool holds(const Generations& now, const Tables& but) const {
      return (tables & but).none() && stamp == stamp_of(tables, now);
    }
    Tables tables;
    std::uint64_t stamp = 0;  // sum of the generations: they only rise, so that an equal sum means that none has
    std::shared_ptr<const void> value;
  };
  using Entries = std::unordered_map<std::string, Entry>;
  /// Those that were used since the last change of shifts, and those before them, which are dropped at the next one.
  struct Shard {
    std::mutex mutex;
    Entries young;
    Entries old;
  };
  void put(Shard& shard, const std::string& key, Entry entry);
  Shard& shard_of(const std::string& key) { return shards_[std::hash<std::string>()(key) % shards_.size()]; }

  std::array<std::atomic<std::uint64_t>, most_tables> generations_{};
  std::array<Shard, 8> shards_;
};

}  // namespace store
