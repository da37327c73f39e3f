// Which address shows which page. Pages with `actor` are for people who are logged in with a context: others are sent
// to the login or to the choice of a context and come back.
#include "browser/request_facts.hpp"
#include "web/account/pages.hpp"
#include "web/admin/pages.hpp"
#include "web/entry/pages.hpp"
#include "web/page/assets.hpp"
#include "web/page/layout.hpp"
#include "web/page/templates.hpp"
#include "web/page/theme.hpp"
#include "web/web.hpp"

namespace web {
namespace {

using Page = http::Response (*)(Visit&);

enum class For : std::uint8_t {
  everyone,
  actor
};
/// Whether the request counts as activity of the person.
enum class Touch : std::uint8_t {
  yes,
  no
};

constexpr std::size_t usual_body = 8 * 1024;               // no form without a file is larger
constexpr std::size_t body_with_certificate = 256 * 1024;  // in PEM and percent-encoded

class Mounter {
 public:
  Mounter(http::Router& router, const flow::House& house, Options options)
      : router_(router), house_(house), options_(std::make_shared<const Options>(std::move(options))) {}

  void get(std::string pattern, Page page, For whom, Touch touch = Touch::yes) {
    router_.add(make_route(http::Method::get, std::move(pattern), page, whom, touch, http::Lane::work, usual_body));
  }
  void post(std::string pattern, Page page, http::Lane lane = http::Lane::work, std::size_t body_limit = usual_body) {
    router_.add(make_form(std::move(pattern), page, lane, body_limit));
  }
  /// Pages of the login: short, and asked for between those who share a commit.
  void get_deferred(std::string pattern, Page page) {
    http::Route route = make_route(http::Method::get, std::move(pattern), page, For::everyone, Touch::yes,
                                   http::Lane::work, usual_body);
    route.deferred = true;
    router_.add(std::move(route));
  }
  /// The busiest form: many of its requests share one commit.
  void post_deferred(std::string pattern, Page page, http::Lane lane) {
    http::Route route = make_form(std::move(pattern), page, lane, usual_body);
    route.deferred = true;
    router_.add(std::move(route));
  }

 private:
  http::Route make_form(std::string pattern, Page page, http::Lane lane, std::size_t body_limit) {
    // Forms judge for themselves who sends them: a lost session gets its own answer.
    return make_route(http::Method::post, std::move(pattern), page, For::everyone, Touch::yes, lane, body_limit);
  }
  http::Route make_route(http::Method method, std::string pattern, Page page, For whom, Touch touch, http::Lane lane,
                         std::size_t body_limit) {
    http::Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    route.lane = lane;
    route.body_limit = body_limit;
    route.handler = [house = house_, options = options_, page, whom, touch](const http::Request& request) {
      auto visit = begin_visit(house, *options, request, touch == Touch::yes);
      if (!visit) return error_page(house, request, browser::language_of(request), status_of(visit.error().code));
      if (whom == For::actor && !visit->visitor.actor) {
        if (visit->visitor.must_change()) return redirect(*visit, "/login/change");
        return visit->visitor.pending ? redirect(*visit, "/login/context") : redirect_to_login(*visit);
      }
      return page(*visit);
    };
    return route;
  }

  http::Router& router_;
  flow::House house_;  // a handful of references
  std::shared_ptr<const Options> options_;
};

}  // namespace

void mount(http::Router& router, const flow::House& house, Options options) {
  prepare_templates();
  mount_assets(router);
  Mounter mounter(router, house, std::move(options));

  mounter.get("/", show_welcome, For::everyone);
  mounter.get("/policy", show_policy, For::everyone);
  mounter.post("/policy/check", check_password);
  mounter.get("/reset", show_reset, For::everyone);
  mounter.post("/reset", submit_reset);
  mounter.get("/reset/sent", show_reset_sent, For::everyone);
  mounter.get("/reset/confirm", show_reset_confirm, For::everyone);
  mounter.post("/reset/confirm", submit_reset_confirm, http::Lane::password);
  mounter.get("/reset/done", show_reset_done, For::everyone);
  mounter.get_deferred("/login", show_login);
  mounter.get_deferred("/login/password", show_login_password);
  mounter.post_deferred("/login/password", submit_login_password, http::Lane::password);
  mounter.post("/login/continue", continue_login);
  mounter.get("/login/change", show_login_change, For::everyone);
  mounter.post("/login/change", submit_login_change, http::Lane::password);
  mounter.get("/login/context", show_context, For::everyone);
  mounter.post("/login/context", submit_context);
  mounter.get("/logout", show_logout, For::everyone, Touch::no);
  mounter.post("/logout", submit_logout);
  mounter.get("/logout/done", show_logged_out, For::everyone, Touch::no);
  mounter.get("/logout/expired", show_logged_out_by_time, For::everyone, Touch::no);

  mounter.get("/account", show_account_home, For::actor);
  mounter.get("/account/applications", show_applications, For::actor);
  mounter.get("/account/data", show_own_data, For::actor);
  mounter.post("/account/data", submit_own_data, http::Lane::password);
  mounter.post("/account/data/verify", submit_address);
  mounter.post("/account/data/certificate", submit_certificate, http::Lane::password, body_with_certificate);
  mounter.post("/account/data/certificate/remove", submit_certificate_removal, http::Lane::password);
  mounter.get("/account/sub-accounts", show_sub_accounts, For::actor);
  mounter.post("/account/sub-accounts", submit_sub_account, http::Lane::password);
  mounter.get("/admin/outbox", show_outbox, For::actor);
  mounter.post("/admin/outbox", submit_outbox);
  mounter.get("/account/confirm", show_confirm, For::actor);
  mounter.post("/account/confirm", submit_confirm, http::Lane::password);
  mounter.get("/account/security", show_security, For::actor);
  mounter.post("/account/security", submit_security, http::Lane::password);
  mounter.post("/account/security/confirm", submit_security_confirm);
  mounter.get("/account/security/changed", show_security_changed, For::actor);
  mounter.get("/account/session", show_session, For::everyone, Touch::no);
  mounter.post("/account/session", extend_session);
  mounter.get("/account/expiring", show_expiring, For::everyone, Touch::no);
  mounter.post("/account/language", submit_language);
  mounter.get("/account/suspend", show_suspend, For::actor);
  mounter.post("/account/suspend", submit_suspend);
  mounter.get("/account/delete", show_delete, For::actor);
  mounter.post("/account/delete", submit_delete);
  mounter.get("/account/activity", show_activity, For::actor);
  mounter.get("/account/sessions", show_sessions, For::actor);
  mounter.post("/account/sessions/end", submit_end_session);
  mounter.post("/account/sessions/end-others", submit_end_other_sessions);
  mounter.post("/account/sessions/forget", submit_forget_device);
  mounter.get("/admin/accounts", show_accounts, For::actor);
  mounter.get("/admin/accounts/{id}", show_account, For::actor);
  mounter.post("/admin/accounts/{id}/unlock", submit_account_unlock);
  mounter.post("/admin/accounts/{id}/suspend", submit_account_suspend);
  mounter.post("/admin/accounts/{id}/restore", submit_account_restore);
  mounter.post("/admin/accounts/{id}/reset", submit_account_reset);
  mounter.post("/admin/accounts/{id}/password", submit_account_password, http::Lane::password);
  mounter.get("/admin/audit", show_audit, For::actor);

  mounter.get("/theme/logo.svg", show_logo, For::everyone, Touch::no);
  mounter.get("/theme/{file}", show_theme, For::everyone, Touch::no);
}

}  // namespace web
