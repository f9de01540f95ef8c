package dev.tarn.jdbc;

import dev.tarn.jdbc.ChangeBuffer.Change;
import dev.tarn.jdbc.LogRelation.Row;
import dev.tarn.spi.OpenSource.Changes;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Tells changes of a table as rows. */
final class LogRows {
    private final LogColumns columns;
    private final List<String> key;
    private final IntFunction<LogRelation> relations;
    private final Elsewhere elsewhere;
    private final RowSink sink;
    private final Refusals refusals;
    private final String part;
    private final boolean nullForImpossible;

    /**
     * @param key the columns that name a row
     * @param elsewhere finds what the log does not tell
     */
    LogRows(
            LogColumns columns,
            List<String> key,
            IntFunction<LogRelation> relations,
            Elsewhere elsewhere,
            RowSink sink,
            Refusals refusals,
            String part,
            boolean nullForImpossible) {
        this.columns = columns;
        this.key = List.copyOf(key);
        this.relations = relations;
        this.elsewhere = elsewhere;
        this.sink = sink;
        this.refusals = refusals;
        this.part = part;
        this.nullForImpossible = nullForImpossible;
    }

    /** Looks up values of a row that is there now; all null when it is not. */
    interface Elsewhere {
        List<byte @Nullable []> values(
                List<String> key, List<byte @Nullable []> values, List<String> wanted);
    }

    void tell(Change change) {
        switch (change.kind()) {
            case 'I' -> tell(change, Changes.INSERT, row(change.row()));
            case 'D' -> tell(change, Changes.DELETE, row(change.old()));
            case 'U' -> update(change);
            default -> tell(change, Changes.TRUNCATE, new Row(List.of(), List.of()));
        }
    }

    private static Row row(ByteBuffer bytes) {
        return Row.of(bytes.duplicate());
    }

    private void update(Change change) {
        Row row = row(change.row());
        if (change.oldKind() == 0) {
            tell(change, Changes.UPDATE, row);
            return;
        }
        Row old = row(change.old());
        Row whole = change.oldKind() == 'O' ? filled(row, old) : row;
        LogRelation relation = relations.apply(change.version());
        if (isSameKey(relation, old, whole)) {
            tell(change, Changes.UPDATE, whole);
            return;
        }
        tell(change, Changes.DELETE, old);
        tell(change, Changes.INSERT, looked(relation, whole));
    }

    /** The old row has what the new one does not tell. */
    private static Row filled(Row row, Row old) {
        List<byte @Nullable []> values = new ArrayList<>(row.values());
        List<Boolean> told = new ArrayList<>(row.isTold());
        for (int i = 0; i < told.size(); i++) {
            if (!told.get(i) && old.tells(i)) {
                values.set(i, old.value(i));
                told.set(i, true);
            }
        }
        return new Row(values, told);
    }

    private boolean isSameKey(LogRelation relation, Row old, Row row) {
        return key.stream()
                .mapToInt(relation::indexOf)
                .allMatch(i -> !row.tells(i) || Arrays.equals(old.value(i), row.value(i)));
    }

    /** A row under a new key has no other one to keep values of. */
    private Row looked(LogRelation relation, Row row) {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < row.isTold().size(); i++) {
            if (!row.tells(i)) {
                missing.add(relation.told().get(i).name());
            }
        }
        if (missing.isEmpty()) {
            return row;
        }
        List<byte @Nullable []> found =
                elsewhere.values(
                        key,
                        key.stream().map(k -> row.value(relation.indexOf(k))).toList(),
                        missing);
        List<byte @Nullable []> values = new ArrayList<>(row.values());
        List<Boolean> told = new ArrayList<>(row.isTold());
        for (int i = 0; i < missing.size(); i++) {
            int place = relation.indexOf(missing.get(i));
            values.set(place, found.get(i));
            told.set(place, true);
        }
        return new Row(values, told);
    }

    private void tell(Change change, String kind, Row row) {
        LogRelation relation =
                change.version() < 0 || row.values().isEmpty()
                        ? null
                        : relations.apply(change.version());
        StringJoiner untold = new StringJoiner(",", "[", "]");
        boolean isWhole = true;
        for (Column column : columns.ofTable()) {
            int index = relation == null ? -1 : relation.indexOf(column.name());
            byte[] value = row.value(index);
            if (!row.tells(index)) {
                untold.add(BinaryRows.quoted(column.name()));
                isWhole = false;
            }
            if (value == null) {
                sink.nothing();
                continue;
            }
            try {
                TextValues.tell(column, value, sink);
            } catch (Unfit unfit) {
                if (nullForImpossible) {
                    sink.nothing();
                    continue;
                }
                sink.dropRow();
                refusals.refuse(
                        part,
                        change.commit().value(),
                        "'%s': %s".formatted(column.name(), unfit.reason()),
                        shown(relation, row));
                return;
            }
        }
        columns.tellChange(sink, kind, change, isWhole ? null : untold.toString());
        sink.endRow();
    }

    private static String shown(@Nullable LogRelation relation, Row row) {
        JsonRow shown = new JsonRow();
        for (int i = 0; relation != null && i < row.values().size(); i++) {
            shown.name(relation.told().get(i).name());
            byte[] value = row.value(i);
            if (value == null) {
                shown.nothing();
            } else {
                shown.text(new String(value, StandardCharsets.UTF_8));
            }
        }
        return shown.toString();
    }
}
