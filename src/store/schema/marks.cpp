#include "store/schema/marks.hpp"

#include "store/driver/sql.hpp"

namespace store {

base::Result<std::optional<std::string>> find_mark(Tx& tx, std::string_view name) {
  return tx.find_one("SELECT value FROM installation_mark WHERE name = $1", {name}, read_text);
}

base::Result<void> set_mark(Tx& tx, std::string_view name, std::string_view value) {
  return without_count(
      tx.run("INSERT INTO installation_mark(name, value) VALUES ($1, $2) "
             "ON CONFLICT (name) DO UPDATE SET value = $2",
             {name, value}));
}

}  // namespace store
