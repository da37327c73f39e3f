// One mechanism for the pages of every list: where a page begins is told by a row, not by a number, so that a page
// costs the same wherever it is and no row is missed or shown twice when others come and go.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

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

/// The neighbours of a page whose rows have been put into the list's order. `onward`: where the walk goes on in its own
/// direction; `back`: where it came from.
inline void set_neighbours(PageEnds& ends, bool backward, std::optional<std::string> onward,
                           std::optional<std::string> back) {
  ends.previous = backward ? std::move(onward) : std::move(back);
  ends.next = backward ? std::move(back) : std::move(onward);
}

template <class R>
struct PageOfRows {
  std::vector<R> rows;
  PageEnds ends;
};
/// The place of a row by its name; nullopt: it is gone. Errors: invalid_input (not a row's name).
template <class P>
using RowFinder = std::function<base::Result<std::optional<P>>(std::string_view row)>;
/// At most so many rows behind a place, in the order of the walk; nullopt = from the end at which the walk begins.
template <class R, class P>
using PageReader =
    std::function<base::Result<std::vector<R>>(const std::optional<P>& place, bool backward, std::size_t most)>;

/// One page of a list whose rows have an id and need no judgement. It does not count.
template <class R, class P>
base::Result<PageOfRows<R>> read_page(const PageWish& wish, const RowFinder<P>& find_row,
                                      const PageReader<R, P>& read) {
  const bool backward = wish.turn == Turn::previous || wish.turn == Turn::last;
  std::optional<P> place;
  if (wish.turn == Turn::next || wish.turn == Turn::previous) {
    ASSIGN_OR_RETURN(place, find_row(wish.row));
    if (!place) return read_page<R, P>({Turn::first, {}, wish.most}, find_row, read);
  }
  PageOfRows<R> page;
  ASSIGN_OR_RETURN(page.rows, read(place, backward, wish.most + 1));
  const bool goes_on = page.rows.size() > wish.most;
  if (wish.turn == Turn::previous && !goes_on) return read_page<R, P>({Turn::first, {}, wish.most}, find_row, read);
  if (goes_on) page.rows.pop_back();
  std::optional<std::string> onward;
  std::optional<std::string> back;
  if (goes_on) onward = page.rows.back().id.to_string();
  if (place) back = page.rows.empty() ? wish.row : page.rows.front().id.to_string();
  if (backward) std::reverse(page.rows.begin(), page.rows.end());
  set_neighbours(page.ends, backward, std::move(onward), std::move(back));
  return page;
}

/// A page of a list that is small enough to be read as a whole, such as what administrators have made.
/// `name_of(row)`: what names a row in PageWish and PageEnds.
template <class R, class N>
PageOfRows<R> cut_page(std::vector<R> all, const PageWish& wish, const N& name_of) {
  PageOfRows<R> page;
  page.ends.count = static_cast<std::int64_t>(all.size());
  const auto found = std::find_if(all.begin(), all.end(), [&](const R& one) { return name_of(one) == wish.row; });
  auto begin = all.begin();
  const auto most = static_cast<std::ptrdiff_t>(wish.most);
  if (wish.turn == Turn::last) begin = all.end() - std::min<std::ptrdiff_t>(most, all.end() - all.begin());
  if (wish.turn == Turn::next && found != all.end()) begin = std::next(found);
  if (wish.turn == Turn::previous && found != all.end()) begin = found - std::min(most, found - all.begin());
  const auto end = begin + std::min(most, all.end() - begin);
  if (begin != all.begin() && begin != end) page.ends.previous = name_of(*begin);
  if (end != all.end()) page.ends.next = name_of(*std::prev(end));
  page.rows.assign(std::make_move_iterator(begin), std::make_move_iterator(end));
  return page;
}

}  // namespace flow
