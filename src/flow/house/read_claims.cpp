#include "flow/house/read_claims.hpp"

#include <boost/json.hpp>

namespace flow {

base::Result<Claims> Claims::parse(std::string_view json) {
  boost::json::error_code error;
  boost::json::monotonic_resource memory;
  const boost::json::value value =
      boost::json::parse(boost::json::string_view(json.data(), json.size()), error, &memory);
  if (error || !value.is_object()) return base::fail(base::Code::invalid_input, "the claims are not a JSON object");
  Claims claims;
  for (const auto& member : value.get_object()) {
    if (member.value().is_string()) {
      claims.texts_.emplace(member.key(), member.value().get_string());
    } else if (member.value().is_int64()) {
      claims.numbers_.emplace(member.key(), member.value().get_int64());
    }
  }
  return claims;
}

std::string Claims::text(std::string_view name) const {
  const auto found = texts_.find(name);
  return found == texts_.end() ? std::string() : found->second;
}

std::optional<std::int64_t> Claims::number(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace flow
