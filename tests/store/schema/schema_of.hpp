// The schema of a database as the engine itself describes it: tables, columns, keys and indexes, a line each, in order.
// `everything` compares two databases of one engine, `in_common_words` one of each engine.
#pragma once

#include <string>

#include "store/engines.hpp"

namespace schema_of {

/// Each column with type, null, default and place in the key; each foreign key; each index with its statement.
inline std::string everything(const engines::Sqlite::Place& place) {
  return place.ask(
      "SELECT group_concat(line, char(10)) FROM ("
      "SELECT t.name || '.' || c.name || ' ' || lower(c.type) || ' null=' || (c.[notnull] = 0) || ' default=' || "
      "coalesce(c.dflt_value, '') || ' key=' || c.pk AS line FROM sqlite_master t, pragma_table_info(t.name) c "
      "WHERE t.type = 'table' UNION ALL "
      "SELECT t.name || '.' || f.[from] || ' references ' || f.[table] || '.' || f.[to] || ' ' || f.on_update || ' ' "
      "|| "
      "f.on_delete FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table' UNION ALL "
      "SELECT t.name || ' keeps its rows ' || (CASE WHEN t.sql LIKE '%WITHOUT ROWID%' THEN 'by key' ELSE 'by number' "
      "END) "
      "FROM sqlite_master t WHERE t.type = 'table' UNION ALL "
      "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1)");
}
inline std::string everything(const engines::Postgresql::Place& place) {
  return place.ask(
      "SELECT string_agg(line, E'\\n' ORDER BY line) FROM ("
      "SELECT table_name || '.' || column_name || ' ' || data_type || ' null=' || is_nullable || ' default=' || "
      "coalesce(column_default, '') AS line FROM information_schema.columns WHERE table_schema = current_schema() "
      "UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
      "WHERE connamespace = current_schema()::regnamespace UNION ALL "
      "SELECT replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema()) x");
}

/// Each column with type and null; each index that has a name of ours, with its columns.
inline std::string in_common_words(const engines::Sqlite::Place& place) {
  return place.ask(
      "SELECT group_concat(line, char(10)) FROM ("
      "SELECT t.name || '.' || c.name || ' ' || (CASE c.type WHEN 'INTEGER' THEN 'bigint' ELSE lower(c.type) END) || ' "
      "' || "
      "(CASE WHEN c.[notnull] = 1 OR c.pk > 0 THEN 'NO' ELSE 'YES' END) AS line "
      "FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' UNION ALL "
      "SELECT t.name || ' ' || i.name || ' unique=' || i.[unique] || ' partial=' || i.partial || ' ' || "
      "(SELECT group_concat(coalesce(x.name, '?'), ',') FROM pragma_index_info(i.name) x) "
      "FROM sqlite_master t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i.origin = 'c' ORDER BY 1)");
}
inline std::string in_common_words(const engines::Postgresql::Place& place) {
  return place.ask(
      "SELECT string_agg(line, E'\\n' ORDER BY line COLLATE \"C\") FROM ("
      "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line "
      "FROM information_schema.columns WHERE table_schema = current_schema() UNION ALL "
      "SELECT t.relname || ' ' || i.relname || ' unique=' || x.indisunique::int || ' partial=' || "
      "(x.indpred IS NOT NULL)::int || ' ' || (SELECT string_agg(coalesce(a.attname, '?'), ',' ORDER BY k.place) "
      "FROM unnest(x.indkey) WITH ORDINALITY k(number, place) LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND "
      "a.attnum = k.number) "
      "FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid "
      "WHERE t.relnamespace = current_schema()::regnamespace AND NOT EXISTS "
      "(SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid)) x");
}

}  // namespace schema_of
