# The plan of the house: which room may use which, and who owns which foreign library.
# Read by the build (a room is a static library and a namespace) and by the test "house",
# which fails on an include that this file does not allow.
#
# A room may use only the rooms named after USES. OWNS names the foreign headers (prefixes of the
# include path) that only this room may include; a prefix may have several owners.
# CORRIDORS are the sub-folders of the room, one topic each, in order: a corridor may use only those named before it.
# In the room's own folder stand only its face and its assembly, which no corridor uses.
# HIDES names corridors that no other room may include.
# "Foreign" is everything that is neither ours nor the C++/POSIX standard library; unnamed = forbidden.

# cellar: words that every room uses
room(base   OWNS tl/expected.hpp spdlog/ fmt/ sys/random.h arpa/inet.h)
room(text   USES base OWNS unicode/)

# workshop: one foreign library each, no rules of ours
room(crypto USES base OWNS openssl/ sodium.h boost/json
     CORRIDORS digest password key token certificate factor signing cms)
room(http   USES base
     OWNS boost/asio boost/beast boost/system boost/core openssl/ zlib.h sys/socket.h sys/un.h netinet/ arpa/ netdb.h)
room(xml    USES base OWNS libxml/ iconv.h)
room(zip    USES base OWNS archive.h archive_entry.h)
room(token  USES base crypto OWNS p11-kit/ dlfcn.h)
room(remote USES base OWNS curl/ sys/socket.h netinet/ arpa/ netdb.h)

# library: the rules; no clock, no file, no socket, no SQL
room(identity USES base OWNS unicode/ zxcvbn.h
     CORRIDORS spelling account identifier password lockout factor)
room(rights   USES base identity)
room(audit    USES base crypto OWNS boost/json)
room(webauthn USES base crypto OWNS cbor.h)
room(trust     USES base crypto)
room(authority USES base crypto)
room(signature USES base crypto xml trust
     CORRIDORS report policy form cades xades timestamp validation)

# archive: all SQL, and the delivery of messages
room(store   USES base crypto identity rights audit OWNS sqlite3.h libpq-fe.h boost/json
     CORRIDORS driver schema engine tenant audit message proof password factor certificate group account session oauth system
               signing timestamp validation
     HIDES driver schema)
room(courier USES base text remote OWNS boost/json)

# hall: the actions of people and machines, one verb a file
room(flow USES base text crypto zip token remote identity rights audit webauthn trust authority signature store courier OWNS boost/json
     CORRIDORS house outbox session certificate proof factor message group password login identifier account admin resource client token oauth grant
               registration tenant
               system signing timestamp validation signature audit export setup)

# lobby: what the doors for browsers share
room(browser USES base text crypto http identity rights flow)

# doors: one protocol each; they parse and print, they decide nothing
room(oidc USES base text crypto http identity rights flow browser OWNS boost/json boost/url)
room(api  USES base text crypto http identity rights audit flow browser)
room(web  USES base text http identity rights audit flow browser OWNS qrencode.h
     CORRIDORS page entry account admin settings resource administration sign)
room(pki  USES base http identity rights flow browser)
room(connector USES base text http identity rights flow browser OWNS boost/json)
room(timestamp USES base http identity rights flow browser)

# key: main, configuration, wiring, command line
room(app  USES base text crypto http token remote identity rights audit trust authority signature store courier flow oidc api web pki connector
               timestamp
          OWNS toml++/ CLI/ boost/json sys/socket.h sys/un.h sys/statfs.h sys/timex.h linux/magic.h grp.h
          CORRIDORS config house help command doctor account certificate system signing setup)
