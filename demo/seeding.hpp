// The clinic's accounts and clients, created with the server's command line as an operator would do it.
// Invariant: existing ones are not changed, so that a second start changes nothing.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "demo/options.hpp"

namespace demo {

struct DemoAccount {
  std::string login;
  std::string password;
  std::string given_name;
  std::string family_name;
  std::string kind;  // "employee", "recipient"
  std::string email;
  std::string phone;
  std::vector<std::string> contexts;  // keys
  std::string is;                     // for the printed table
  bool is_main = false;               // a main account (S2.4)
};
const std::vector<DemoAccount>& demo_accounts();

struct DemoClient {
  std::string client_id;
  std::string secret;  // "" = public
  std::string name;
  std::string name_de;
  std::string name_pl;
  std::vector<std::string> redirect_uris;
  std::vector<std::string> post_logout_redirect_uris;
  std::string backchannel_logout_uri;
  std::string launch_uri;
  std::vector<std::string> scopes;
  bool writes_events = false;  // of its own, into the audit log (S4.26)
  std::string kind{};          // "machine"; "" = as the other values say
};
std::vector<DemoClient> demo_clients(const Options& options);

/// `chancery`: the program; `configuration`: its file; `has_tokens`: the clinic has its cards. Errors: unavailable,
/// with the output of the program.
base::Result<void> seed(const std::string& chancery, const std::string& configuration, const Options& options,
                        bool has_tokens);

}  // namespace demo
