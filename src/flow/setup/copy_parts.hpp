// What making and reading copies of an installation share (back_up.hpp, transfer.hpp).
#pragma once

#include <boost/json.hpp>
#include <future>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "audit/event.hpp"
#include "base/thread_class.hpp"
#include "flow/setup/back_up.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// Errors: invalid_input.
base::Result<boost::json::object> parse_object(base::BytesView text);
base::Result<std::string> text_of(const boost::json::object& object, std::string_view name);
/// Inside one transaction.
base::Result<ChainReport> walk_chain(store::Tx& tx);
/// The event of a copy; `actor` nullptr: the program itself.
base::Result<void> record_copy(store::Tx& tx, audit::Code type, const MadeCopy& copy, const rights::Actor* actor,
                               const RequestFacts& facts);
/// The file of an embedded database; "" = PostgreSQL.
base::Result<std::string> database_of(const House& house);

/// On a thread of its own, which beside requests gets what they leave of the processor (docs/decisions/0035). Gives
/// what `act` gives.
template <class F>
auto beside_others(F act) -> std::invoke_result_t<F> {
  return std::async(std::launch::async,
                    [&] {
                      base::yield_to_others();
                      return act();
                    })
      .get();
}

/// Removes files that were made, unless all went well.
class Removal {
 public:
  explicit Removal(std::vector<std::string> paths) : paths_(std::move(paths)) {}
  Removal(const Removal&) = delete;
  Removal& operator=(const Removal&) = delete;
  ~Removal();
  void add(std::string path) { paths_.push_back(std::move(path)); }
  void cancel() { paths_.clear(); }

 private:
  std::vector<std::string> paths_;
};

}  // namespace flow
