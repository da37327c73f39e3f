#include "flow/signature/run_job.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "flow/signature/job_form.hpp"
#include "flow/signature/signing_desk.hpp"
#include "flow/timestamp/get_timestamp.hpp"

namespace flow {
namespace {

/// So few that progress shows, and that a key on a token is done with them within its deadline.
constexpr std::size_t at_once = 10;
/// Nobody else begins meanwhile; afterwards the job may be continued, for example after a crash.
constexpr base::Duration lease = std::chrono::seconds(20);

using Positions = std::vector<std::size_t>;

bool waits(const store::SigningItem& item) {
  return item.state == "waiting";
}
bool is_open(const store::SigningItem& item) {
  return item.state == "waiting" || item.state == "valued";
}

class JobRun {
 public:
  JobRun(const House& house, const KeyUser& user, JobInHand& hand, const JobOrder& order, const RequestFacts& facts)
      : house_(house),
        desk_(*house.signing),
        user_(user),
        hand_(hand),
        order_(order),
        facts_(facts),
        form_{hand.job.row, desk_.settings(), !hand.job.row.element.empty()} {}

  base::Result<JobAnswer> run();

  base::Result<JobAnswer> put(const std::vector<base::Bytes>& values);

  base::Result<JobAnswer> list() {
    JobAnswer listed;
    for (const std::size_t at : list_waiting()) {
      ASSIGN_OR_RETURN(const bool is_ready, make_ready(at));
      if (!is_ready) return answer(SignRefusal::document_gone);
      listed.to_be_signed.push_back(part(at).prepared->to_be_signed);
    }
    listed.job = show_job(hand_.job, facts_.now);
    listed.job->is_repeat = hand_.is_repeat;
    return listed;
  }

 private:
  [[nodiscard]] store::SigningJob& row() { return hand_.job.row; }
  [[nodiscard]] store::SigningItem& item(std::size_t at) { return hand_.job.items[at]; }
  [[nodiscard]] JobInHand::Part& part(std::size_t at) { return hand_.parts[at]; }
  [[nodiscard]] bool is_stamped() { return row().level != "B"; }

  base::Result<JobAnswer> answer(std::optional<SignRefusal> refusal = std::nullopt) {
    JobAnswer made{refusal, show_job(hand_.job, facts_.now)};
    made.job->is_repeat = hand_.is_repeat;
    return made;
  }

  Positions list_waiting() {
    Positions found;
    for (std::size_t at = 0; at < hand_.job.items.size(); ++at) {
      if (waits(item(at))) found.push_back(at);
    }
    return found;
  }

  /// Reads the document again if it is not in memory, and repeats the first step, which gives the same as before.
  /// False: the document is gone.
  base::Result<bool> make_ready(std::size_t at) {
    JobInHand::Part& here = part(at);
    if (!here.octets) {
      here.octets = base::Bytes();
      if (item(at).is_kept) {
        auto octets = desk_.spool().get(row().id, item(at).position, row().key);
        if (!octets && octets.error().code == base::Code::not_found) return false;
        if (!octets) return base::pass_on(std::move(octets));
        here.octets = std::move(*octets);
      }
    }
    if (!here.prepared) {
      ASSIGN_OR_RETURN(here.prepared, prepare_item(form_, item(at), *here.octets));
    }
    return true;
  }

  base::Result<std::optional<SignRefusal>> sign_and_stamp() {
    const Positions waiting = list_waiting();
    for (std::size_t begin = 0; begin < waiting.size(); begin += at_once) {
      if (desk_.is_stopping()) return std::optional(SignRefusal::busy);
      const std::size_t end = std::min(begin + at_once, waiting.size());
      const Positions some(waiting.begin() + static_cast<std::ptrdiff_t>(begin),
                           waiting.begin() + static_cast<std::ptrdiff_t>(end));
      ASSIGN_OR_RETURN(const auto refusal, sign(some));
      if (refusal) return refusal;
      // Each few are complete before the next ones, so that their results can be downloaded.
      RETURN_IF_ERROR(stamp_all());
    }
    RETURN_IF_ERROR(stamp_all());
    return std::optional<SignRefusal>();
  }

