#include "browser/attempts.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "flow/login/attempt_settings.hpp"

namespace browser {
namespace {

constexpr std::size_t most_attempts = 4;

std::string name_of(const base::Id& id) {
  return std::string(attempt_cookie) + id.to_string();
}

/// Names of the attempt cookies that the browser sent, without prefix, the oldest first.
std::vector<std::string> list_attempts(const http::Request& request) {
  const std::string prefix = own_cookie(request, "").name;
  std::vector<std::string> names;
  for (auto [name, value] : request.cookies()) {
    if (!name.starts_with(prefix)) continue;
    name.remove_prefix(prefix.size());
    if (name.starts_with(attempt_cookie)) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());  // ids, and so names, are ordered by time
  return names;
}

}  // namespace

base::Result<flow::Attempt> find_attempt(const flow::House& house, const http::Request& request, std::string_view id,
                                         base::Time now) {
  // The id comes from a URL. It is parsed first, so that no other text becomes part of a cookie's name.
  ASSIGN_OR_RETURN(const base::Id parsed, base::Id::parse(id));
  return flow::open_attempt(house, parsed, read_cookie(request, name_of(parsed)), now);
}

base::Result<void> keep_attempt(const flow::House& house, const flow::Attempt& attempt, Cookies& cookies) {
  ASSIGN_OR_RETURN(std::string sealed, flow::seal_attempt(house, attempt));
  const std::string name = name_of(attempt.id);
  std::vector<std::string> others = list_attempts(cookies.request());
  std::erase(others, name);
  for (std::size_t i = 0; i + most_attempts <= others.size(); ++i) cookies.remove(others[i]);
  cookies.set(name, std::move(sealed), house.settings.attempt.lasts);
  return {};
}

void forget_attempt(const flow::Attempt& attempt, Cookies& cookies) {
  cookies.remove(name_of(attempt.id));
}

void forget_all_attempts(Cookies& cookies) {
  for (const std::string& name : list_attempts(cookies.request())) cookies.remove(name);
}

}  // namespace browser
