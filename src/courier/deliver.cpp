#include "courier/deliver.hpp"

namespace courier {

Delivery delivered() {
  return {Delivery::Kind::delivered, {}, false};
}
Delivery retry(std::string reason) {
  return {Delivery::Kind::retry, std::move(reason), false};
}
Delivery give_up(std::string reason) {
  return {Delivery::Kind::give_up, std::move(reason), false};
}

Delivery judge(const base::Error& error) {
  const bool is_final = error.code == base::Code::invalid_input || error.code == base::Code::denied;
  std::string reason = std::string(base::name_of(error.code)) + ": " + error.reason;
  return is_final ? give_up(std::move(reason)) : retry(std::move(reason));
}

Delivery judge_call(const base::Error& error) {
  Delivery judged = judge(error);
  judged.unanswered = judged.kind == Delivery::Kind::retry;
  return judged;
}

Delivery judge(const remote::SmtpOutcome& outcome) {
  switch (outcome.kind) {
    case remote::SmtpOutcome::Kind::accepted: return delivered();
    case remote::SmtpOutcome::Kind::refused: return give_up(outcome.reason);
    case remote::SmtpOutcome::Kind::later: break;
  }
  Delivery later = retry(outcome.reason);
  later.unanswered = outcome.code < 400;  // whatever it said before, it has not said no
  return later;
}

std::string quote(std::string_view said) {
  std::string out(said.substr(0, 200));
  for (char& c : out) {
    if (c < 0x20 || c >= 0x7f) c = '?';
  }
  return out;
}

}  // namespace courier
