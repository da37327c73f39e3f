// The acting contexts that a tenant begins with.
#pragma once

#include <span>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "rights/role.hpp"
#include "store/engine/store.hpp"

namespace flow {

struct FirstContext {
  std::string_view key;
  std::string_view name;  // key of a sentence
  std::string_view role;
};
inline constexpr FirstContext contexts_of_every_tenant[] = {
    {"user", "context.user", rights::role::user},
    {"administrator", "context.administrator", rights::role::account_administrator}};
/// Of the first tenant, whose super administrators reach all others.
inline constexpr FirstContext contexts_of_installation[] = {
    {"super_administrator", "context.super_administrator", rights::role::super_administrator}};

/// Contexts that are there already stay as they are.
base::Result<void> prepare_contexts(store::Tx& tx, const base::Id& tenant_id, std::span<const FirstContext> wanted,
                                    base::Time now);

}  // namespace flow
