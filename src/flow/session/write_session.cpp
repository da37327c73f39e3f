#include "flow/session/write_session.hpp"

#include "base/time.hpp"
#include "rights/may_issue.hpp"
#include "store/session/sessions.hpp"

namespace flow {

base::Result<void> write_session(store::Tx& tx, const SessionToWrite& wished, base::Time now) {
  rights::IssuanceFacts facts;
  facts.what = rights::Issued::session;
  facts.account = &wished.account;
  facts.session = &wished.session;
  facts.context = wished.context;
  facts.now = now;
  const auto verdict = rights::judge_issuance(facts);
  if (const auto* refusal = std::get_if<rights::Refusal>(&verdict)) {
    return base::fail(base::Code::denied, "no session: " + std::string(rights::name_of(*refusal)));
  }
  const auto& clearance = std::get<rights::Clearance>(verdict);
  if (!wished.replaces) return store::insert_session(tx, wished.session, clearance);
  return store::replace_session(tx, *wished.replaces, wished.session, clearance);
}

}  // namespace flow
