// The table of routes: the address of each page and form, and what protects each form from other sites. Pages with
// For::actor need a login and a chosen context. Other visitors are redirected to the step that is missing and come back
// after it.
#include <stdexcept>
#include <vector>

#include "browser/cookies.hpp"
#include "browser/csrf.hpp"
#include "browser/request_facts.hpp"
#include "flow/oauth/validate_request.hpp"
#include "flow/signature/request_limits.hpp"
#include "flow/tenant/features.hpp"
#include "identity/identifier/login_name.hpp"
#include "web/account/pages.hpp"
#include "web/admin/pages.hpp"
#include "web/administration/below_prefix.hpp"
#include "web/administration/pages.hpp"
#include "web/entry/pages.hpp"
#include "web/page/assets.hpp"
#include "web/page/layout.hpp"
#include "web/page/templates.hpp"
#include "web/page/theme.hpp"
#include "web/resource/pages.hpp"
#include "web/settings/pages.hpp"
#include "web/sign/pages.hpp"
#include "web/web.hpp"

namespace web {
namespace {

using browser::Csrf;
using http::Lane;
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
constexpr std::size_t body_with_passkey = 64 * 1024;       // an attestation with its certificates
constexpr std::size_t body_of_account = 32 * 1024;         // every field twice, as it was and as it was typed
constexpr std::size_t body_with_accounts = 64 * 1024;      // the ids of a thousand
constexpr std::size_t body_with_certificate = 256 * 1024;  // in PEM and percent-encoded
constexpr std::size_t body_with_addresses = 512 * 1024;    // twice a hundred addresses of 1000 characters

struct FormOptions {
  /// For Csrf::session. Not set: the form needs an actor, and other visitors are redirected to the login. Set: the form
  /// takes every session, also one without a context, and this handler answers if there is no session.
  Page if_nobody = nullptr;
  Page if_stale = nullptr;  // answers a wrong token instead of show_stale_form
  std::size_t body_limit = usual_body;
  std::size_t stored_limit = 0;  // with files that need not fit into memory
  bool deferred = false;         // many requests share one commit
  bool asks_login = false;       // its field `login` names an account, whose requests share one part of the lane
  /// It takes a proof or a secret although it runs on another lane, because what it does beside that takes longer than
  /// a hash and must delay no login; its number is limited elsewhere.
  bool takes_proof = false;
  /// For Lane::password: its first step shows what a change would do, which may read much, and takes no password.
  bool previews = false;
};

struct Form {
  Page submit;
  Csrf guard;
  FormOptions options;
  bool takes_proof;           // or a secret: closed while one acts for another person
  std::size_t depth_of_page;  // how many first segments of the form's path are the path of its page
};

std::string path_of_page(const std::string& path_of_form, std::size_t depth) {
  std::size_t end = 0;
  while (depth-- > 0) end = std::min(path_of_form.find('/', end + 1), path_of_form.size());
  return path_of_form.substr(0, end);
}

/// The address of the page with a fresh form. It keeps the login attempt or the page that should follow (`next`).
std::string address_of_page(const Visit& visit) {
  std::string address = visit.page;
  const std::string next = visit.form.get("next");
  if (visit.attempt) {
    address.append("?attempt=").append(visit.attempt->id.to_string());
  } else if (flow::is_local_path(next)) {
    address.append("?next=").append(base::percent_encode(next));
  }
  return address;
}

/// Calls the handler only if the check succeeds that the table names for the form.
http::Response answer_form(Visit& visit, const Form& form) {
  take_attempt(visit, visit.form.get("attempt"));
  visit.page = path_of_page(visit.request.path, form.depth_of_page);
  std::string binding;
  switch (form.guard.kind()) {
    case Csrf::Kind::session:
      if (form.options.if_nobody == nullptr && !visit.visitor.actor) return redirect_to_login(visit);
      if (visit.visitor.session() == nullptr) return form.options.if_nobody(visit);
      binding = session_binding(visit);
      break;
    case Csrf::Kind::attempt:
      if (!visit.attempt) return show_attempt_gone(visit);
      binding = visit.attempt->id.to_string();
      break;
    case Csrf::Kind::none: return form.submit(visit);
  }
  const bool is_closed = form.takes_proof && visit.visitor.actor && visit.visitor.actor->is_acting();
  if (is_closed) return show_error(visit, 403, "nobody proves for another person");
  if (browser::is_csrf_right(visit.house, binding, visit.request.path, visit.form.get("csrf"))) {
    return form.submit(visit);
  }
  if (form.options.if_stale != nullptr) return form.options.if_stale(visit);
  return show_stale_form(visit, address_of_page(visit));
}

/// The login in the body, in its canonical form; "" = there is none.
std::string find_typed_login(const http::Request& request) {
  const auto form = request.body_form();
  if (!form) return {};
  return identity::canonical_login(form->get("login")).value_or(std::string());
}

/// Without a password no hash is computed, and the hash workers are for those who wait for one.
Lane find_lane_of_preview(const http::Request& request) {
  const auto form = request.body_form();
  return form && form->get("password").empty() ? Lane::report : Lane::password;
}

using flow::Feature;
using rights::Permission;

/// A page or form for which the acting context may lack the permission (S4.28); then its address is refused.
template <Permission needed, http::Response (*page)(Visit&)>
http::Response only_with(Visit& visit) {
  if (visit.visitor.actor && !visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return page(visit);
}

/// A page or form of a feature that is switched on for each organisation (S1.10): "not enabled" where it is off.
template <flow::Feature feature, Permission needed, http::Response (*page)(Visit&)>
http::Response only_where(Visit& visit) {
  // Who lacks the permission is told that by the page.
  if (!visit.visitor.actor || !visit.visitor.actor->may(needed)) return page(visit);
  const auto mark = flow::find_feature_mark(visit.house, *visit.visitor.actor, feature);
  if (!mark) return show_error(visit, mark.error());
  if (!mark->is_on) return show_feature_off(visit);
  if (mark->is_new) {
    const auto noted = flow::note_feature_opened(visit.house, *visit.visitor.actor, feature, visit.facts.now);
    if (!noted) return show_error(visit, noted.error());
  }
  return page(visit);
}

class Mounter {
 public:
  Mounter(http::Router& router, const flow::House& house, Options options)
      : router_(router), house_(house), options_(std::make_shared<const Options>(std::move(options))) {}

  void get(std::string pattern, Page page, For whom, Touch touch = Touch::yes) {
    router_.add(make_page(std::move(pattern), page, whom, touch));
  }
  /// A list, a search or what else may read much (flow::report_for): nobody's login waits for it.
  void report(std::string pattern, Page page, Touch touch = Touch::yes) {
    http::Route route = make_page(std::move(pattern), page, For::actor, touch);
    route.lane = Lane::report;
    router_.add(std::move(route));
  }
  /// A page that is on the connector's listener only, below its prefix.
  void connector_page(std::string pattern, Page page) {
    router_.add(put_below(make_page(std::move(pattern), page, For::actor, Touch::yes), administration));
  }
  /// The pages that were mounted after the first `count` routes, on the connector's listener as well.
  void connect(std::size_t count) {
    const std::vector<const http::Route*> all = router_.routes();
    for (std::size_t i = count; i < all.size(); ++i) router_.add(put_below(*all[i], administration));
  }
  /// For the pages of the form that is used most: many requests share one commit.
  void get_deferred(std::string pattern, Page page) {
    http::Route route = make_page(std::move(pattern), page, For::everyone, Touch::yes);
    route.deferred = true;
    router_.add(std::move(route));
  }
  /// An address that there is not, for somebody who seems to be logged in: the page reads the session, as every other
  /// one does. Nobody else's wrong address reaches the database (docs/decisions/0061).
  void unknown() {
    router_.on_unknown([](const http::Request& request) { return !browser::session_of(request).empty(); },
                       handler("", Touch::no, [](Visit& visit) { return show_error(visit, 404, "no such address"); }));
  }
  /// The page of the form must be mounted before it, at the same address or at a prefix of it.
  void form(std::string pattern, Page submit, Csrf guard, Lane lane = Lane::work, FormOptions options = {}) {
    http::Route route;
    route.method = http::Method::post;
    route.lane = lane;
    route.body_limit = options.body_limit;
    route.stored_limit = options.stored_limit;
    route.deferred = options.deferred;
    route.guard = guard.describe();
    if (options.asks_login) route.account_of = find_typed_login;
    if (options.previews) route.lane_of = find_lane_of_preview;
    const bool takes_proof = (lane == Lane::password && guard.kind() == Csrf::Kind::session) || options.takes_proof;
    const Form form{submit, guard, options, takes_proof, find_depth_of_page(pattern)};
    route.pattern = pattern;
    route.handler = handler(std::move(pattern), Touch::yes, [form](Visit& visit) { return answer_form(visit, form); });
    router_.add(std::move(route));
  }

 private:
  http::Route make_page(std::string pattern, Page page, For whom, Touch touch) {
    pages_.push_back(pattern);
    http::Route route;
    route.pattern = pattern;
    route.body_limit = usual_body;
    route.handler = handler(std::move(pattern), touch, [page, whom](Visit& visit) {
      return whom == For::everyone || visit.visitor.actor ? page(visit) : lead_to_context(visit);
    });
    return route;
  }

  http::Handler handler(std::string pattern, Touch touch, std::function<http::Response(Visit&)> answer) {
    return [house = house_, options = options_, pattern = std::move(pattern), touch,
            answer = std::move(answer)](const http::Request& request) {
      auto visit = begin_visit(house, *options, request, touch == Touch::yes);
      if (!visit)
        return error_page(house, request, browser::language_of(request),
                          {status_of(visit.error().code), {}, base::describe(visit.error())});
      visit->route = pattern;
      return answer(*visit);
    };
  }

  /// Throws std::logic_error if there is no page to lead back to.
  [[nodiscard]] std::size_t find_depth_of_page(std::string_view pattern) const {
    for (std::string_view path = pattern; path.size() > 1; path = path.substr(0, path.rfind('/'))) {
      if (std::find(pages_.begin(), pages_.end(), path) == pages_.end()) continue;
      return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
    }
    throw std::logic_error("a form without a page: " + std::string(pattern));
  }

  http::Router& router_;
  flow::House house_;  // a struct of references, cheap to copy
  std::shared_ptr<const Options> options_;
  std::vector<std::string> pages_;
};

}  // namespace

void mount(http::Router& router, const flow::House& house, Options options) {
  prepare_templates();
  const std::size_t others = router.routes().size();
  mount_assets(router);
  Mounter mounter(router, house, std::move(options));

  mounter.get("/", show_welcome, For::everyone);
  mounter.get("/help", show_help, For::everyone);
  mounter.get("/help/{topic}", show_help_topic, For::everyone);
  mounter.get("/policy", show_policy, For::everyone);
  mounter.form("/policy/check", check_password, Csrf::session, Lane::work,
               {.if_nobody = refuse_script, .if_stale = refuse_script});
  mounter.get("/reset", show_reset, For::everyone);
  mounter.form("/reset", submit_reset, Csrf::attempt);
  mounter.get("/reset/sent", show_reset_sent, For::everyone);
  mounter.get("/reset/confirm", show_reset_confirm, For::everyone);
  mounter.form("/reset/confirm", submit_reset_confirm,
               Csrf::none("the secret of the link is a field of the form: nobody else can fill it in"), Lane::password);
  mounter.form("/reset/confirm/check", check_reset_password,
               Csrf::none("the secret of the link is a field of the form, and nothing is changed"));
  mounter.get("/reset/done", show_reset_done, For::everyone);
  mounter.get_deferred("/login", show_login);
  mounter.get_deferred("/login/password", show_login_password);
  mounter.form("/login/password", submit_login_password, Csrf::attempt, Lane::password,
               {.deferred = true, .asks_login = true});
  mounter.form("/login/continue", continue_login, Csrf::attempt);
  mounter.form("/login/remembered", submit_remembered, Csrf::attempt);
  mounter.get("/login/passkey/options", show_passkey_options, For::everyone, Touch::no);
  mounter.form("/login/passkey", submit_login_passkey, Csrf::attempt, Lane::work, {.body_limit = body_with_passkey});
  mounter.get("/login/certificate", show_login_certificate, For::everyone);
  mounter.get("/login/certificate/present", show_present_certificate, For::everyone, Touch::no);
  mounter.get("/login/certificate/return", show_certificate_return, For::everyone);
  mounter.form("/login/certificate", submit_login_certificate, Csrf::attempt, Lane::work,
               {.body_limit = body_with_passkey});
  mounter.get("/login/change", show_login_change, For::everyone);
  mounter.form("/login/change", submit_login_change, Csrf::session, Lane::password,
               {.if_nobody = leave_login_change, .if_stale = show_stale_login_change});
  mounter.get("/login/changed", show_login_changed, For::everyone);
  mounter.get("/login/factor", show_factor, For::everyone);
  mounter.form("/login/factor", submit_factor, Csrf::session, Lane::work,
               {.if_nobody = show_attempt_gone, .body_limit = body_with_passkey});
  mounter.form("/login/factor/send", submit_code_again, Csrf::session, Lane::work, {.if_nobody = show_attempt_gone});
  mounter.get("/login/enrol", show_enrol, For::everyone);
  mounter.form("/login/enrol/app", submit_enrol_app, Csrf::session, Lane::work, {.if_nobody = show_attempt_gone});
  mounter.form("/login/enrol/passkey", submit_enrol_passkey, Csrf::session, Lane::work,
               {.if_nobody = show_attempt_gone, .body_limit = body_with_passkey});
  mounter.get("/login/context", show_context, For::everyone);
  mounter.form("/login/context", submit_context, Csrf::session, Lane::work, {.if_nobody = show_attempt_gone});
  mounter.get("/login/consent", show_consent, For::everyone);
  mounter.form("/login/consent", submit_consent, Csrf::session, Lane::work, {.if_nobody = show_attempt_gone});
  mounter.get("/device", show_device, For::everyone);
  mounter.get("/device/confirm", show_device_question, For::everyone);
  mounter.form("/device/confirm", submit_device, Csrf::session);
  mounter.get("/device/done", show_device_done, For::everyone);
  mounter.get("/logout", show_logout, For::everyone, Touch::no);
  mounter.form("/logout", submit_logout, Csrf::session, Lane::work, {.if_nobody = finish_logout});
  mounter.get("/logout/done", show_logged_out, For::everyone, Touch::no);
  mounter.get("/logout/expired", show_logged_out_by_time, For::everyone, Touch::no);

  mounter.get("/verify", show_verify, For::everyone);
  mounter.form("/verify", submit_verify,
               Csrf::none("nothing is changed, and only who has the address of the report can read it"), Lane::report,
               {.body_limit = flow::most_octets_of_json, .stored_limit = flow::most_octets_to_verify(house)});
  mounter.get("/verify/report/{id}", show_verify_report, For::everyone);
  mounter.get("/verify/report/{id}/print", show_verify_report_printed, For::everyone);
  mounter.get("/verify/report/{id}/json", show_verify_report_json, For::everyone);
  mounter.get("/verify/report/{id}/xml", show_verify_report_xml, For::everyone);

  mounter.get("/account", show_account_home, For::actor);
  mounter.form("/account/return", submit_return, Csrf::session);
  mounter.get("/account/applications", show_applications, For::actor);
  mounter.form("/account/applications/withdraw", submit_withdrawal, Csrf::session);
  mounter.get("/account/data", only_with<Permission::own_data, show_own_data>, For::actor);
  mounter.form("/account/data", only_with<Permission::own_data, submit_own_data>, Csrf::session, Lane::password);
  mounter.form("/account/data/verify", only_with<Permission::own_data, submit_address>, Csrf::session);
  mounter.form("/account/data/certificate", only_with<Permission::own_data, submit_certificate>, Csrf::session,
               Lane::password, {.body_limit = body_with_certificate});
  mounter.get("/account/data/certificate/presented", only_with<Permission::own_data, show_presented_certificate>,
              For::actor);
  mounter.form("/account/data/certificate/presented", only_with<Permission::own_data, submit_presented_certificate>,
               Csrf::session, Lane::work, {.body_limit = body_with_passkey});
  mounter.form("/account/data/certificate/remove", only_with<Permission::own_data, submit_certificate_removal>,
               Csrf::session, Lane::password);
  mounter.get("/account/data/download", only_with<Permission::own_data, show_data_download>, For::actor);
  mounter.form("/account/data/download", only_with<Permission::own_data, submit_data_download>, Csrf::session,
               Lane::report);
  mounter.get("/account/sub-accounts", show_sub_accounts, For::actor);
  mounter.form("/account/sub-accounts", submit_sub_account, Csrf::session, Lane::password);
  mounter.get("/account/sub-accounts/{id}", show_sub_account, For::actor);
  mounter.form("/account/sub-accounts/{id}/edit", submit_sub_account_edit, Csrf::session, Lane::password);
  mounter.form("/account/sub-accounts/{id}/context", submit_sub_account_context, Csrf::session);
  mounter.form("/account/sub-accounts/{id}/reset", submit_sub_account_reset, Csrf::session);
  mounter.form("/account/sub-accounts/{id}/suspend", submit_sub_account_suspend, Csrf::session);
  mounter.form("/account/sub-accounts/{id}/restore", submit_sub_account_restore, Csrf::session);
  mounter.form("/account/sub-accounts/{id}/delete", submit_sub_account_delete, Csrf::session);
  mounter.report("/admin/outbox", show_outbox);
  mounter.form("/admin/outbox", submit_outbox, Csrf::session);
  mounter.get("/account/confirm", show_confirm, For::actor);
  mounter.form("/account/confirm", submit_confirm, Csrf::session, Lane::password);
  mounter.form("/account/confirm/send", submit_confirm_send, Csrf::session);
  mounter.get("/account/security", only_with<Permission::own_password, show_security>, For::actor);
  mounter.form("/account/security", only_with<Permission::own_password, submit_security>, Csrf::session,
               Lane::password);
  mounter.form("/account/security/confirm", only_with<Permission::own_password, submit_security_confirm>,
               Csrf::session);
  mounter.get("/account/security/changed", only_with<Permission::own_password, show_security_changed>, For::actor);
  mounter.get("/account/factors", only_with<Permission::own_password, show_factors>, For::actor);
  mounter.form("/account/factors/name", only_with<Permission::own_password, submit_factor_name>, Csrf::session);
  mounter.form("/account/factors/remove", only_with<Permission::own_password, submit_factor_removal>, Csrf::session);
  mounter.form("/account/factors/recovery", only_with<Permission::own_password, submit_recovery_codes>, Csrf::session);
  mounter.form("/account/factors/always", only_with<Permission::own_password, submit_always>, Csrf::session);
  mounter.get("/account/factors/app", only_with<Permission::own_password, show_factor_app>, For::actor);
  mounter.form("/account/factors/app", only_with<Permission::own_password, submit_factor_app>, Csrf::session);
  mounter.get("/account/factors/passkey", only_with<Permission::own_password, show_factor_passkey>, For::actor);
  mounter.form("/account/factors/passkey", only_with<Permission::own_password, submit_factor_passkey>, Csrf::session,
               Lane::work, {.body_limit = body_with_passkey});
  mounter.get("/account/session", show_session, For::everyone, Touch::no);
  mounter.form("/account/session", show_session, Csrf::session, Lane::work,
               {.if_nobody = show_session, .if_stale = refuse_script});
  mounter.get("/account/expiring", show_expiring, For::everyone, Touch::no);
  mounter.form("/account/language", submit_language, Csrf::session, Lane::work, {.if_stale = show_stale_language});
  mounter.get("/account/sign", only_with<Permission::sign, show_sign>, For::actor);
  mounter.form("/account/sign", only_with<Permission::sign, submit_sign>, Csrf::session, Lane::report,
               {.body_limit = flow::most_octets_of_json, .stored_limit = flow::most_octets_to_sign(house)});
  // A page that reloads itself must not keep the session open.
  mounter.get("/account/sign/{id}", only_with<Permission::sign, show_sign_job>, For::actor, Touch::no);
  mounter.form("/account/sign/{id}/confirm", only_with<Permission::sign, submit_sign_confirm>, Csrf::session,
               Lane::report);
  mounter.form("/account/sign/{id}/cancel", only_with<Permission::sign, submit_sign_cancel>, Csrf::session);
  mounter.report("/account/sign/{id}/result", only_with<Permission::sign, show_sign_result>);
  mounter.report("/account/sign/{id}/document", only_with<Permission::sign, show_sign_document>);
  mounter.report("/account/sign/keys", only_with<Permission::sign, show_sign_keys>);
  mounter.form("/account/sign/keys/new", only_with<Permission::sign, submit_own_key>, Csrf::session, Lane::password);
  mounter.form("/account/sign/keys/import", only_with<Permission::sign, submit_own_key_import>, Csrf::session,
               Lane::report, {.body_limit = body_with_certificate, .takes_proof = true});
  mounter.report("/account/sign/keys/{id}", only_with<Permission::sign, show_signature_credential>);
  mounter.form("/account/sign/keys/{id}/request", only_with<Permission::sign, submit_signature_request>, Csrf::session,
               Lane::password);
  mounter.form("/account/sign/keys/{id}/answer", only_with<Permission::sign, submit_signature_answer>, Csrf::session,
               Lane::password, {.body_limit = body_with_certificate});
  mounter.form("/account/sign/keys/{id}/renew", only_with<Permission::sign, submit_signature_renewal>, Csrf::session,
               Lane::password);
  mounter.form("/account/sign/keys/{id}/revoke", only_with<Permission::sign, submit_signature_revocation>,
               Csrf::session);
  mounter.form("/account/sign/keys/{id}/delete", only_with<Permission::sign, submit_signature_deletion>, Csrf::session);
  mounter.get("/account/tokens", only_with<Permission::own_password, show_tokens>, For::actor);
  mounter.form("/account/tokens/new", only_with<Permission::own_password, submit_new_token>, Csrf::session,
               Lane::password);
  mounter.form("/account/tokens/revoke", only_with<Permission::own_password, submit_own_token_revocation>,
               Csrf::session);
  mounter.get("/account/suspend", only_with<Permission::own_suspension, show_suspend>, For::actor);
  mounter.form("/account/suspend", only_with<Permission::own_suspension, submit_suspend>, Csrf::session,
               Lane::password);
  mounter.form("/account/suspend/successor", only_with<Permission::own_suspension, submit_suspend_successor>,
               Csrf::session, Lane::password);
  mounter.get("/account/delete", only_with<Permission::own_deletion, show_delete>, For::actor);
  mounter.form("/account/delete", only_with<Permission::own_deletion, submit_delete>, Csrf::session, Lane::password);
  mounter.form("/account/delete/successor", only_with<Permission::own_deletion, submit_delete_successor>, Csrf::session,
               Lane::password);
  mounter.report("/account/activity", show_activity);
  mounter.get("/account/sessions", show_sessions, For::actor);
  mounter.form("/account/sessions/end", submit_end_session, Csrf::session);
  mounter.form("/account/sessions/end-others", submit_end_other_sessions, Csrf::session);
  mounter.form("/account/sessions/name", submit_device_name, Csrf::session);
  mounter.form("/account/sessions/forget", submit_forget_device, Csrf::session);
  mounter.report("/admin", show_admin_home);
  mounter.report("/admin/accounts", show_accounts);
  mounter.form("/admin/accounts", submit_accounts, Csrf::session, Lane::report);
  mounter.get("/admin/accounts/new", show_account_new, For::actor);
  mounter.form("/admin/accounts/new", submit_account_new, Csrf::session, Lane::password);
  mounter.report("/admin/accounts/bulk", show_bulk_runs);
  mounter.form("/admin/accounts/bulk", submit_bulk, Csrf::session, Lane::report, {.body_limit = body_with_accounts});
  mounter.form("/admin/accounts/bulk/begin", submit_bulk_begin, Csrf::session, Lane::password,
               {.body_limit = body_with_accounts});
  // A page that reloads itself must not keep the session open.
  mounter.report("/admin/accounts/bulk/{id}", show_bulk_run, Touch::no);
  mounter.form("/admin/accounts/bulk/{id}/stop", submit_bulk_stop, Csrf::session);
  mounter.report("/admin/accounts/bulk/{id}/results", show_bulk_results);
  mounter.get("/admin/accounts/{id}", show_account, For::actor);
  mounter.get("/admin/accounts/{id}/edit", show_account_edit, For::actor);
  mounter.form("/admin/accounts/{id}/edit", submit_account_edit, Csrf::session, Lane::password,
               {.body_limit = body_of_account});
  mounter.form("/admin/accounts/{id}/certificate", submit_account_certificate, Csrf::session, Lane::password,
               {.body_limit = body_with_certificate});
  mounter.form("/admin/accounts/{id}/certificate/remove", submit_account_certificate_removal, Csrf::session);
  mounter.form("/admin/accounts/{id}/unlock", submit_account_unlock, Csrf::session);
  mounter.form("/admin/accounts/{id}/appoint", submit_account_set_main, Csrf::session);
  mounter.form("/admin/accounts/{id}/dismiss", submit_account_unset_main, Csrf::session);
  mounter.form("/admin/accounts/{id}/factors", submit_account_reset_factors, Csrf::session);
  mounter.form("/admin/accounts/{id}/suspend", submit_account_suspend, Csrf::session);
  mounter.form("/admin/accounts/{id}/restore", submit_account_restore, Csrf::session);
  mounter.form("/admin/accounts/{id}/context", submit_account_context, Csrf::session);
  mounter.form("/admin/accounts/{id}/group", submit_account_group, Csrf::session);
  mounter.form("/admin/accounts/{id}/delete", submit_account_delete, Csrf::session);
  mounter.form("/admin/accounts/{id}/sessions", submit_account_sessions, Csrf::session);
  mounter.form("/admin/accounts/{id}/session", submit_account_session, Csrf::session);
  mounter.form("/admin/accounts/{id}/reset", submit_account_reset, Csrf::session);
  mounter.form("/admin/accounts/{id}/password", submit_account_password, Csrf::session, Lane::password);
  mounter.get("/admin/applications", show_clients, For::actor);
  mounter.get("/admin/new-application", show_new_client, For::actor);
  mounter.form("/admin/new-application", submit_new_client, Csrf::session, Lane::password);
  mounter.get("/admin/applications/{id}", show_client, For::actor);
  mounter.form("/admin/applications/{id}/change", submit_client_change, Csrf::session, Lane::password,
               {.body_limit = body_with_addresses});
  mounter.form("/admin/applications/{id}/enable", submit_client_enable, Csrf::session);
  mounter.form("/admin/applications/{id}/disable", submit_client_disable, Csrf::session);
  mounter.form("/admin/applications/{id}/delete", submit_client_delete, Csrf::session);
  mounter.form("/admin/applications/{id}/secret", submit_client_secret, Csrf::session, Lane::password);
  mounter.form("/admin/applications/{id}/end-secret", submit_client_secret_end, Csrf::session);
  mounter.form("/admin/applications/{id}/try", submit_client_try, Csrf::session);
  mounter.report("/admin/resources", show_resources);
  mounter.get("/admin/resources/new", show_new_resource, For::actor);
  mounter.form("/admin/resources/new", submit_new_resource, Csrf::session, Lane::password);
  mounter.report("/admin/resources/{id}", show_resource);
  mounter.form("/admin/resources/{id}/change", submit_resource_change, Csrf::session, Lane::password);
  mounter.form("/admin/resources/{id}/delete", submit_resource_delete, Csrf::session);
  mounter.report("/admin/resources/{id}/item", show_resource_item);
  mounter.form("/admin/resources/{id}/item", submit_resource_item, Csrf::session, Lane::password,
               {.body_limit = body_with_addresses});
  mounter.form("/admin/resources/{id}/remove", submit_item_remove, Csrf::session);
  mounter.get(std::string(flow::trial_path), show_test_login, For::actor);
  mounter.get("/admin/accounts/{id}/act", show_act_for, For::actor);
  mounter.form("/admin/accounts/{id}/act", submit_act_for, Csrf::session, Lane::password);
  mounter.report("/admin/groups", show_groups);
  mounter.form("/admin/groups/new", submit_new_group, Csrf::session, Lane::password);
  mounter.report("/admin/groups/{id}", show_group);
  mounter.form("/admin/groups/{id}/rename", submit_group_rename, Csrf::session, Lane::password);
  mounter.form("/admin/groups/{id}/delete", submit_group_delete, Csrf::session);
  mounter.form("/admin/groups/{id}/add", submit_group_add, Csrf::session, Lane::password);
  mounter.form("/admin/groups/{id}/remove", submit_group_remove, Csrf::session);
  mounter.report("/admin/contexts", show_contexts);
  mounter.get("/admin/contexts/new", show_new_context, For::actor);
  mounter.form("/admin/contexts/new", submit_new_context, Csrf::session, Lane::password);
  mounter.report("/admin/contexts/{id}", show_context_settings);
  mounter.form("/admin/contexts/{id}/change", submit_context_settings, Csrf::session, Lane::password,
               {.previews = true});
  mounter.form("/admin/contexts/{id}/delete", submit_context_delete, Csrf::session);
  mounter.report("/admin/roles", show_roles);
  mounter.get("/admin/roles/new", show_new_role, For::actor);
  mounter.form("/admin/roles/new", submit_new_role, Csrf::session, Lane::password);
  mounter.report("/admin/roles/{id}", show_role);
  mounter.form("/admin/roles/{id}/change", submit_role_change, Csrf::session, Lane::password, {.previews = true});
  mounter.form("/admin/roles/{id}/delete", submit_role_delete, Csrf::session);
  mounter.get("/admin/tenants", show_tenants, For::actor);
  mounter.get("/admin/tenants/new", show_new_tenant, For::actor);
  mounter.form("/admin/tenants/new", submit_new_tenant, Csrf::session, Lane::password);
  mounter.get("/admin/tenants/{id}", show_tenant, For::actor);
  mounter.form("/admin/tenants/{id}/change", submit_tenant_change, Csrf::session, Lane::password);
  mounter.form("/admin/tenants/{id}/logo", submit_tenant_logo, Csrf::session, Lane::password,
               {.body_limit = body_with_certificate});
  mounter.form("/admin/tenants/{id}/remove-logo", submit_tenant_logo_removal, Csrf::session);
  mounter.form("/admin/tenants/{id}/feature", submit_tenant_feature, Csrf::session);
  mounter.form("/admin/tenants/{id}/delete", submit_tenant_delete, Csrf::session);
  mounter.report("/admin/systems", only_where<Feature::client_systems, Permission::manage_systems, show_systems>);
  mounter.form("/admin/systems/settings",
               only_where<Feature::client_systems, Permission::manage_systems, submit_connector_settings>,
               Csrf::session, Lane::password);
  mounter.form("/admin/systems/confirm",
               only_where<Feature::client_systems, Permission::manage_systems, submit_connector_confirmation>,
               Csrf::session);
  mounter.form("/admin/systems/undo",
               only_where<Feature::client_systems, Permission::manage_systems, submit_connector_undo>, Csrf::session);
  mounter.report("/admin/systems/authorities.pem",
                 only_where<Feature::client_systems, Permission::manage_systems, show_authorities>);
  mounter.form("/admin/systems/new", only_where<Feature::client_systems, Permission::manage_systems, submit_new_system>,
               Csrf::session, Lane::password);
  mounter.report("/admin/systems/system", only_where<Feature::client_systems, Permission::manage_systems, show_system>);
  mounter.form("/admin/systems/password",
               only_where<Feature::client_systems, Permission::manage_systems, submit_system_password>, Csrf::session,
               Lane::password);
  mounter.report("/admin/systems/certificate",
                 only_where<Feature::client_systems, Permission::manage_systems, show_new_certificate>);
  mounter.form("/admin/systems/certificate",
               only_where<Feature::client_systems, Permission::manage_systems, submit_new_certificate>, Csrf::session,
               Lane::password, {.body_limit = body_with_certificate});
  mounter.report("/admin/systems/revoke",
                 only_where<Feature::client_systems, Permission::manage_systems, show_revocation>);
  mounter.form("/admin/systems/revoke",
               only_where<Feature::client_systems, Permission::manage_systems, submit_revocation>, Csrf::session,
               Lane::password);
  mounter.report("/admin/trust", show_trust);
  mounter.report("/admin/signatures", show_signatures);
  mounter.form("/admin/signatures/new", submit_new_signature_key, Csrf::session, Lane::password);
  mounter.form("/admin/signatures/import", submit_signature_import, Csrf::session, Lane::report,
               {.body_limit = body_with_certificate, .takes_proof = true});
  mounter.report("/admin/signatures/timestamps", show_timestamps);
  mounter.report("/admin/signatures/{id}", show_signature_credential);
  mounter.form("/admin/signatures/{id}/request", submit_signature_request, Csrf::session, Lane::password);
  mounter.form("/admin/signatures/{id}/answer", submit_signature_answer, Csrf::session, Lane::password,
               {.body_limit = body_with_certificate});
  mounter.form("/admin/signatures/{id}/renew", submit_signature_renewal, Csrf::session, Lane::password);
  mounter.form("/admin/signatures/{id}/suspend", submit_signature_suspension, Csrf::session);
  mounter.form("/admin/signatures/{id}/restore", submit_signature_restoration, Csrf::session);
  mounter.form("/admin/signatures/{id}/revoke", submit_signature_revocation, Csrf::session);
  mounter.form("/admin/signatures/{id}/delete", submit_signature_deletion, Csrf::session);
  mounter.report("/admin/registration-tokens", show_registration_tokens);
  mounter.form("/admin/registration-tokens/new", submit_new_registration_token, Csrf::session, Lane::password);
  mounter.form("/admin/registration-tokens/revoke", submit_token_revocation, Csrf::session);
  mounter.report("/admin/sms", show_sms);
  mounter.form("/admin/sms/limits", submit_sms_limits, Csrf::session, Lane::password);
  mounter.form("/admin/sms/gateway", submit_sms_gateway, Csrf::session, Lane::password);
  mounter.form("/admin/sms/test", submit_sms_test, Csrf::session, Lane::password);
  mounter.report("/admin/policies", show_policies);
  mounter.form("/admin/policies/new", submit_new_policy, Csrf::session, Lane::password);
  mounter.report("/admin/policies/{id}", show_policy_settings);
  mounter.form("/admin/policies/{id}/change", submit_policy_settings, Csrf::session, Lane::password,
               {.previews = true});
  mounter.form("/admin/policies/{id}/bind", submit_policy_bind, Csrf::session, Lane::password, {.previews = true});
  mounter.form("/admin/policies/{id}/unbind", submit_policy_unbind, Csrf::session, Lane::password, {.previews = true});
  mounter.report("/admin/second-factor", show_second_factor);
  mounter.form("/admin/second-factor", submit_second_factor, Csrf::session, Lane::password,
               {.body_limit = body_of_account, .previews = true});
  mounter.report("/admin/audit", show_audit);
  mounter.form("/admin/audit", submit_audit, Csrf::session, Lane::report);
  mounter.form("/admin/audit/export", export_audit, Csrf::session, Lane::report);
  mounter.get("/admin/audit/check", show_audit_check, For::actor);
  mounter.form("/admin/audit/check", submit_audit_check, Csrf::session);

  mounter.unknown();

  mounter.get("/theme/logo.svg", show_logo, For::everyone, Touch::no);
  mounter.get("/theme/{file}", show_theme, For::everyone, Touch::no);
  mounter.get("/theme/{tenant}/logo.svg", show_logo, For::everyone, Touch::no);
  mounter.get("/theme/{tenant}/{file}", show_theme, For::everyone, Touch::no);

  mounter.connector_page("/start.htm", show_connector_start);
  mounter.connect(others);
}

}  // namespace web
