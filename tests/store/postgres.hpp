// A PostgreSQL 15 server of the test program's own: made in a temporary folder at first use, reachable only
// through a Unix socket in that folder, ended with the program however it ends.
#pragma once

#include <string>

namespace postgres {

/// A new empty place in the server: a connection string with a schema of its own. Starts the server if need be.
/// Throws std::runtime_error with the server's own words if PostgreSQL is missing or does not start.
std::string make_place();
/// The server itself, as its superuser, in the database `postgres`. A place in another database or of another role is
/// made of it with a later "dbname=" or "user=".
std::string server_place();
/// A place as an address `postgresql://`, which a configuration takes.
std::string url_of(const std::string& place);
/// Runs statements at a place. Throws std::runtime_error if one fails.
void execute(const std::string& place, const std::string& sql);
/// The first column of the first row, "" for none.
std::string ask(const std::string& place, const std::string& sql);

}  // namespace postgres
