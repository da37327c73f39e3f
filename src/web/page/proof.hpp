// The password once more (flow/proof/prove_again). A form with values has its own field for it, only if the last proof
// is not fresh, so that the typed values are not lost. Such a form runs on the password lane.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

enum class Proof : std::uint8_t {
  fresh,
  missing,
  wrong,
  barred,  // the network has failed too often
  unavailable
};

/// Takes the form's field `password` if a proof is needed. The visitor must be an actor, and is read again after a
/// proof.
Proof settle_proof(Visit& visit);
/// Sets what the template _proof shows. `id` is that of the field, for a page with several such forms.
void add_proof(View& view, const Visit& visit, std::string id = "password");

// The proof for a form that is only a button is given on a separate page, because such a form has no values that could
// be lost. After the proof the page of the action says that nothing was done yet, and asks once; the interrupted POST
// is never repeated automatically.

/// Redirects to the page of the proof, and after it to `page`: a path of this server whose query names the action, and
/// nothing secret.
http::Response prove_first(Visit& visit, std::string_view page);

struct Question {
  std::string text;
  std::string submit;  // label of the button
  std::string path;    // where the form is sent
  std::string page;    // where "Cancel" leads
  std::vector<std::pair<std::string, std::string>> fields;
  std::string consequence{};  // of the action, as a sentence
  std::string_view reason{};  // id of the field for an administrator's reason (audit::motive); "" = none is asked
  bool lacks_reason = false;  // the form was sent without one
  bool is_dangerous = false;
  std::vector<std::pair<std::string, std::string>> days{};  // fields for a day that may stay empty: name, value
};
/// The sentence `key` about a session or a device, with {device} and {at}.
std::string say_use(const Visit& visit, std::string_view key, std::string device, base::Time last_seen);
/// Sets what the template _reason shows.
void add_reasons(View& view, const Visit& visit, std::string_view id, bool is_missing);
/// The question asks an administrator for the reason, which is in the event of the act.
void ask_reason(Question& question, const Visit& visit);
/// Before an administrator's act that is one button: leads to the proof, or to `question`, the page whose query names
/// the act. nullopt: the proof is fresh, and the form's reason is in visit.facts.
std::optional<http::Response> ask_reason_first(Visit& visit, const std::string& question);
/// Sets what the template _question shows.
void add_question(View& view, const Visit& visit, Question question);

}  // namespace web
