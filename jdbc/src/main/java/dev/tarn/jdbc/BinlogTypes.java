package dev.tarn.jdbc;

import dev.tarn.jdbc.BinlogTable.Column;
import java.nio.charset.Charset;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types and character sets of columns in a binary log. Used by one thread. */
final class BinlogTypes {
    /** Those that Java calls otherwise. */
    private static final Map<String, String> CHARSETS =
            Map.ofEntries(
                    Map.entry("utf8mb4", "UTF-8"),
                    Map.entry("utf8mb3", "UTF-8"),
                    Map.entry("utf8", "UTF-8"),
                    Map.entry("latin1", "windows-1252"),
                    Map.entry("latin2", "ISO-8859-2"),
                    Map.entry("latin5", "ISO-8859-9"),
                    Map.entry("latin7", "ISO-8859-13"),
                    Map.entry("greek", "ISO-8859-7"),
                    Map.entry("hebrew", "ISO-8859-8"),
                    Map.entry("ascii", "US-ASCII"),
                    Map.entry("ucs2", "UTF-16BE"),
                    Map.entry("utf16", "UTF-16BE"),
                    Map.entry("utf16le", "UTF-16LE"),
                    Map.entry("utf32", "UTF-32BE"),
                    Map.entry("koi8r", "KOI8-R"),
                    Map.entry("koi8u", "KOI8-U"),
                    Map.entry("cp850", "IBM850"),
                    Map.entry("cp852", "IBM852"),
                    Map.entry("cp866", "IBM866"),
                    Map.entry("cp932", "windows-31j"),
                    Map.entry("sjis", "windows-31j"),
                    Map.entry("ujis", "EUC-JP"),
                    Map.entry("eucjpms", "x-eucJP-Open"),
                    Map.entry("euckr", "x-windows-949"),
                    Map.entry("macroman", "x-MacRoman"),
                    Map.entry("macce", "x-MacCentralEurope"),
                    Map.entry("tis620", "TIS-620"));

    private final JdbcSettings settings;
    private final Connections connections;
    private final Map<Integer, Charset> charsets = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private boolean isMariadb;

    BinlogTypes(JdbcSettings settings, Connections connections) {
        this.settings = settings;
        this.connections = connections;
    }

    boolean isMariadb() {
        if (names.isEmpty()) {
            connections.with(this::read);
        }
        return isMariadb;
    }

    Charset charset(int collation) {
        return charsets.computeIfAbsent(collation, this::find);
    }

    private Charset find(int collation) {
        if (names.isEmpty()) {
            connections.with(this::read);
        }
        String name = names.getOrDefault(collation, "unknown");
        String ours = CHARSETS.getOrDefault(name, name);
        if (!Charset.isSupported(ours)) {
            throw BinlogErrors.unreadable(settings, "has texts in the character set " + name);
        }
        return Charset.forName(ours);
    }

    private boolean read(java.sql.Connection connection) throws SQLException {
        MysqlVersion version = MysqlVersion.of(connection);
        isMariadb = version.isMariadb();
        String table =
                version.isMariadb() && version.isAtLeast(10, 10, 1)
                        ? "collation_character_set_applicability"
                        : "collations";
        for (List<@Nullable String> row :
                Queries.rows(
                        connection,
                        "SELECT id, character_set_name FROM information_schema."
                                + table
                                + " WHERE id IS NOT NULL")) {
            names.put(Integer.parseInt(Queries.text(row, 0)), Queries.text(row, 1));
        }
        return true;
    }

    List<LogRelation.Told> told(BinlogTable table) {
        if (table.names().size() != table.columns().size()) {
            throw BinlogErrors.noNames(settings, table.of());
        }
        Map<String, String> special = special(table);
        List<LogRelation.Told> told = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            Column column = table.columns().get(i);
            String name = table.names().get(i);
            String declared = special.getOrDefault(name, BinlogTable.declared(column));
            if (declared == null) {
                throw BinlogErrors.type(settings, table.of(), name, column.type());
            }
            told.add(
                    new LogRelation.Told(
                            name, column.isKey(), column.type(), column.meta(), declared));
        }
        return told;
    }

    /** What only the table's definition tells from bytes of a fixed length. */
    private Map<String, String> special(BinlogTable table) {
        boolean mayBe =
                table.columns().stream()
                        .anyMatch(c -> c.type() == BinlogTable.STRING && c.isBinary());
        Map<String, String> found = new HashMap<>();
        if (mayBe) {
            connections
                    .with(connection ->
                            Queries.rows(
                                    connection,
                                    "SELECT column_name, data_type FROM information_schema.columns"
                                            + " WHERE table_schema = ? AND table_name = ? AND"
                                            + " data_type IN ('uuid', 'inet4', 'inet6')",
                                    table.of().schema(),
                                    table.of().name()))
                    .forEach(row -> found.put(Queries.text(row, 0), Queries.text(row, 1)));
        }
        return found;
    }
}
