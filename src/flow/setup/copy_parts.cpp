#include "flow/setup/copy_parts.hpp"

#include <unistd.h>

#include "flow/house/record.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/copies.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

constexpr std::size_t most_object = std::size_t{64} * 1024;

}  // namespace

base::Result<std::string> text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string())
    return base::fail(base::Code::invalid_input, "a part of the file is missing");
  return std::string(value->get_string());
}

base::Result<boost::json::object> parse_object(base::BytesView text) {
  // Whoever has the public key can write one; a tree of it takes many times its octets.
  if (text.size() > most_object) return base::fail(base::Code::invalid_input, "a part of the file is too long");
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(text, error);
  if (error || !parsed.is_object()) return base::fail(base::Code::invalid_input, "a part of the file cannot be read");
  return parsed.get_object();
}

base::Result<ChainReport> walk_chain(store::Tx& tx) {
  ChainWalk walk;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, walk.step(tx));
  }
  return walk.report();
}

base::Result<void> record_copy(store::Tx& tx, audit::Code type, const MadeCopy& made, const rights::Actor* actor,
                               const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
  return store::append_event(tx, make_event(type, actor, tenant.id, facts,
                                            {{"digest", audit::Value::checked_code(made.digest)},
                                             {"from", audit::Value::checked_code(made.database)},
                                             {"events", audit::Value::count(made.chain.events)}}));
}

base::Result<std::string> database_of(const House& house) {
  return house.store.read([](store::Tx& tx) -> base::Result<std::string> { return store::file_of(tx); });
}

Removal::~Removal() {
  for (const std::string& path : paths_) ::unlink(path.c_str());
}

}  // namespace flow
