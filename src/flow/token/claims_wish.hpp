// Single claims that a client asks for with the parameter `claims` (OIDC Core §5.5). A grant keeps what is left of it
// after the judgement at the authorization endpoint: claims that the client's scopes allow and the person has agreed
// to. So whoever issues need not judge a wish again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace flow {

/// Octets of the parameter in a request.
inline constexpr std::size_t longest_claims = 4096;

class ClaimsWish {
 public:
  enum class Place : std::uint8_t {
    id_token,
    userinfo
  };
  struct Claim {
    Place place = Place::id_token;
    std::string name;
    bool is_essential = false;
    std::vector<std::string> values{};  // of `value` or `values`, those that are text; empty = any
  };

  ClaimsWish() = default;
  /// "" = nothing is wished. Members and claims that nobody knows are ignored (§5.5: "Other members MAY be present
  /// [and] MUST be ignored"). Errors: invalid_input (no JSON object, or one of another form than §5.5 gives it).
  static base::Result<ClaimsWish> parse(std::string_view text);

  [[nodiscard]] bool empty() const { return claims_.empty(); }
  [[nodiscard]] bool wants_in_id_token(std::string_view name) const { return find(Place::id_token, name) != nullptr; }
  [[nodiscard]] bool wants_in_userinfo(std::string_view name) const { return find(Place::userinfo, name) != nullptr; }
  /// The subject that the login must have (§5.5.1: `sub` with a value); "" = any.
  [[nodiscard]] std::string subject() const;
  /// The values of an essential `acr` (§5.5.1.1): one of them must be reached. Empty = none is essential.
  [[nodiscard]] std::vector<std::string> essential_acrs() const;
  /// The values of an `acr` that is voluntary: a wish, like acr_values.
  [[nodiscard]] std::vector<std::string> voluntary_acrs() const;
  [[nodiscard]] const std::vector<Claim>& claims() const { return claims_; }

  /// Adds the claim if it is not there.
  void want(Place place, std::string_view name);
  /// Keeps what `keep` is true for.
  template <class F>
  void filter(F&& keep) {
    std::erase_if(claims_, [&](const Claim& claim) { return !keep(claim); });
  }
  /// JSON that parse() reads as the same wish; "" if nothing is wished.
  [[nodiscard]] std::string print() const;

 private:
  [[nodiscard]] const Claim* find(Place place, std::string_view name) const;
  std::vector<Claim> claims_;
};

/// The scope whose claims include `claim` (OIDC Core §5.4): "email" for "email_verified". "openid" for what every login
/// tells: sub, auth_time, acr, amr, sid, context, account_kind. "" for claims that this server does not have.
std::string_view scope_of_claim(std::string_view claim);
/// Every claim about a person that this server has, separated by blanks: for discovery.
std::string_view list_person_claims();

}  // namespace flow
