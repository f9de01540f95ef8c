package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.CatalogView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a source was last seen with. They are kept in the catalog beside the positions,
 * whenever they change, together with what changed.
 */
final class SourceSchema {
    private static final Pattern COLUMN =
            Pattern.compile(
                    "\\{\"name\":\"((?:[^\"\\\\]|\\\\.)*)\",\"type\":\"((?:[^\"\\\\]|\\\\.)*)\"\\}");

    private SourceSchema() {}

    /** The name under which the catalog keeps them. */
    static EntryKey key(TableName table) {
        return EntryKey.position(table + "#schema");
    }

    /**
     * What has to be written down; empty when that is there already.
     *
     * @param seen in a batch
     * @param partial whether columns may be missing that the source has all the same, as members of
     *     documents are
     */
    static Optional<Change> change(
            TableName table, Schema seen, boolean partial, CatalogView view) {
        Optional<Versioned> kept = view.find(key(table));
        Map<String, Column> before = new LinkedHashMap<>();
        kept.map(v -> v.entry() instanceof Entry.Position p ? p.value() : "")
                .map(SourceSchema::columns)
                .ifPresent(all -> all.forEach(c -> before.put(lower(c.name()), c)));
        Map<String, Column> now = new LinkedHashMap<>();
        if (partial) {
            now.putAll(before);
        }
        for (Field field : seen.fields()) {
            now.put(lower(field.name()), new Column(field.name(), field.type().sql()));
        }
        List<String> changes = changes(before, now);
        if (changes.isEmpty() || seen.fields().isEmpty()) {
            return Optional.empty();
        }
        String value =
                "{\"columns\":[%s],\"changes\":[%s]}"
                        .formatted(
                                String.join(",", now.values().stream().map(Column::json).toList()),
                                String.join(",", changes));
        return Optional.of(
                Change.put(key(table), new Entry.Position(value), Change.Expected.of(kept)));
    }

    private record Column(String name, String type) {
        String json() {
            return "{\"name\":%s,\"type\":%s}"
                    .formatted(DocumentText.quoted(name), DocumentText.quoted(type));
        }
    }

    private static List<String> changes(Map<String, Column> before, Map<String, Column> now) {
        List<String> changes = new ArrayList<>();
        before.forEach((key, column) -> {
            if (!now.containsKey(key)) {
                changes.add(change("removed", column.name(), null, column.type()));
            }
        });
        now.forEach((key, column) -> {
            Column old = before.get(key);
            if (old == null) {
                changes.add(change("added", column.name(), column.type(), null));
            } else if (!old.type().equals(column.type())) {
                changes.add(change("retyped", column.name(), column.type(), old.type()));
            }
        });
        return changes;
    }

    private static String change(
            String what, String name, @Nullable String type, @Nullable String was) {
        return "{\"change\":\"%s\",\"column\":%s,\"now\":%s,\"was\":%s}"
                .formatted(
                        what,
                        DocumentText.quoted(name),
                        type == null ? "null" : DocumentText.quoted(type),
                        was == null ? "null" : DocumentText.quoted(was));
    }

    private static List<Column> columns(String value) {
        List<Column> columns = new ArrayList<>();
        Matcher found = COLUMN.matcher(value);
        while (found.find()) {
            columns.add(new Column(plain(found.group(1)), plain(found.group(2))));
        }
        return columns;
    }

    /** A text without the escapes that {@link DocumentText#quoted} writes. */
    private static String plain(String quoted) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < quoted.length(); i++) {
            char c = quoted.charAt(i);
            if (c == '\\' && quoted.charAt(i + 1) == 'u') {
                text.append((char) Integer.parseInt(quoted, i + 2, i + 6, 16));
                i += 5;
            } else if (c == '\\') {
                i++;
                text.append(quoted.charAt(i));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
