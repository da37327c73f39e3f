#include "flow/signature/signing_job.hpp"

#include <algorithm>

#include "flow/signature/job_form.hpp"
#include "flow/signature/run_job.hpp"
#include "flow/signature/signing_desk.hpp"
#include "flow/signature/take_job.hpp"

namespace flow {
namespace {

constexpr std::int64_t most_listed = 100;
constexpr std::int64_t most_swept = 50;

/// For whom: who signs is judged with the key, which tells why.
enum class Loaded : std::uint8_t {
  to_sign,
  to_read
};

base::Result<std::optional<JobInHand>> load(const House& house, const KeyUser& user, const base::Id& id, base::Time now,
                                            Loaded why = Loaded::to_read) {
  if (house.signing == nullptr) return std::optional<JobInHand>();
  ASSIGN_OR_RETURN(auto owned, house.store.read([&](store::Tx& tx) -> base::Result<std::optional<OwnedJob>> {
    if (why == Loaded::to_read) {
      ASSIGN_OR_RETURN(const bool may_read, acts_now(tx, user, now));
      if (!may_read) return std::optional<OwnedJob>();
    }
    return find_owned_job(tx, user, id, now);
  }));
  if (!owned) return std::optional<JobInHand>();
  JobInHand hand;
  hand.parts.resize(owned->items.size());
  hand.job = std::move(*owned);
  return std::optional(std::move(hand));
}

JobAnswer refuse(SignRefusal refusal) {
  JobAnswer answer;
  answer.refusal = refusal;
  return answer;
}

tl::unexpected<base::Error> no_such_job() {
  return base::fail(base::Code::not_found, "there is no such job of the user");
}

std::size_t octets_of(const store::SigningItem& item) {
  return static_cast<std::size_t>(std::max<std::int64_t>(item.size, 0));
}

/// The job of a document that is done.
base::Result<JobInHand> load_done(const House& house, const KeyUser& user, const base::Id& id, std::int64_t position,
                                  base::Time now) {
  ASSIGN_OR_RETURN(auto hand, load(house, user, id, now));
  const bool is_there = hand && position >= 0 && static_cast<std::size_t>(position) < hand->job.items.size() &&
                        hand->job.items[static_cast<std::size_t>(position)].state == "done" &&
                        hand->job.row.state != "cancelled";
  if (!is_there) return base::fail(base::Code::not_found, "there is no such signature");
  return std::move(*hand);
}

base::Result<JobResult> make_result(const House& house, const store::SigningJob& row, const store::SigningItem& item) {
  base::Bytes octets;
  if (item.is_kept) {
    ASSIGN_OR_RETURN(octets, house.signing->spool().get(row.id, item.position, row.key));
  }
  const JobForm form{row, house.signing->settings(), !row.element.empty()};
  ASSIGN_OR_RETURN(const signature::Prepared prepared, prepare_item(form, item, octets));
  JobResult result;
  ASSIGN_OR_RETURN(result.octets, complete_item(form, item, prepared, octets));
  if (!item.token.empty()) {
    ASSIGN_OR_RETURN(result.octets, add_stamp(form, item, result.octets));
  }
  result.name = result_name(form, item);
  result.media_type = result_type(form);
  return result;
}

}  // namespace

std::int64_t Job::count(std::string_view item_state) const {
  return std::count_if(items.begin(), items.end(), [&](const JobItem& item) { return item.state == item_state; });
}

base::Result<JobAnswer> take_job(const House& house, const KeyUser& user, const JobWish& wish,
                                 const RequestFacts& facts) {
  ASSIGN_OR_RETURN(TakenJob taken, take_documents(house, user, wish, facts));
  if (taken.refusal) return refuse(*taken.refusal);
  JobAnswer answer;
  answer.job = show_job(taken.job->job, facts.now);
  answer.job->is_repeat = taken.job->is_repeat;
  return answer;
}

base::Result<JobAnswer> prepare_signature(const House& house, const KeyUser& user, const JobWish& wish,
                                          const RequestFacts& facts) {
  ASSIGN_OR_RETURN(TakenJob taken, take_documents(house, user, wish, facts));
  if (taken.refusal) return refuse(*taken.refusal);
  return list_octets(house, *taken.job, facts.now);
}

base::Result<JobAnswer> complete_signature(const House& house, const KeyUser& user, const JobOrder& order,
                                           const RequestFacts& facts) {
  ASSIGN_OR_RETURN(auto hand, load(house, user, order.job_id, facts.now, Loaded::to_sign));
  if (!hand) return refuse(SignRefusal::no_job);
  return put_values(house, user, *hand, order, facts);
}

base::Result<JobAnswer> sign_job(const House& house, const KeyUser& user, const JobOrder& order,
                                 const RequestFacts& facts) {
  ASSIGN_OR_RETURN(auto hand, load(house, user, order.job_id, facts.now, Loaded::to_sign));
  if (!hand) return refuse(SignRefusal::no_job);
  if (!hand->job.row.credential_id) return refuse(SignRefusal::no_credential);
  return run_job(house, user, *hand, order, facts);
}

base::Result<JobAnswer> sign_documents(const House& house, const KeyUser& user, const JobWish& wish,
                                       const JobOrder& order, const RequestFacts& facts) {
  if (!wish.credential_id) return refuse(SignRefusal::no_credential);
  ASSIGN_OR_RETURN(TakenJob taken, take_documents(house, user, wish, facts, TakenFor::signing_at_once));
  if (taken.refusal) return refuse(*taken.refusal);
  return run_job(house, user, *taken.job, order, facts);
}

base::Result<Job> find_job(const House& house, const KeyUser& user, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(const auto hand, load(house, user, id, now));
  if (!hand) return no_such_job();
  return show_job(hand->job, now);
}

base::Result<std::vector<Job>> list_own_jobs(const House& house, const KeyUser& user, base::Time now) {
  return house.store.read([&](store::Tx& tx) -> base::Result<std::vector<Job>> {
    ASSIGN_OR_RETURN(const auto owner, find_job_owner(tx, user));
    ASSIGN_OR_RETURN(const bool may_read, acts_now(tx, user, now));
    if (!may_read) return std::vector<Job>();
    std::vector<store::SigningJob> rows;
    if (owner && owner->account_id) {
      ASSIGN_OR_RETURN(rows, store::list_signing_jobs_of_account(tx, *owner->account_id, most_listed));
    } else if (owner && owner->client_id) {
      ASSIGN_OR_RETURN(rows, store::list_signing_jobs_of_client(tx, *owner->client_id, most_listed));
    }
    std::vector<Job> jobs;
    for (store::SigningJob& row : rows) {
      if (now < row.expires_at) jobs.push_back(show_job({std::move(row), {}}, now));
    }
    return jobs;
  });
}

base::Result<bool> cancel_job(const House& house, const KeyUser& user, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(const auto hand, load(house, user, id, now));
  if (!hand) return no_such_job();
  ASSIGN_OR_RETURN(const bool is_first, write_job(house, user, now, [&](store::Tx& tx) {
                     return store::end_signing_job(tx, id, "cancelled");
                   }));
  if (is_first) house.signing->spool().remove(id, static_cast<std::int64_t>(hand->job.items.size()));
  return is_first;
}

base::Result<void> forget_job(const House& house, const KeyUser& user, const base::Id& id, base::Time now) {
  ASSIGN_OR_RETURN(const auto hand, load(house, user, id, now));
  if (!hand) return no_such_job();
  RETURN_IF_ERROR(write_job(house, user, now, [&](store::Tx& tx) { return store::delete_signing_job(tx, id); }));
  house.signing->spool().remove(id, static_cast<std::int64_t>(hand->job.items.size()));
  return {};
}

base::Result<JobResult> find_result(const House& house, const KeyUser& user, const base::Id& id, std::int64_t position,
                                    base::Time now) {
  ASSIGN_OR_RETURN(const JobInHand hand, load_done(house, user, id, position, now));
  const store::SigningItem& item = hand.job.items[static_cast<std::size_t>(position)];
  const JobOwner owner{hand.job.row.tenant_id, hand.job.row.account_id, hand.job.row.client_id};
  ASSIGN_OR_RETURN(const Readings::Turn turn,
                   house.signing->readings().take(owner.mark(), item.is_kept ? octets_of(item) : 0));
  return make_result(house, hand.job.row, item);
}

base::Result<JobResult> read_result(const House& house, const KeyUser& user, const base::Id& id, std::int64_t position,
                                    base::Time now) {
  ASSIGN_OR_RETURN(const JobInHand hand, load_done(house, user, id, position, now));
  return make_result(house, hand.job.row, hand.job.items[static_cast<std::size_t>(position)]);
}

base::Result<Readings::Turn> take_reading(const House& house, const KeyUser& user, std::size_t octets) {
  ASSIGN_OR_RETURN(const auto owner, house.store.read([&](store::Tx& tx) { return find_job_owner(tx, user); }));
  if (!owner || house.signing == nullptr) return no_such_job();
  return house.signing->readings().take(owner->mark(), octets);
}

base::Result<void> sweep_jobs(const House& house, base::Time now) {
  if (house.signing == nullptr) return {};
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto over, house.store.read([&](store::Tx& tx) {
      return store::list_over_signing_jobs(tx, now, most_swept);
    }));
    for (const base::Id& id : over) house.signing->spool().remove(id, static_cast<std::int64_t>(most_orders));
    const auto deleted = house.store.write([&](store::Tx& tx) -> base::Result<void> {
      for (const base::Id& id : over) RETURN_IF_ERROR(store::delete_signing_job(tx, id));
      return {};
    });
    if (!deleted) return deleted;
    more = over.size() == static_cast<std::size_t>(most_swept);
  }
  // What a crash has left between the file and the row.
  house.signing->spool().sweep(now - 2 * house.signing->settings().keep);
  return {};
}

}  // namespace flow
