#include "flow/signature/job_owner.hpp"

#include "crypto/signing/certificate_details.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/house/record.hpp"
#include "rights/account_flaw.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/clients.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

bool is_owner(const JobOwner& owner, const store::SigningJob& job) {
  return owner.account_id == job.account_id && owner.client_id == job.client_id;
}

/// What find_key_refusal judges of a key that is not held here.
base::Result<std::optional<store::SigningCredential>> describe_foreign_key(const store::SigningJob& job) {
  const auto details = crypto::read_details(job.certificate);
  if (!details) return std::optional<store::SigningCredential>();
  store::SigningCredential credential;
  credential.tenant_id = job.tenant_id;
  credential.account_id = job.account_id;
  credential.status = "active";
  credential.activation = "none";
  credential.not_before = details->not_before;
  credential.not_after = details->not_after;
  return std::optional(std::move(credential));
}

}  // namespace

std::string JobOwner::mark() const {
  if (account_id) return "account " + account_id->to_string();
  return client_id ? "client " + client_id->to_string() : "operator";
}

base::Result<std::optional<JobOwner>> find_job_owner(store::Tx& tx, const KeyUser& user) {
  JobOwner owner;
  if (const auto* actor = actor_of(user)) {
    if (actor->is_acting()) return std::optional<JobOwner>();
    if (actor->is_operator()) {
      ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
      owner.tenant_id = first.id;
      return std::optional(owner);
    }
    owner.tenant_id = actor->account().tenant_id;
    owner.account_id = actor->account().id;
    return std::optional(owner);
  }
  if (const auto* token = std::get_if<AccountByToken>(&user)) {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, token->account_id));
    if (!account) return std::optional<JobOwner>();
    owner.tenant_id = account->tenant_id;
    owner.account_id = account->id;
    return std::optional(owner);
  }
  ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::get<ClientByToken>(user).client_id));
  if (!client) return std::optional<JobOwner>();
  owner.tenant_id = client->tenant_id;
  owner.client_id = client->id;
  owner.client_name = client->client_id;
  return std::optional(owner);
}

base::Result<bool> acts_now(store::Tx& tx, const KeyUser& user, base::Time now) {
  if (const auto* actor = actor_of(user)) {
    auto judged = judge_actor(tx, *actor, now);
    if (judged || judged.error().code == base::Code::denied) return judged.has_value();
    return base::pass_on(std::move(judged));
  }
  if (const auto* token = std::get_if<AccountByToken>(&user)) {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, token->account_id));
    return !rights::find_flaw_of_account(account ? &*account : nullptr, now);
  }
  ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::get<ClientByToken>(user).client_id));
  if (!client) return false;
  ASSIGN_OR_RETURN(const audit::Code flaw, find_flaw_of_client(tx, *client, now));
  return flaw.empty();
}

base::Result<std::optional<OwnedJob>> find_owned_job(store::Tx& tx, const KeyUser& user, const base::Id& id,
                                                     base::Time now) {
  ASSIGN_OR_RETURN(const auto owner, find_job_owner(tx, user));
  if (!owner) return std::optional<OwnedJob>();
  ASSIGN_OR_RETURN(auto row, store::find_signing_job(tx, id));
  if (!row || !is_owner(*owner, *row) || now >= row->expires_at) return std::optional<OwnedJob>();
  OwnedJob owned;
  ASSIGN_OR_RETURN(owned.items, store::list_signing_items(tx, id));
  owned.row = std::move(*row);
  return std::optional(std::move(owned));
}

base::Result<std::optional<SignRefusal>> find_job_refusal(const House& house, store::Tx& tx, const KeyUser& user,
                                                          const store::SigningJob& job, const RequestFacts& facts) {
  std::optional<store::SigningCredential> credential;
  if (job.credential_id) {
    ASSIGN_OR_RETURN(credential, find_known_credential(tx, user, *job.credential_id));
    if (!credential) return std::optional(SignRefusal::no_credential);
  } else {
    ASSIGN_OR_RETURN(credential, describe_foreign_key(job));
    if (!credential) return std::optional(SignRefusal::certificate_wrong);
  }
  ASSIGN_OR_RETURN(const auto refusal, find_key_refusal(house, tx, user, *credential, facts));
  if (!refusal) return std::optional<SignRefusal>();
  return std::optional(refusal_of(*refusal));
}

base::Result<void> record_item(store::Tx& tx, const KeyUser& user, const OwnedJob& job, const store::SigningItem& item,
                               const RequestFacts& facts) {
  const store::SigningJob& row = job.row;
  const Subject subject = row.account_id ? Subject(row.tenant_id, *row.account_id) : Subject(row.tenant_id);
  const std::string document = item.sha256.empty() ? base::to_hex(item.digest) : item.sha256;
  audit::Event event = make_event(audit::type::document_sign, actor_of(user), subject, facts,
                                  {{"credential", row.credential_id},
                                   {"document", audit::Value::checked_code(document)},
                                   {"format", audit::Value::checked_code(row.format)},
                                   {"level", audit::Value::checked_code(row.level == "B" ? "b" : "t")},
                                   {"packaging", audit::Value::checked_code(row.packaging)},
                                   {"algorithm", audit::Value::checked_code(row.algorithm)},
                                   {"reason", audit::Value::checked_code(item.reason)}});
  if (item.state == "failed") event.outcome = "failure";
  ASSIGN_OR_RETURN(const auto owner, find_job_owner(tx, user));
  if (owner) event.client = owner->client_name;
  return store::append_event(tx, std::move(event));
}

Job show_job(const OwnedJob& owned, base::Time now) {
  const store::SigningJob& row = owned.row;
  Job job;
  job.id = row.id;
  job.number = row.number;
  job.state = row.state == "open" && row.runs_until && now < *row.runs_until ? "running" : row.state;
  job.format = signature::parse_format(row.format).value_or(Format::cades);
  job.level = signature::parse_level(row.level).value_or(Level::b);
  job.packaging = signature::parse_packaging(row.packaging).value_or(Packaging::detached);
  job.credential_id = row.credential_id;
  job.certificate = row.certificate;
  job.algorithm = crypto::parse_signature_algorithm(row.algorithm).value_or(crypto::SignatureAlgorithm());
  job.created_at = row.created_at;
  job.expires_at = row.expires_at;
  for (const store::SigningItem& item : owned.items) {
    job.items.push_back({item.position, item.name, item.size, item.sha256, item.state, item.reason});
  }
  return job;
}

}  // namespace flow
