#include "web/entry/recovery_codes.hpp"

#include "base/bytes.hpp"
#include "web/page/brand.hpp"

namespace web {

void add_recovery_codes(View& view, const Visit& visit, const identity::Account& account,
                        const std::vector<base::Secret>& codes, std::string go_to) {
  std::string file = visit.say("recovery.file", {{"site", current_brand(visit.house, account.tenant_id)->name},
                                                 {"login", account.login}}) +
                     "\r\n\r\n";
  for (const base::Secret& code : codes) {
    view.add("codes").text("code", std::string(code.reveal()));
    file.append(code.reveal()).append("\r\n");
  }
  view.text("file", "data:text/plain;charset=utf-8," + base::percent_encode(file)).text("go_to", std::move(go_to));
}

}  // namespace web
