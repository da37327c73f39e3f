#include "courier/deliver.hpp"

namespace courier {

Delivery delivered() {
  return {Delivery::Kind::delivered, {}};
}
Delivery retry(std::string reason) {
  return {Delivery::Kind::retry, std::move(reason)};
}
Delivery give_up(std::string reason) {
  return {Delivery::Kind::give_up, std::move(reason)};
}

Delivery judge(const base::Error& error) {
  const bool is_final = error.code == base::Code::invalid_input || error.code == base::Code::denied;
  std::string reason = std::string(base::name_of(error.code)) + ": " + error.reason;
  return is_final ? give_up(std::move(reason)) : retry(std::move(reason));
}

Delivery judge(const remote::SmtpOutcome& outcome) {
  switch (outcome.kind) {
    case remote::SmtpOutcome::Kind::accepted: return delivered();
    case remote::SmtpOutcome::Kind::refused: return give_up(outcome.reason);
    case remote::SmtpOutcome::Kind::later: break;
  }
  return retry(outcome.reason);
}

std::string quote(std::string_view said) {
  std::string out(said.substr(0, 200));
  for (char& c : out) {
    if (c < 0x20 || c >= 0x7f) c = '?';
  }
  return out;
}

}  // namespace courier
