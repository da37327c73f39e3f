#include "flow/house/make_operator.hpp"

#include <utility>

#include "flow/house/actor_maker.hpp"

namespace flow {

rights::Actor make_operator(std::string request_id) {
  return ActorMaker::make_operator(std::move(request_id));
}

}  // namespace flow
