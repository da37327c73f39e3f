#include "store/message/sms_counts.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::int64_t most_swept = 5000;
constexpr std::int64_t the_row = 1;  // of the limits
constexpr std::size_t octets_of_time = 8;

std::string pack(const std::vector<base::Time>& times) {
  std::string packed;
  packed.reserve(times.size() * octets_of_time);
  for (const base::Time time : times) {
    const auto number = static_cast<std::uint64_t>(base::to_ms(time));
    for (int shift = 56; shift >= 0; shift -= 8) packed.push_back(static_cast<char>((number >> shift) & 0xFFU));
  }
  return packed;
}

std::vector<base::Time> unpack(std::string_view packed) {
  std::vector<base::Time> times;
  for (; packed.size() >= octets_of_time; packed.remove_prefix(octets_of_time)) {
    std::uint64_t number = 0;
    for (const char octet : packed.substr(0, octets_of_time)) number = number << 8U | static_cast<unsigned char>(octet);
    times.push_back(base::from_ms(static_cast<std::int64_t>(number)));
  }
  return times;
}

}  // namespace

base::Result<SmsLimitRow> find_sms_limits(Tx& tx) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one("SELECT version, per_number, per_network, window_ms, per_day FROM sms_limit WHERE id = $1", {the_row},
                  [](const Row& row) {
                    Fields field(row);
                    SmsLimitRow read;
                    read.version = field.integer();
                    read.limits.per_number = field.integer();
                    read.limits.per_network = field.integer();
                    read.limits.window = base::Duration(field.integer());
                    read.limits.per_day = field.integer();
                    return read;
                  }));
  return found.value_or(SmsLimitRow());
}

base::Result<void> set_sms_limits(Tx& tx, const identity::SmsLimits& limits) {
  return without_count(
      tx.run("INSERT INTO sms_limit(id, version, per_number, per_network, window_ms, per_day) "
             "VALUES ($1, 1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET version = sms_limit.version + 1, "
             "per_number = $2, per_network = $3, window_ms = $4, per_day = $5",
             {the_row, limits.per_number, limits.per_network, limits.window, limits.per_day}));
}

base::Result<SmsCount> find_sms_count(Tx& tx, std::string_view key_hash) {
  ASSIGN_OR_RETURN(const auto found, tx.find_one("SELECT times, told_at FROM sms_count WHERE key_hash = $1",
                                                 {Blob{key_hash}}, [](const Row& row) {
                                                   Fields field(row);
                                                   SmsCount count;
                                                   count.times = unpack(field.view());
                                                   count.told_at = field.optional_time();
                                                   return count;
                                                 }));
  return found.value_or(SmsCount());
}

base::Result<void> set_sms_count(Tx& tx, std::string_view key_hash, const SmsCount& count, base::Time at) {
  const std::string packed = pack(count.times);
  return without_count(
      tx.run("INSERT INTO sms_count(key_hash, times, last_at, told_at) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (key_hash) DO UPDATE SET times = $2, last_at = $3, told_at = $4",
             {Blob{key_hash}, Blob{packed}, at, count.told_at}));
}

base::Result<identity::SmsDay> find_sms_day(Tx& tx, std::string_view purpose) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one("SELECT day, sent, refused FROM sms_day WHERE purpose = $1", {purpose}, [](const Row& row) {
        Fields field(row);
        return identity::SmsDay{field.text(), field.integer(), field.integer()};
      }));
  return found.value_or(identity::SmsDay());
}

base::Result<void> set_sms_day(Tx& tx, std::string_view purpose, const identity::SmsDay& day) {
  return without_count(
      tx.run("INSERT INTO sms_day(purpose, day, sent, refused) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (purpose) DO UPDATE SET day = $2, sent = $3, refused = $4",
             {purpose, day.day, day.sent, day.refused}));
}

base::Result<bool> delete_old_sms_counts(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM sms_count WHERE key_hash IN "
                          "(SELECT key_hash FROM sms_count WHERE last_at < $1 ORDER BY last_at LIMIT $2)",
                          {before, most_swept}));
  return deleted == most_swept;
}

}  // namespace store
