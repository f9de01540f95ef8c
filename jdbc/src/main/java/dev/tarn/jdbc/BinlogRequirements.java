package dev.tarn.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a server has to write into its binary log so that rows can be told from it. */
final class BinlogRequirements {
    private BinlogRequirements() {}

    static Map<String, String> variables(Connection connection, String like) throws SQLException {
        Map<String, String> found = new HashMap<>();
        Queries.rows(connection, "SHOW GLOBAL VARIABLES LIKE '" + like + "'")
                .forEach(row ->
                        found.put(
                                Queries.text(row, 0).toLowerCase(Locale.ROOT),
                                Queries.text(row, 1)));
        return found;
    }

    static void check(Connection connection, JdbcSettings settings) throws SQLException {
        Map<String, String> set = variables(connection, "%log%");
        set.putAll(variables(connection, "binlog%"));
        if (!set.getOrDefault("log_bin", "OFF").equals("ON")) {
            throw BinlogErrors.noLog(settings);
        }
        if (!set.containsKey("binlog_row_metadata")) {
            throw BinlogErrors.version(settings, MysqlVersion.of(connection).toString());
        }
        List<String> wrong = new ArrayList<>();
        List<String> fixes = new ArrayList<>();
        require(set, "binlog_format", "ROW", wrong, fixes);
        require(set, "binlog_row_image", "FULL", wrong, fixes);
        require(set, "binlog_row_metadata", "FULL", wrong, fixes);
        for (String compression : List.of("binlog_transaction_compression", "log_bin_compress")) {
            if (set.containsKey(compression)) {
                require(set, compression, "OFF", wrong, fixes);
            }
        }
        if (!set.getOrDefault("binlog_row_value_options", "").isEmpty()) {
            wrong.add("binlog_row_value_options is " + set.get("binlog_row_value_options"));
            fixes.add("SET GLOBAL binlog_row_value_options = ''");
        }
        if (!wrong.isEmpty()) {
            throw BinlogErrors.settings(settings, wrong, fixes);
        }
    }

    private static void require(
            Map<String, String> set,
            String name,
            String wanted,
            List<String> wrong,
            List<String> fixes) {
        String found = set.getOrDefault(name, "");
        if (!found.equalsIgnoreCase(wanted)) {
            wrong.add("%s is %s".formatted(name, found));
            fixes.add("SET GLOBAL %s = %s".formatted(name, wanted));
        }
    }

    /** Refuses a table whose database the log leaves out. */
    static void checkTable(
            Connection connection, JdbcSettings settings, MysqlTable table, BinlogFiles.Place end) {
        List<String> only = names(end.only());
        if (!only.isEmpty() && !only.contains(table.schema())) {
            throw BinlogErrors.leftOut(settings, table, "binlog_do_db");
        }
        if (names(end.without()).contains(table.schema())) {
            throw BinlogErrors.leftOut(settings, table, "binlog_ignore_db");
        }
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(",", -1)).filter(name -> !name.isEmpty()).toList();
    }
}
