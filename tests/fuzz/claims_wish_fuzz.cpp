// The parameter `claims` of an authorization request. What is printed of a wish is read as the same wish, also after
// some of it was taken away.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "flow/token/claims_wish.hpp"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

void demand_same_again(const flow::ClaimsWish& wish) {
  const std::string printed = wish.print();
  demand(printed.empty() == wish.empty());
  const auto again = flow::ClaimsWish::parse(printed);
  demand(again.has_value());
  demand(again->print() == printed);
  demand(again->claims().size() == wish.claims().size());
  demand(again->subject() == wish.subject());
  demand(again->essential_acrs() == wish.essential_acrs());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto wish = flow::ClaimsWish::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!wish) return 0;
  for (const auto& claim : wish->claims()) demand(!flow::scope_of_claim(claim.name).empty());
  demand_same_again(*wish);
  wish->filter([](const flow::ClaimsWish::Claim& claim) { return flow::scope_of_claim(claim.name) == "openid"; });
  wish->want(flow::ClaimsWish::Place::id_token, "auth_time");
  demand(wish->wants_in_id_token("auth_time"));
  demand_same_again(*wish);
  return 0;
}