  base::Result<std::optional<SignRefusal>> sign(const Positions& some) {
    KeyUse use;
    use.credential_id = *row().credential_id;
    use.algorithm = form_.algorithm();
    use.pin = order_.pin;
    for (const std::size_t at : some) {
      ASSIGN_OR_RETURN(const bool is_ready, make_ready(at));
      if (!is_ready) return std::optional(SignRefusal::document_gone);
      const std::string& sha256 = item(at).sha256;
      use.orders.push_back({part(at).prepared->to_be_signed, sha256.empty() ? base::to_hex(item(at).digest) : sha256});
    }
    RequestFacts facts = facts_;
    facts.now = order_.clocks().wall;
    std::vector<store::SigningItem> signed_items;
    use.also = [&](store::Tx& tx, const std::vector<base::Bytes>& values) -> base::Result<void> {
      signed_items.clear();
      // A renewed credential has another key and certificate than those with which the documents were prepared.
      ASSIGN_OR_RETURN(const auto credential, store::find_signing_credential(tx, *row().credential_id));
      if (!credential || credential->certificate != row().certificate) {
        return base::fail(base::Code::conflict, "the credential has another certificate by now");
      }
      for (std::size_t i = 0; i < some.size(); ++i) {
        ASSIGN_OR_RETURN(store::SigningItem done, store_value(tx, some[i], values[i]));
        signed_items.push_back(std::move(done));
      }
      return store::renew_signing_job(tx, row().id, facts.now + lease);
    };
    const auto values = use_credential(house_, user_, use, facts);
    if (!values) return explain(values.error(), facts);
    for (std::size_t i = 0; i < some.size(); ++i) item(some[i]) = signed_items[i];
    return std::optional<SignRefusal>();
  }

  /// The value is stored if and only if its use is counted. Errors: conflict (somebody else has signed it meanwhile).
  base::Result<store::SigningItem> store_value(store::Tx& tx, std::size_t at, const base::Bytes& value) {
    store::SigningItem done = item(at);
    done.state = is_stamped() ? "valued" : "done";
    done.value = value;
    ASSIGN_OR_RETURN(const bool is_moved, store::move_signing_item(tx, row().id, done, "waiting"));
    if (!is_moved) {
      is_overtaken_ = true;
      return base::fail(base::Code::conflict, "the document was signed meanwhile");
    }
    RETURN_IF_ERROR(record_item(tx, user_, hand_.job, done, facts_));
    return done;
  }

  /// What the error of use_credential means. Its code says what a judgement without the PIN cannot know.
  base::Result<std::optional<SignRefusal>> explain(const base::Error& error, const RequestFacts& facts) {
    if (is_overtaken_) return std::optional(SignRefusal::job_running);
    const bool is_for_people = error.code != base::Code::internal && error.code != base::Code::invalid_input;
    if (!is_for_people) return tl::unexpected<base::Error>(error);
    if (error.code == base::Code::login_failed) {
      return std::optional(order_.pin.empty() ? SignRefusal::pin_missing : SignRefusal::wrong_pin);
    }
    if (error.code == base::Code::too_many) return std::optional(SignRefusal::pin_delayed);
    ASSIGN_OR_RETURN(const auto refusal, house_.store.read([&](store::Tx& tx) {
      return find_job_refusal(house_, tx, user_, row(), facts);
    }));
    if (refusal) return refusal;
    switch (error.code) {
      case base::Code::denied: return std::optional(SignRefusal::pin_locked);
      case base::Code::not_found: return std::optional(SignRefusal::no_credential);
      case base::Code::conflict: return std::optional(SignRefusal::credential_changed);
      case base::Code::expired: return std::optional(SignRefusal::certificate_expired);
      default: break;
    }
    // A token says so by its reason; a database that is away is no matter of the key.
    if (error.reason == "token_unavailable") return std::optional(SignRefusal::token_unavailable);
    return tl::unexpected<base::Error>(error);
  }

  base::Result<std::optional<SignRefusal>> put_all(const Positions& waiting, const std::vector<base::Bytes>& values) {
    std::vector<base::Bytes> read;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      ASSIGN_OR_RETURN(const bool is_ready, make_ready(waiting[i]));
      if (!is_ready) return std::optional(SignRefusal::document_gone);
      auto value = read_value(form_, part(waiting[i]).prepared->to_be_signed, values[i]);
      if (!value) return std::optional(SignRefusal::wrong_value);
      read.push_back(std::move(*value));
    }
    std::vector<store::SigningItem> done;
    auto stored = write_job(house_, user_, facts_.now, [&](store::Tx& tx) -> base::Result<std::optional<SignRefusal>> {
      done.clear();
      // Who has the value has the key: a proof is not asked for.
      ASSIGN_OR_RETURN(const auto refusal, find_job_refusal(house_, tx, user_, row(), facts_));
      if (refusal && *refusal != SignRefusal::proof_needed) return refusal;
      for (std::size_t i = 0; i < waiting.size(); ++i) {
        ASSIGN_OR_RETURN(store::SigningItem one, store_value(tx, waiting[i], read[i]));
        done.push_back(std::move(one));
      }
      return std::optional<SignRefusal>();
    });
    if (!stored && stored.error().code == base::Code::denied) return std::optional(SignRefusal::forbidden);
    if (!stored && stored.error().code == base::Code::conflict) return std::optional(SignRefusal::job_over);
    if (!stored) return base::pass_on(std::move(stored));
    for (std::size_t i = 0; i < done.size(); ++i) item(waiting[i]) = done[i];
    return stored;
  }

