package dev.tarn.spi;

import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that only one of two states of a table has, as far as files tell: files of both with the
 * same deleted rows are left out, and of files of both with other deleted rows only those rows are
 * read.
 *
 * @param gone rows of the older state
 * @param come rows of the newer state
 */
public record ChangedFiles(Relation.Table gone, Relation.Table come, Identity identity) {
    /** How rows of both states are known to be the same. */
    public enum Identity {
        /** By the ids that the table keeps. */
        ROW_IDS,

        /** Not at all. */
        NONE,

        /** They never are: the table was made anew in between. */
        OTHER_TABLE
    }

    public static ChangedFiles between(
            TableReads tables, Optional<TablePointer> before, Optional<TablePointer> after) {
        Optional<TableScan> was = before.map(p -> tables.scan(p, Optional.empty(), List.of()));
        Optional<TableScan> is = after.map(p -> tables.scan(p, Optional.empty(), List.of()));
        Map<String, DataFile> old = byLocation(was);
        Map<String, DataFile> present = byLocation(is);
        List<DataFile> gone = new ArrayList<>();
        List<DataFile> come = new ArrayList<>();
        old.forEach((location, file) -> {
            DataFile now = present.get(location);
            if (now == null) {
                gone.add(file);
            } else {
                only(file, now).ifPresent(gone::add);
            }
        });
        present.forEach((location, file) -> {
            DataFile then = old.get(location);
            if (then == null) {
                come.add(file);
            } else {
                only(file, then).ifPresent(come::add);
            }
        });
        Schema empty = is.or(() -> was).map(TableScan::schema).orElse(new Schema(List.of()));
        return new ChangedFiles(
                relation(was.map(TableScan::schema).orElse(empty), gone),
                relation(is.map(TableScan::schema).orElse(empty), come),
                identity(tables, before, after, gone, come));
    }

    /**
     * The same rows in other columns, which are found by their ids.
     *
     * @param columns gives those to read for those that a state has
     */
    public ChangedFiles readAs(UnaryOperator<Schema> columns) {
        return new ChangedFiles(
                readAs(gone, columns.apply(gone.schema())),
                readAs(come, columns.apply(come.schema())),
                identity);
    }

    private static Relation.Table readAs(Relation.Table rows, Schema schema) {
        return new Relation.Table(
                schema,
                predicates -> {
                    TableScan scan = rows.scan().plan(predicates);
                    return new TableScan(schema, scan.files(), scan.totalFiles());
                },
                rows.places());
    }

    private static Identity identity(
            TableReads tables,
            Optional<TablePointer> before,
            Optional<TablePointer> after,
            List<DataFile> gone,
            List<DataFile> come) {
        if (before.isPresent()
                && after.isPresent()
                && !tables.state(before.get()).uuid().equals(tables.state(after.get()).uuid())) {
            return Identity.OTHER_TABLE;
        }
        return keepsIds(gone) && keepsIds(come) ? Identity.ROW_IDS : Identity.NONE;
    }

    private static boolean keepsIds(List<DataFile> files) {
        return files.stream().allMatch(f -> f.lineage().isPresent());
    }

    private static Map<String, DataFile> byLocation(Optional<TableScan> scan) {
        Map<String, DataFile> files = new HashMap<>();
        scan.ifPresent(s -> s.files().forEach(f -> files.put(f.location(), f)));
        return files;
    }

    private static Relation.Table relation(Schema schema, List<DataFile> files) {
        TableScan part = new TableScan(schema, files, files.size());
        return new Relation.Table(schema, predicates -> part, new Relation.Places.Told());
    }

    /** The rows of a file that are deleted in another state of it and not in this one. */
    private static Optional<DataFile> only(DataFile file, DataFile other) {
        long[] rows = difference(other.deleted(), file.deleted());
        return rows.length == 0
                ? Optional.empty()
                : Optional.of(file.withDeleted(Optional.of(new AllBut(rows, file.rows()))));
    }

    private static long[] difference(Optional<DeletedRows> of, Optional<DeletedRows> without) {
        LongStream.Builder rows = LongStream.builder();
        @Nullable DeletedRows not = without.orElse(null);
        of.ifPresent(d ->
                d.forEach(position -> {
                    if (not == null || !not.contains(position)) {
                        rows.add(position);
                    }
                }));
        return rows.build().toArray();
    }

    /** Everything is deleted but some rows. */
    @SuppressWarnings("ArrayRecordComponent") // Millions of positions.
    private record AllBut(long[] kept, long rows) implements DeletedRows {
        @Override
        public boolean contains(long position) {
            return java.util.Arrays.binarySearch(kept, position) < 0;
        }

        @Override
        public long count() {
            return rows - kept.length;
        }

        @Override
        public void forEach(LongConsumer action) {
            int next = 0;
            for (long position = 0; position < rows; position++) {
                if (next < kept.length && kept[next] == position) {
                    next++;
                } else {
                    action.accept(position);
                }
            }
        }
    }
}
