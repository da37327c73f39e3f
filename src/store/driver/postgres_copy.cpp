#include "store/driver/postgres_copy.hpp"

#include <memory>

namespace store::postgres {
namespace {

// Signature, flags and the length of an extension, none of which is set.
constexpr std::string_view head("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr std::string_view trailer("\xff\xff", 2);

std::string names_of(const BulkTable& table) {
  std::string names;
  for (const BulkColumn& column : table.columns) names += (names.empty() ? "\"" : "\", \"") + column.name;
  return "\"" + table.name + "\" (" + names + "\")";
}

auto unreadable() {
  return base::fail(base::Code::internal, "the database copies rows in a form that is not known");
}

// One message has the head, rows, or the trailer.
base::Result<void> take_rows(base::BytesView octets, bool& is_begun, const TakeRow& take) {
  if (!is_begun) {
    if (!octets.starts_with(head)) return unreadable();
    octets.remove_prefix(head.size());
    is_begun = true;
  }
  while (!octets.empty() && octets != trailer) {
    const auto size = size_of_tuple(octets);
    if (!size) return unreadable();
    RETURN_IF_ERROR(take(octets.substr(0, *size)));
    octets.remove_prefix(*size);
  }
  return {};
}

// The last answer of a statement that ended; those before it say the same.
PGresult* take_answer(PGconn* connection) {
  PGresult* last = nullptr;
  while (PGresult* one = PQgetResult(connection)) {
    PQclear(last);
    last = one;
    if (PQstatus(connection) == CONNECTION_BAD) break;
  }
  return last;
}

}  // namespace

CopyEnd copy_out(PGconn* connection, const BulkTable& table, const TakeRow& take) {
  CopyEnd end;
  PGresult* const begun = PQexec(connection, ("COPY " + names_of(table) + " TO STDOUT (FORMAT binary)").c_str());
  if (PQresultStatus(begun) != PGRES_COPY_OUT) {
    end.answer = begun;
    return end;
  }
  PQclear(begun);
  bool is_begun = false;
  for (;;) {
    char* octets = nullptr;
    const int size = PQgetCopyData(connection, &octets, 0);
    const std::unique_ptr<char, decltype(&PQfreemem)> owned(octets, &PQfreemem);
    if (size < 0) break;  // -1: the end; -2: an error, which is in the answer
    end.stopped = take_rows({octets, static_cast<std::size_t>(size)}, is_begun, take);
    if (end.stopped) continue;
    end.is_open = true;
    return end;
  }
  end.answer = take_answer(connection);
  return end;
}

CopyEnd copy_in(PGconn* connection, const BulkTable& table, const GiveRow& give) {
  CopyEnd end;
  PGresult* const begun = PQexec(connection, ("COPY " + names_of(table) + " FROM STDIN (FORMAT binary)").c_str());
  if (PQresultStatus(begun) != PGRES_COPY_IN) {
    end.answer = begun;
    return end;
  }
  PQclear(begun);
  const auto put = [&](base::BytesView octets) {
    return PQputCopyData(connection, octets.data(), static_cast<int>(octets.size())) == 1;
  };
  bool is_sent = put(head);
  base::Bytes tuple;
  while (is_sent) {
    const auto has_row = give(tuple);
    if (!has_row) end.stopped = tl::unexpected<base::Error>(has_row.error());
    if (!has_row || !*has_row) break;
    if (auto fields = read_tuple(tuple, table.columns.size()); !fields) {
      end.stopped = base::pass_on(std::move(fields));
      break;
    }
    is_sent = put(tuple);
  }
  if (is_sent && end.stopped) is_sent = put(trailer);
  // With a reason the server gives up the copy, and the transaction with it.
  PQputCopyEnd(connection, is_sent && end.stopped ? nullptr : "the rows ended too early");
  end.answer = take_answer(connection);
  return end;
}

}  // namespace store::postgres
