#include "store/schema/marks.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view check_purpose = "mark";
constexpr std::string_view check_mark = "master_key_check";
constexpr std::string_view check_value = "chancery";
constexpr std::string_view former_purpose = "former-keys";
constexpr std::string_view former_mark = "former_keys";

}  // namespace

base::Result<std::optional<std::string>> find_mark(Tx& tx, std::string_view name) {
  return tx.find_one("SELECT value FROM installation_mark WHERE name = $1", {name}, read_text);
}

base::Result<void> set_mark(Tx& tx, std::string_view name, std::string_view value) {
  return without_count(
      tx.run("INSERT INTO installation_mark(name, value) VALUES ($1, $2) "
             "ON CONFLICT (name) DO UPDATE SET value = $2",
             {name, value}));
}

base::Result<void> write_master_key_check(Tx& tx, const crypto::MasterKey& master) {
  return set_mark(tx, check_mark, base::to_base64url(master.seal(check_purpose, check_value, check_mark)));
}

base::Result<void> check_master_key(Tx& tx) {
  ASSIGN_OR_RETURN(const auto sealed, find_mark(tx, check_mark));
  if (!sealed) return base::fail(base::Code::invalid_input, "the database has no mark of its master key");
  ASSIGN_OR_RETURN(const base::Bytes octets, base::parse_base64url(*sealed));
  const auto opened = tx.master().open(check_purpose, octets, check_mark);
  if (!opened || opened->reveal() != check_value) {
    return base::fail(base::Code::invalid_input, "the master key is not the one of this database");
  }
  return {};
}

base::Result<void> load_former_keys(Tx& tx) {
  ASSIGN_OR_RETURN(const auto sealed, find_mark(tx, former_mark));
  if (!sealed) return {};
  ASSIGN_OR_RETURN(const base::Bytes octets, base::parse_base64url(*sealed));
  ASSIGN_OR_RETURN(const base::Secret kept, tx.master().open(former_purpose, octets, former_mark));
  return tx.master().take_former_keys(kept);
}

base::Result<void> seal_marks_anew(Tx& tx, const crypto::MasterKey& next) {
  RETURN_IF_ERROR(write_master_key_check(tx, next));
  const base::Bytes kept = next.seal(former_purpose, tx.master().former_keys().reveal(), former_mark);
  return set_mark(tx, former_mark, base::to_base64url(kept));
}

base::Result<bool> sees_other_processes(Tx& tx) {
  return tx.connection().sees_other_processes();
}

}  // namespace store
