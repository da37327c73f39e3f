#include "flow/token/claims_wish.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/words.hpp"

namespace flow {
namespace {

namespace json = boost::json;
using Claim = ClaimsWish::Claim;
using Place = ClaimsWish::Place;

constexpr std::size_t most_claims = 50;
constexpr std::size_t most_values = 20;
constexpr std::array<std::pair<Place, std::string_view>, 2> places{
    {{Place::id_token, "id_token"}, {Place::userinfo, "userinfo"}}};

// OIDC Core §5.4, as far as this server knows it of a person: no time zone is kept of anybody.
constexpr std::string_view profile_claims =
    "name given_name family_name preferred_username locale updated_at account_kind";
constexpr std::string_view email_claims = "email email_verified";
constexpr std::string_view phone_claims = "phone_number phone_number_verified";
constexpr std::string_view login_claims = "sub auth_time acr amr sid context";
constexpr std::string_view person_claims =
    "name given_name family_name preferred_username locale updated_at account_kind email email_verified "
    "phone_number phone_number_verified";

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

tl::unexpected<base::Error> wrong(std::string reason) {
  return base::fail(base::Code::invalid_input, std::move(reason));
}

void add_value(Claim& claim, const json::value& value) {
  if (value.is_string() && claim.values.size() < most_values) claim.values.emplace_back(view(value.get_string()));
}

base::Result<Claim> read_claim(Place place, std::string_view name, const json::value& value) {
  Claim claim{place, std::string(name)};
  if (value.is_null()) return claim;
  if (!value.is_object()) return wrong("claims: a claim is neither null nor an object");
  const json::object& object = value.get_object();
  if (const json::value* essential = object.if_contains("essential")) {
    if (!essential->is_bool()) return wrong("claims: essential is not true or false");
    claim.is_essential = essential->get_bool();
  }
  if (const json::value* one = object.if_contains("value")) add_value(claim, *one);
  if (const json::value* some = object.if_contains("values")) {
    if (!some->is_array()) return wrong("claims: values is no array");
    for (const json::value& one : some->get_array()) add_value(claim, one);
  }
  return claim;
}

}  // namespace

std::string_view scope_of_claim(std::string_view claim) {
  // A name has no blank: a list would look like one word of itself.
  if (claim.find(' ') != std::string_view::npos) return {};
  if (base::has_word(profile_claims, claim)) return "profile";
  if (base::has_word(email_claims, claim)) return "email";
  if (base::has_word(phone_claims, claim)) return "phone";
  if (base::has_word(login_claims, claim)) return "openid";
  return {};
}

std::string_view list_person_claims() {
  return person_claims;
}

base::Result<ClaimsWish> ClaimsWish::parse(std::string_view text) {
  ClaimsWish wish;
  if (text.empty()) return wish;
  json::error_code error;
  const json::value document = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !document.is_object()) return wrong("claims: no JSON object");
  for (const auto& [place, member] : places) {
    const json::value* part = document.get_object().if_contains(member);
    if (part == nullptr) continue;
    if (!part->is_object()) return wrong("claims: id_token and userinfo are objects");
    for (const auto& one : part->get_object()) {
      const std::string_view name(one.key().data(), one.key().size());
      // Read also if the claim is not known: the form of the request does not depend on what the server has.
      ASSIGN_OR_RETURN(Claim claim, read_claim(place, name, one.value()));
      if (scope_of_claim(name).empty() || wish.find(place, name) != nullptr) continue;
      if (wish.claims_.size() == most_claims) return wrong("claims: too many");
      wish.claims_.push_back(std::move(claim));
    }
  }
  return wish;
}

const Claim* ClaimsWish::find(Place place, std::string_view name) const {
  const auto found = std::find_if(claims_.begin(), claims_.end(),
                                  [&](const Claim& claim) { return claim.place == place && claim.name == name; });
  return found == claims_.end() ? nullptr : &*found;
}

std::string ClaimsWish::subject() const {
  for (const Place place : {Place::id_token, Place::userinfo}) {
    const Claim* sub = find(place, "sub");
    if (sub != nullptr && !sub->values.empty()) return sub->values.front();
  }
  return {};
}

std::vector<std::string> ClaimsWish::essential_acrs() const {
  const Claim* acr = find(Place::id_token, "acr");
  return acr != nullptr && acr->is_essential ? acr->values : std::vector<std::string>();
}

std::vector<std::string> ClaimsWish::voluntary_acrs() const {
  const Claim* acr = find(Place::id_token, "acr");
  return acr != nullptr && !acr->is_essential ? acr->values : std::vector<std::string>();
}

void ClaimsWish::want(Place place, std::string_view name) {
  if (find(place, name) == nullptr) claims_.push_back({place, std::string(name)});
}

std::string ClaimsWish::print() const {
  if (claims_.empty()) return {};
  base::JsonObject document;
  for (const auto& [place, member] : places) {
    base::JsonObject part;
    bool is_empty = true;
    for (const Claim& claim : claims_) {
      if (claim.place != place) continue;
      is_empty = false;
      if (!claim.is_essential && claim.values.empty()) {
        part.raw(claim.name, "null");
        continue;
      }
      base::JsonObject inner;
      if (claim.is_essential) inner.flag("essential", true);
      base::JsonArray values;
      for (const std::string& one : claim.values) values.text(one);
      if (!claim.values.empty()) inner.raw("values", values.finish());
      part.raw(claim.name, inner.finish());
    }
    if (!is_empty) document.raw(member, part.finish());
  }
  return document.finish();
}

}  // namespace flow
