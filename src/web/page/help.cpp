#include "web/page/help.hpp"

#include <algorithm>
#include <iterator>

namespace web {
namespace {

struct Helped {
  std::string_view page;
  std::string_view topic;
};

constexpr Helped helped_pages[] = {
    {"login", "login"},
    {"reset_own", "reset"},
    {"login_expired", "login"},
    {"choose_account", "login"},
    {"factor", "login"},
    {"factor_none", "login"},
    {"remembered", "login"},
    {"context", "login"},
    {"login_change", "reset"},
    {"reset", "reset"},
    {"reset_sent", "reset"},
    {"reset_confirm", "reset"},
    {"reset_over", "reset"},
    {"reset_done", "reset"},
    {"policy", "reset"},
    {"security", "reset"},
    {"own_data", "data"},
    {"data_download", "data"},
    {"sub_accounts", "data"},
    {"sub_account", "data"},
    {"account_home", "sessions"},
    {"sessions", "sessions"},
    {"activity", "sessions"},
    {"logout", "sessions"},
    {"logged_out", "sessions"},
    {"factors", "factors"},
    {"factor_app", "factors"},
    {"factor_passkey", "factors"},
    {"recovery", "factors"},
    {"enrol", "factors"},
    {"enrol_done", "factors"},
    {"consent", "applications"},
    {"applications", "applications"},
    {"device", "applications"},
    {"device_question", "applications"},
    {"device_done", "applications"},
    {"admin_clients", "clients"},
    {"admin_client", "clients"},
    {"admin_client_new", "clients"},
    {"admin_client_secret", "clients"},
    {"registration_tokens", "clients"},
    {"resources", "clients"},
    {"resource", "clients"},
    {"resource_new", "clients"},
    {"resource_item", "clients"},
    {"login_certificate", "certificates"},
    {"login_certificate_failed", "certificates"},
    {"certificate_return", "certificates"},
    {"certificate_presented", "certificates"},
    {"confirm_presented", "certificates"},
    {"login_changed", "reset"},
    {"connector_start", "systems"},
    {"connector_question", "systems"},
    {"systems", "systems"},
    {"system", "systems"},
    {"system_certificate", "systems"},
    {"system_made", "systems"},
    {"system_revoke", "systems"},
    {"feature_off", "systems"},
    {"trust", "systems"},
    {"sign", "signatures"},
    {"sign_keys", "signatures"},
    {"signatures", "signatures"},
    {"timestamps", "signatures"},
    {"signature_credential", "signatures"},
    {"tokens", "signatures"},
    {"sign_job", "signatures"},
    {"verify", "signatures"},
    {"verify_inside", "signatures"},
    {"verify_report", "signatures"},
    {"verify_report_inside", "signatures"},
};

}  // namespace

std::string find_help(std::string_view page) {
  const auto* const found = std::find_if(std::begin(helped_pages), std::end(helped_pages),
                                         [&](const Helped& helped) { return helped.page == page; });
  return found == std::end(helped_pages) ? std::string() : "/help/" + std::string(found->topic);
}

}  // namespace web
