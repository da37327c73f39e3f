// One mechanism for the pages of every list: where a page begins is told by a row, not by a number, so that a page
// costs the same wherever it is and no row is missed or shown twice when others come and go.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace flow {

/// Lists are counted up to this number; beyond it "more than 10,000" is said.
inline constexpr std::int64_t counted_exactly = 10'000;

enum class Turn : std::uint8_t {
  first,
  next,      // the page behind the row
  previous,  // the page before the row
  last
};

/// Which page is wanted. `row` is what PageEnds gave; of another list or of a row that is gone: the first page is
/// shown.
struct PageWish {
  Turn turn = Turn::first;
  std::string row{};
  std::size_t most = 25;
};

/// What a page says about its neighbours. nullopt = there is no such page.
struct PageEnds {
  std::optional<std::string> previous;  // the row to which PageWish::previous goes back
  std::optional<std::string> next;
  std::int64_t count = 0;       // of all pages; counted_exactly + 1 = more
  bool is_count_least = false;  // the search ended before all was counted: there may be more
  bool is_incomplete = false;   // the search ended before the page was full: the next page goes on
};

}  // namespace flow
