#include "flow/audit/erase_due.hpp"

#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::size_t most_in_step = 200;

}  // namespace

base::Result<bool> erase_due_step(const House& house) {
  // A look first: an idle server must not write every few seconds.
  ASSIGN_OR_RETURN(const bool is_due, house.store.read([](store::Tx& tx) { return store::is_erasure_due(tx); }));
  if (!is_due) return false;
  ASSIGN_OR_RETURN(const auto step,
                   house.store.write([](store::Tx& tx) { return store::erase_some_personal(tx, most_in_step); }));
  return step.has_value();
}

}  // namespace flow