  base::Result<void> stamp_all() {
    for (std::size_t at = 0; at < hand_.job.items.size(); ++at) {
      if (item(at).state == "valued") RETURN_IF_ERROR(stamp(at));
    }
    return {};
  }

  /// Without an answer of the authority the document stays as it is, and the next run asks again.
  base::Result<void> stamp(std::size_t at);

  /// After the last document the job is done; otherwise somebody may continue.
  base::Result<void> close(store::Tx& tx) {
    ASSIGN_OR_RETURN(hand_.job.items, store::list_signing_items(tx, row().id));
    const bool is_over = std::none_of(hand_.job.items.begin(), hand_.job.items.end(), is_open);
    if (!is_over) return store::leave_signing_job(tx, row().id);
    ASSIGN_OR_RETURN(const bool has_ended, store::end_signing_job(tx, row().id, "done"));
    row().runs_until.reset();
    if (has_ended) row().state = "done";
    return {};
  }

  const House& house_;
  SigningDesk& desk_;
  const KeyUser& user_;
  JobInHand& hand_;
  const JobOrder& order_;
  const RequestFacts& facts_;
  JobForm form_;
  bool is_overtaken_ = false;  // another run has signed one of the documents
};

base::Result<JobAnswer> JobRun::run() {
  if (row().state != "open") return answer();
  ASSIGN_OR_RETURN(const bool is_taken, house_.store.write([&](store::Tx& tx) {
    return store::take_signing_job(tx, row().id, facts_.now, facts_.now + lease);
  }));
  if (!is_taken) return answer(SignRefusal::job_running);
  auto refusal = sign_and_stamp();
  RETURN_IF_ERROR(house_.store.write([&](store::Tx& tx) { return close(tx); }));
  if (!refusal) return base::pass_on(std::move(refusal));
  return answer(*refusal);
}

base::Result<JobAnswer> JobRun::put(const std::vector<base::Bytes>& values) {
  if (row().state != "open") return answer(SignRefusal::job_over);
  const Positions waiting = list_waiting();
  if (values.size() != waiting.size() && !waiting.empty()) return answer(SignRefusal::value_count);
  if (!waiting.empty()) {
    ASSIGN_OR_RETURN(const auto refusal, put_all(waiting, values));
    if (refusal) return answer(refusal);
  }
  RETURN_IF_ERROR(stamp_all());
  RETURN_IF_ERROR(house_.store.write([&](store::Tx& tx) { return close(tx); }));
  return answer();
}

base::Result<void> JobRun::stamp(std::size_t at) {
  ASSIGN_OR_RETURN(const bool is_ready, make_ready(at));
  if (!is_ready) return {};
  ASSIGN_OR_RETURN(const base::Bytes made, complete_item(form_, item(at), *part(at).prepared, *part(at).octets));
  ASSIGN_OR_RETURN(const base::Bytes stamped, stamped_octets_of(form_, item(at), made));
  const signature::ClockReading clock = order_.clocks();
  RequestFacts facts = facts_;
  facts.now = clock.wall;
  const auto token = get_timestamp(house_, stamped, form_.algorithm().digest, clock, facts);
  store::SigningItem done = item(at);
  if (token) {
    done.state = "done";
    done.reason.clear();
    done.token = *token;
  } else {
    base::log(base::Level::warning, "a signature got no time stamp", {{"reason", base::describe(token.error())}});
    done.reason = "no_timestamp";
  }
  ASSIGN_OR_RETURN(const bool is_moved, house_.store.write([&](store::Tx& tx) {
    return store::move_signing_item(tx, row().id, done, "valued");
  }));
  if (is_moved) item(at) = done;
  return {};
}

}  // namespace

base::Result<JobAnswer> run_job(const House& house, const KeyUser& user, JobInHand& job, const JobOrder& order,
                                const RequestFacts& facts) {
  return JobRun(house, user, job, order, facts).run();
}

base::Result<JobAnswer> put_values(const House& house, const KeyUser& user, JobInHand& job, const JobOrder& order,
                                   const RequestFacts& facts) {
  return JobRun(house, user, job, order, facts).put(order.values);
}

base::Result<JobAnswer> list_octets(const House& house, JobInHand& job, base::Time now) {
  const JobOrder order;
  RequestFacts facts;
  facts.now = now;
  const KeyUser nobody = static_cast<const rights::Actor*>(nullptr);
  return JobRun(house, nobody, job, order, facts).list();
}

}  // namespace flow
