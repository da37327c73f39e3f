// Takes the form of the login by password (S4.3).
#include "flow/login/login_password.hpp"

#include "web/entry/factor.hpp"
#include "web/entry/pages.hpp"

namespace web {

http::Response submit_login_password(Visit& visit) {
  const auto done = flow::login_password(visit.house,
                                         {visit.form.get("login"), base::Secret(visit.form.get("password")),
                                          browser::session_of(visit.request), visit.attempt->client_id},
                                         visit.facts);
  if (!done) return show_login_failure(visit, done.error());
  return go_on_after(visit, *done);
}

}  // namespace web
