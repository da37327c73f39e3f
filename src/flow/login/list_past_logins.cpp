#include "flow/login/list_past_logins.hpp"

#include <map>

#include "audit/event.hpp"
#include "base/words.hpp"
#include "flow/house/read_claims.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/session/devices.hpp"

namespace flow {
namespace {

// Ten looks find the last logins among some 10,000 events of the account; the page is not worth more.
constexpr std::int64_t events_of_a_look = 500;

// Most of the logins are in one application and in one device, so that each is looked up once.
class Names {
 public:
  Names(store::Tx& tx, const base::Id& account, text::Language language)
      : tx_(tx), account_(account), language_(language) {}

  base::Result<std::string> of_application(const std::string& client_id) {
    if (client_id.empty()) return std::string();
    const auto known = applications_.find(client_id);
    if (known != applications_.end()) return known->second;
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx_, client_id));
    return applications_[client_id] = client ? rights::name_in(*client, text::code_of(language_)) : client_id;
  }

  base::Result<std::string> of_device(const std::string& named) {
    const auto id = base::Id::parse(named);
    if (!id) return std::string();
    if (!devices_) {
      devices_.emplace();
      ASSIGN_OR_RETURN(const auto all, store::list_devices(tx_, account_));
      for (const store::Device& device : all) devices_->emplace(device.id, device.name);
    }
    const auto known = devices_->find(*id);
    return known == devices_->end() ? std::string() : known->second;
  }

 private:
  store::Tx& tx_;
  base::Id account_;
  text::Language language_;
  std::map<std::string, std::string> applications_;
  std::optional<std::map<base::Id, std::string>> devices_;
};

}  // namespace

base::Result<std::vector<PastLogin>> list_past_logins(const House& house, const rights::Actor& actor,
                                                      text::Language language) {
  store::AuditFilter filter;
  filter.tenant_id = actor.account().tenant_id;
  filter.type = audit::type::login;
  filter.account = actor.account().id;
  filter.most = past_logins;
  filter.look = events_of_a_look;
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<PastLogin>> {
    ASSIGN_OR_RETURN(const store::EventPage page, store::find_events(tx, filter));
    Names names(tx, actor.account().id, language);
    std::vector<PastLogin> logins;
    for (const audit::Event& event : page.events) {
      PastLogin one;
      one.at = event.at;
      one.succeeded = event.outcome == "success";
      ASSIGN_OR_RETURN(one.application, names.of_application(event.client));
      if (const auto personal = Claims::parse(event.personal)) {
        one.ip = personal->text("ip");
        one.user_agent = personal->text("user_agent");
      }
      if (const auto data = Claims::parse(event.data)) {
        ASSIGN_OR_RETURN(one.device, names.of_device(data->text("device_id")));
        one.methods = base::split_words(data->text("method") + " " + data->text("factors"));
      }
      logins.push_back(std::move(one));
    }
    return logins;
  });
}

}  // namespace flow
