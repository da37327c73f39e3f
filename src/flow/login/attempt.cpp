#include "flow/login/attempt.hpp"

#include <boost/json.hpp>

#include "crypto/key/master_key.hpp"
#include "flow/login/attempt_settings.hpp"

namespace flow {
namespace {

constexpr std::size_t largest_cookie = 3500;  // browsers keep 4096 octets of name, value and attributes

std::string get(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool is_set(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace

bool is_local_path(std::string_view path) {
  if (path.empty() || path.front() != '/' || path.size() > 2000) return false;
  if (path.size() > 1 && path[1] == '/') return false;
  for (const char c : path) {
    const auto v = static_cast<unsigned char>(c);
    if (v <= 0x20 || v >= 0x7f || c == '\\') return false;
  }
  return true;
}

Attempt begin_attempt(std::string return_to, base::Time now) {
  Attempt attempt;
  attempt.id = base::Id::make(now);
  attempt.begun = now;
  attempt.return_to = is_local_path(return_to) ? std::move(return_to) : "/account";
  return attempt;
}

base::Result<std::string> seal_attempt(const House& house, const Attempt& attempt) {
  boost::json::object object;
  object["t"] = base::to_ms(attempt.begun);
  if (!attempt.request.empty()) object["q"] = attempt.request;
  if (!attempt.client_id.empty()) object["c"] = attempt.client_id;
  if (!attempt.return_to.empty()) object["r"] = attempt.return_to;
  if (!attempt.ui_locales.empty()) object["l"] = attempt.ui_locales;
  if (!attempt.login_hint.empty()) object["h"] = attempt.login_hint;
  if (attempt.force_login) object["f"] = true;
  if (attempt.choose_account) object["a"] = true;
  if (attempt.level > 0) object["v"] = attempt.level;
  if (!attempt.consent.empty()) object["k"] = attempt.consent;
  if (attempt.is_refused) object["d"] = true;
  std::string cookie =
      base::to_base64url(house.master.seal("attempt", boost::json::serialize(object), attempt.id.bytes()));
  if (cookie.size() > largest_cookie) return base::fail(base::Code::invalid_input, "the request is too large");
  return cookie;
}

base::Result<Attempt> open_attempt(const House& house, const base::Id& id, std::string_view cookie_value,
                                   base::Time now) {
  if (cookie_value.empty() || cookie_value.size() > largest_cookie) {
    return base::fail(base::Code::invalid_input, "no login attempt in this browser");
  }
  ASSIGN_OR_RETURN(const base::Bytes sealed, base::parse_base64url(cookie_value));
  ASSIGN_OR_RETURN(const base::Secret plain, house.master.open("attempt", sealed, id.bytes()));
  boost::json::error_code error;
  const boost::json::value value =
      boost::json::parse(boost::json::string_view(plain.reveal().data(), plain.reveal().size()), error);
  if (error || !value.is_object()) return base::fail(base::Code::internal, "a sealed attempt is not readable");
  const boost::json::object& object = value.get_object();
  const boost::json::value* begun = object.if_contains("t");
  if (begun == nullptr || !begun->is_int64()) return base::fail(base::Code::internal, "a sealed attempt has no time");
  Attempt attempt;
  attempt.id = id;
  attempt.begun = base::from_ms(begun->get_int64());
  if (now >= attempt.begun + house.settings.attempt.lasts) {
    return base::fail(base::Code::expired, "the login attempt is over");
  }
  attempt.request = get(object, "q");
  attempt.client_id = get(object, "c");
  attempt.return_to = get(object, "r");
  attempt.ui_locales = get(object, "l");
  attempt.login_hint = get(object, "h");
  attempt.force_login = is_set(object, "f");
  attempt.choose_account = is_set(object, "a");
  attempt.consent = get(object, "k");
  attempt.is_refused = is_set(object, "d");
  const boost::json::value* level = object.if_contains("v");
  if (level != nullptr && level->is_int64()) attempt.level = level->get_int64();
  return attempt;
}

std::string login_url(const Attempt& attempt) {
  return "/login?attempt=" + attempt.id.to_string();
}

std::string consent_url(const Attempt& attempt) {
  return "/login/consent?attempt=" + attempt.id.to_string();
}

std::string resume_url(const Attempt& attempt) {
  if (!attempt.request.empty()) return "/oauth2/authorize?attempt=" + attempt.id.to_string();
  return is_local_path(attempt.return_to) ? attempt.return_to : "/account";
}

}  // namespace flow
