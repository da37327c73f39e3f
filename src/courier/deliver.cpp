#include "courier/deliver.hpp"

namespace courier {

namespace {

// RFC 3463 §2: status-code = class "." subject "." detail; class 2, 4 or 5, the others of one to three digits.
std::array<int, 3> find_enhanced_code(std::string_view reply) {
  if (reply.size() < 4) return {};
  std::string_view rest = reply.substr(4);  // after the code and its separator (RFC 5321 §4.2)
  std::array<int, 3> found{};
  for (std::size_t part = 0; part < found.size(); ++part) {
    std::size_t digits = 0;
    while (digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9') {
      if (++digits > 3) return {};
      found.at(part) = found.at(part) * 10 + (rest[digits - 1] - '0');
    }
    if (digits == 0) return {};
    rest.remove_prefix(digits);
    if (part == 2) break;
    if (!rest.starts_with('.')) return {};
    rest.remove_prefix(1);
  }
  const bool ends = rest.empty() || rest.starts_with(' ') || rest.starts_with('\r');
  const bool has_class = found[0] == 2 || found[0] == 4 || found[0] == 5;
  return ends && has_class ? found : std::array<int, 3>{};
}

}  // namespace

Code Code::of(base::Code code) {
  Code made;
  made.word_ = base::name_of(code);
  return made;
}

Code Code::http(int status) {
  Code made;
  made.word_ = "http";
  made.status_ = status;
  return made;
}

Code Code::smtp(int status, std::string_view reply) {
  Code made;
  made.word_ = "smtp";
  made.status_ = status;
  made.detail_ = find_enhanced_code(reply);
  return made;
}

Code Code::not_tried() const {
  Code made = *this;
  made.not_tried_ = true;
  return made;
}

std::string Code::text() const {
  std::string out = not_tried_ ? "not_tried " : "";
  out += word_;
  if (status_ != 0) out += " " + std::to_string(status_);
  if (detail_[0] == 0) return out;
  return out + " " + std::to_string(detail_[0]) + "." + std::to_string(detail_[1]) + "." + std::to_string(detail_[2]);
}

Delivery delivered() {
  return {.kind = Delivery::Kind::delivered};
}
Delivery retry(Code code, std::string reason) {
  return {.kind = Delivery::Kind::retry, .code = code, .reason = reason.empty() ? code.text() : std::move(reason)};
}
Delivery give_up(Code code, std::string reason) {
  return {.kind = Delivery::Kind::give_up, .code = code, .reason = reason.empty() ? code.text() : std::move(reason)};
}

Delivery judge(const base::Error& error) {
  const bool is_final = error.code == base::Code::invalid_input || error.code == base::Code::denied;
  std::string reason = std::string(base::name_of(error.code)) + ": " + error.reason;
  const Code code = Code::of(error.code);
  return is_final ? give_up(code, std::move(reason)) : retry(code, std::move(reason));
}

Delivery judge_call(const base::Error& error) {
  Delivery judged = judge(error);
  judged.unanswered = judged.kind == Delivery::Kind::retry;
  return judged;
}

Delivery judge(const remote::SmtpOutcome& outcome) {
  // A reply below 400 is no refusal, so that its code does not tell why the conversation ended.
  const Code code = outcome.code >= 400 ? Code::smtp(outcome.code, outcome.reason) : Code("no_answer");
  switch (outcome.kind) {
    case remote::SmtpOutcome::Kind::accepted: return delivered();
    case remote::SmtpOutcome::Kind::refused: return give_up(code, outcome.reason);
    case remote::SmtpOutcome::Kind::later: break;
  }
  Delivery later = retry(code, outcome.reason);
  later.unanswered = outcome.code < 400;  // no reply refused anything, so that the connection failed
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
