#include "store/driver/statement.hpp"

#include <doctest/doctest.h>

#include "store/driver/row.hpp"

namespace {

constexpr store::SqlPart columns = "id, name";
constexpr store::Sql one = store::sql<"SELECT ", columns, " FROM tenant WHERE id = $1">;

class FixedRow final : public store::Row {
 public:
  [[nodiscard]] bool is_null(int column) const override { return column == 1 || column == 3; }
  [[nodiscard]] std::int64_t integer(int column) const override { return 10 * column; }
  [[nodiscard]] std::string_view view(int column) const override { return column == 2 ? "two" : ""; }
};

}  // namespace

TEST_CASE("the parts of a statement become one text, which keeps its address") {
  CHECK(one.view() == "SELECT id, name FROM tenant WHERE id = $1");
  CHECK(std::string_view(one.text()) == one.view());
  CHECK(one.text() == store::sql<"SELECT ", columns, " FROM tenant WHERE id = $1">.text());
  CHECK(one.text() != store::sql<"SELECT ", columns, " FROM tenant WHERE id = $2">.text());
}

TEST_CASE("fields are read in the order of the columns, and null takes its place too") {
  const FixedRow row;
  store::Fields field(row);
  CHECK(field.integer() == 0);
  CHECK(field.is_null());
  CHECK_FALSE(field.optional_time());
  CHECK(field.text() == "two");
  CHECK_FALSE(field.optional_integer());
  CHECK(field.optional_integer() == 40);
  CHECK(field.time() == base::from_ms(50));
}
