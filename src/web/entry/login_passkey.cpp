// Login by passkey: the options for the browser, and the form with its answer.
#include "flow/login/login_passkey.hpp"

#include "flow/proof/passkey_challenge.hpp"
#include "web/entry/factor.hpp"
#include "web/entry/pages.hpp"
#include "web/entry/passkey_options.hpp"
#include "web/page/layout.hpp"

namespace web {

http::Response show_passkey_options(Visit& visit) {
  // A challenge of nobody's login would be of no use.
  if (!take_attempt(visit, visit.query.get("attempt"))) return refuse_script(visit);
  const auto request = flow::begin_passkey_login(visit.house, visit.attempt->id.bytes(), visit.facts.now);
  http::Response response = http::Response::json(passkey_options(request));
  visit.cookies.move_to(response);
  return response;
}

http::Response submit_login_passkey(Visit& visit) {
  const base::Secret answer(visit.form.get("answer"));
  const auto done = flow::login_passkey(
      visit.house, {answer, visit.attempt->id.bytes(), browser::session_of(visit.request), visit.attempt->client_id},
      visit.facts);
  if (!done) return show_passkey_failure(visit, done.error());
  return go_on_after(visit, *done);
}

}  // namespace web
