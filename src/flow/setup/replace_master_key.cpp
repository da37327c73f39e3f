#include "flow/setup/replace_master_key.hpp"

#include "flow/house/demand_permission.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/certificate/authorities.hpp"
#include "store/engine/store.hpp"
#include "store/message/outbox.hpp"
#include "store/message/sms_gateways.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/keys.hpp"
#include "store/password/passwords.hpp"
#include "store/proof/one_time_tokens.hpp"
#include "store/signing/signing_credentials.hpp"
#include "store/signing/signing_jobs.hpp"
#include "store/tenant/tenants.hpp"
#include "store/timestamp/timestamps.hpp"

namespace flow {
namespace {

base::Result<void> refuse_beside_others(store::Tx& tx) {
  ASSIGN_OR_RETURN(const bool others, store::sees_other_processes(tx));
  if (!others) return {};
  return base::fail(base::Code::conflict, "another server or command works on this database; stop every node first");
}

}  // namespace

base::Result<void> demand_no_other_process(const House& house, const rights::Actor& actor, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  return write_for(house, actor, facts.now, refuse_beside_others);
}

base::Result<void> replace_master_key(const House& house, const rights::Actor& actor, const crypto::MasterKey& next,
                                      const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(refuse_beside_others(tx));
    RETURN_IF_ERROR(store::seal_signing_keys_anew(tx, next));
    RETURN_IF_ERROR(store::seal_authority_keys_anew(tx, next));
    RETURN_IF_ERROR(store::seal_signing_credentials_anew(tx, next));
    RETURN_IF_ERROR(store::seal_signing_jobs_anew(tx, next));
    RETURN_IF_ERROR(store::seal_timestamp_keys_anew(tx, next));
    RETURN_IF_ERROR(store::seal_outbox_anew(tx, next));
    RETURN_IF_ERROR(store::seal_sms_gateways_anew(tx, next));
    RETURN_IF_ERROR(store::seal_tokens_anew(tx, next));
    RETURN_IF_ERROR(store::seal_passwords_anew(tx, next));
    RETURN_IF_ERROR(store::rewrap_client_secrets(tx, next));
    RETURN_IF_ERROR(store::seal_marks_anew(tx, next));
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    RETURN_IF_ERROR(store::append_event(tx, make_event(audit::type::key_change, actor, tenant.id, facts,
                                                       {{"kid", "master"}, {"old", "active"}, {"new", "replaced"}})));
    return store::seal_head_anew(tx, next);  // the last: no event may follow in this transaction
  });
}

}  // namespace flow
