// The fields of the form for an application: from a client to a view, from what was sent to a client, and what differs
// between two states.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/client/administer_clients.hpp"
#include "http/message.hpp"
#include "rights/client.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// Whether the actor sees applications; who changes them has the permission manage_clients.
bool may_see_clients(const Visit& visit);

/// What the form shows: a client, the account as it was typed, and the way of authentication (rights::auth_of).
struct ShownClient {
  rights::Client client;
  std::string account;
  std::string auth;
};

/// Of all fields of the form, also those that were left out: an unknown field changes nothing.
ShownClient read_client_form(const http::Form& form, const rights::Client& stored);
/// All fields of the form. `version` is the state for which it was filled in.
flow::ClientWish make_wish(const ShownClient& shown, std::int64_t version);

/// The names of the fields with their values as text.
std::vector<std::pair<std::string_view, std::string>> print_fields(const ShownClient& shown);

/// The values of the templates admin/_client_fields.html; `flaws` are marked at their fields.
void add_client_fields(View& view, const Visit& visit, const ShownClient& shown,
                       const std::vector<rights::ClientFlaw>& flaws);
/// The list of all flaws at the head of a form.
void add_client_flaws(View& view, const Visit& visit, const std::vector<rights::ClientFlaw>& flaws);
/// One address a line; empty lines do not count.
std::vector<std::string> read_lines(std::string_view text);
/// Issuer, discovery address, client_id and snippets: the template admin/_client_connect.html.
void add_connection(View& view, const Visit& visit, const rights::Client& client);

}  // namespace web
