// Builds audit events with the facts of the request. Ids and reasons are in the part that stays; addresses and typed
// text are in the part that can be erased.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "audit/event.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

using Detail = std::pair<std::string_view, std::string_view>;

/// {"name":"value",…} for the payload of a message, which is sealed and erased; empty values are left out.
std::string to_json_object(std::initializer_list<Detail> details);

/// What an event is about: something of a tenant, or an account of it.
struct Subject {
  Subject(const base::Id& tenant) : tenant_id(tenant) {}                                // NOLINT(*-explicit-*)
  Subject(const identity::Account& one) : tenant_id(one.tenant_id), account(one.id) {}  // NOLINT(*-explicit-*)
  Subject(const base::Id& tenant, const base::Id& one) : tenant_id(tenant), account(one) {}

  base::Id tenant_id;
  base::Id account{};  // none: not about an account
};

/// An event of `type` with request id, time, address and browser. `typed`: the text that was typed as a login; it may
/// be anything, also a password, and is in the part that can be erased.
audit::Event make_event(audit::Code type, const Subject& subject, const RequestFacts& facts,
                        std::initializer_list<audit::Detail> data = {}, std::string_view typed = {});
/// The same with the actor's id, session and context, for whom the actor acts (S3.9), and why the actor says that it
/// acts ("motive").
audit::Event make_event(audit::Code type, const rights::Actor& actor, const Subject& subject, const RequestFacts& facts,
                        std::initializer_list<audit::Detail> data = {});

/// The same for an act that somebody or the server itself does; nullptr: the server, or whom the event is about.
audit::Event make_event(audit::Code type, const rights::Actor* actor, const Subject& subject, const RequestFacts& facts,
                        std::initializer_list<audit::Detail> data = {});

/// The actor's account; nullopt: the operator of the command line.
std::optional<base::Id> id_of(const rights::Actor& actor);

/// Adds a value to the part of the event that is erased with its addresses; "" is left out. Each name only once.
void add_personal(audit::Event& event, const std::string& name, std::string_view value);

}  // namespace flow
