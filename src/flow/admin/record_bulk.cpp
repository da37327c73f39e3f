#include "flow/admin/record_bulk.hpp"

#include "flow/house/record.hpp"

namespace flow {
namespace {

struct Words {
  audit::Value act;
  audit::Value group;
  audit::Value context;
  audit::Value accounts;
};

// The target was found in the database before the run began.
Words words_of(const store::BulkAct& act, const BulkStep& step) {
  const auto target = audit::Value::registered(act.target);
  const audit::Value none = audit::Code();
  return {audit::Value::checked_code(act.act), act.act.ends_with("_group") ? target : none,
          act.act.ends_with("_context") ? target : none, audit::Value::count(static_cast<std::int64_t>(step.accounts))};
}

}  // namespace

audit::Event bulk_event(const rights::Actor& actor, const store::BulkAct& act, const BulkStep& step,
                        const RequestFacts& facts) {
  const Words words = words_of(act, step);
  return make_event(audit::type::bulk_act, actor, act.tenant_id, facts,
                    {{"step", step.step},
                     {"act", words.act},
                     {"group", words.group},
                     {"context", words.context},
                     {"accounts", words.accounts},
                     {"run", act.id}});
}

audit::Event bulk_event(const store::BulkAct& act, const BulkStep& step, const RequestFacts& facts) {
  const Words words = words_of(act, step);
  audit::Event event = make_event(audit::type::bulk_act, act.tenant_id, facts,
                                  {{"step", step.step},
                                   {"act", words.act},
                                   {"group", words.group},
                                   {"context", words.context},
                                   {"accounts", words.accounts},
                                   {"run", act.id}});
  event.actor = act.actor_id;
  return event;
}

}  // namespace flow
