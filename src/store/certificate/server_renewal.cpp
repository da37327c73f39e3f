#include "store/certificate/server_renewal.hpp"

#include "store/schema/marks.hpp"

namespace store {
namespace {

constexpr std::string_view mark = "server_certificates_before";

}  // namespace

base::Result<std::optional<base::Time>> find_server_renewal(Tx& tx) {
  ASSIGN_OR_RETURN(const auto text, find_mark(tx, mark));
  if (!text) return std::optional<base::Time>();
  ASSIGN_OR_RETURN(const base::Time time, base::parse_rfc3339(*text));
  return std::optional(time);
}

base::Result<void> set_server_renewal(Tx& tx, base::Time now) {
  return set_mark(tx, mark, base::to_rfc3339(now));
}

}  // namespace store
