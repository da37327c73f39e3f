// A remembered first step (S3.2): on a device where the person asked for it, if the policy allows it, a login begins
// with the second step. The device proves nothing by itself: without the second step nothing opens (rights::is_met). It
// ends with its days, a new password, a suspension or deletion (the security stamp), and "forget this device".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/finish_login.hpp"

namespace flow {

struct RememberedPerson {
  base::Id account_id;
  std::string name;
  std::string shown_to;                                   // where a code goes: "+48…201"; "" = no code is sent
  rights::ProofMethod method = rights::ProofMethod::sms;  // of the second step that is offered first
};
/// Of this browser; nullopt = nobody. It only reads, and sends nothing.
base::Result<std::optional<RememberedPerson>> find_remembered(const House& house, const RequestFacts& facts);

struct RememberedLogin {
  base::Id account_id;
  std::string_view replaced_cookie{};
  std::string_view client_id{};
};
/// A session that owes the second step; the code is sent, if the first method sends one. Errors: login_failed (one for
/// all reasons), too_many (begin_proof), unavailable.
base::Result<LoginDone> login_remembered(const House& house, const RememberedLogin& wished, const RequestFacts& facts);

}  // namespace flow
