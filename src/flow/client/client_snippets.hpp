// What the developer of an application copies: the configuration of the usual libraries for one client. The secret is
// read from the environment and is in none of them. Names of libraries and their options are not translated.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flow/house/house.hpp"
#include "rights/client.hpp"

namespace flow {

struct Snippet {
  std::string_view key;    // "node", "python", "spring", "php", "dotnet", "apache", "browser", "android", "curl"
  std::string_view title;  // "Node.js: openid-client 6"
  std::string text;
};
/// Those that fit the kind of client: of servers, of a browser, of devices, of machines and of systems that are called;
/// none for one that logs nobody in, or that proves itself by a key.
std::vector<Snippet> make_snippets(const House& house, const rights::Client& client);
/// "https://login.example.org/.well-known/openid-configuration".
std::string find_discovery_address(const House& house);

}  // namespace flow
