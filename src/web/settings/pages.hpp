// The handlers of the pages for what administrators set up: groups, contexts, roles, organisations and policies.
// src/web/mount.cpp has their addresses.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

// groups.cpp
http::Response show_groups(Visit& visit);
http::Response submit_new_group(Visit& visit);

// group.cpp
http::Response show_group(Visit& visit);
http::Response submit_group_rename(Visit& visit);
http::Response submit_group_delete(Visit& visit);
http::Response submit_group_add(Visit& visit);     // a member
http::Response submit_group_remove(Visit& visit);  // a member

// contexts.cpp
http::Response show_contexts(Visit& visit);
http::Response show_new_context(Visit& visit);
http::Response submit_new_context(Visit& visit);

// context_settings.cpp
http::Response show_context_settings(Visit& visit);
http::Response submit_context_settings(Visit& visit);  // shows what it would do, and with "confirmed" does it
http::Response submit_context_delete(Visit& visit);

// roles.cpp
http::Response show_roles(Visit& visit);
http::Response show_new_role(Visit& visit);
http::Response submit_new_role(Visit& visit);

// role.cpp
http::Response show_role(Visit& visit);
http::Response submit_role_change(Visit& visit);  // shows what it would do, and with "confirmed" does it
http::Response submit_role_delete(Visit& visit);

// tenants.cpp
http::Response show_tenants(Visit& visit);
http::Response show_new_tenant(Visit& visit);
http::Response submit_new_tenant(Visit& visit);

// tenant.cpp
http::Response show_tenant(Visit& visit);
http::Response submit_tenant_change(Visit& visit);  // shows how it would look, and with "confirmed" saves it
http::Response submit_tenant_logo(Visit& visit);
http::Response submit_tenant_logo_removal(Visit& visit);
http::Response submit_tenant_feature(Visit& visit);
http::Response submit_tenant_delete(Visit& visit);

// sms.cpp
http::Response show_sms(Visit& visit);
http::Response submit_sms_limits(Visit& visit);
http::Response submit_sms_gateway(Visit& visit);
http::Response submit_sms_test(Visit& visit);

// policies.cpp
http::Response show_policies(Visit& visit);
http::Response submit_new_policy(Visit& visit);

// policy_settings.cpp: each form shows what it would do, and with "confirmed" does it
http::Response show_policy_settings(Visit& visit);
http::Response submit_policy_settings(Visit& visit);
http::Response submit_policy_bind(Visit& visit);
http::Response submit_policy_unbind(Visit& visit);

// second_factor.cpp
http::Response show_second_factor(Visit& visit);
http::Response submit_second_factor(Visit& visit);

// registration_tokens.cpp
http::Response show_registration_tokens(Visit& visit);
http::Response submit_new_registration_token(Visit& visit);
http::Response submit_token_revocation(Visit& visit);

}  // namespace web
