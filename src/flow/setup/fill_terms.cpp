#include "flow/setup/fill_terms.hpp"

#include "store/account/search_terms.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

// A step of writes takes the writer's turn for some hundred rows.
constexpr std::size_t filled_in_step = 50;
constexpr std::size_t checked_in_step = 200;

}  // namespace

base::Result<bool> TermFiller::step(const House& house) {
  if (is_checked_) return false;
  if (!is_filled_) {
    ASSIGN_OR_RETURN(const bool due,
                     house.store.read_background([](store::Tx& tx) { return store::are_terms_due(tx); }));
    if (due) {
      return house.store.write([](store::Tx& tx) -> base::Result<bool> {
        RETURN_IF_ERROR(store::fill_some_terms(tx, filled_in_step));
        return true;
      });
    }
    is_filled_ = true;
  }
  ASSIGN_OR_RETURN(const auto checked, house.store.read_background([&](store::Tx& tx) {
    return store::check_some_terms(tx, checked_, checked_in_step);
  }));
  for (const base::Id& account : checked.differing) {
    RETURN_IF_ERROR(house.store.write([&](store::Tx& tx) { return store::refresh_terms(tx, account); }));
  }
  checked_ = checked.last;
  is_checked_ = !checked.more;
  return checked.more;
}

}  // namespace flow
