#include "store/engine.hpp"

namespace store {

base::Result<std::unique_ptr<Engine>> make_postgres_engine(const std::string& conninfo) {
  return base::fail(base::Code::unavailable, conninfo);
}

}  // namespace store
