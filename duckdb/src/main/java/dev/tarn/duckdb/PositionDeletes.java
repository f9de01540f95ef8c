package dev.tarn.duckdb;

import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.TableScan.DataFile;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/** Rows that files of positions take away from data files. */
final class PositionDeletes {
    private PositionDeletes() {}

    /** Positions as bits: a data file has fewer rows than there are of these. */
    private record Bits(BitSet bits) implements DeletedRows {
        @Override
        public boolean contains(long position) {
            return position <= Integer.MAX_VALUE && bits.get((int) position);
        }

        @Override
        public long count() {
            return bits.cardinality();
        }

        @Override
        public void forEach(LongConsumer action) {
            bits.stream().forEach(action::accept);
        }
    }

    /** The positions that are gone, by the location of the data file. */
    static Map<String, DeletedRows> read(List<DataFile> files, StatementRunner runner) {
        Set<String> paths = new LinkedHashSet<>();
        Set<String> wanted = new LinkedHashSet<>();
        for (DataFile file : files) {
            List<Path> deletes = file.foreign().map(f -> f.positionDeletes()).orElse(List.of());
            deletes.forEach(p -> paths.add(p.toAbsolutePath().toString()));
            if (!deletes.isEmpty()) {
                wanted.add(file.location());
            }
        }
        if (paths.isEmpty()) {
            return Map.of();
        }
        Map<String, BitSet> found = new HashMap<>();
        runner.query(
                "SELECT file_path, pos FROM read_parquet(%s, hive_partitioning = false, union_by_name = true) WHERE file_path IN (SELECT unnest(%s))"
                        .formatted(
                                Sql.literals(List.copyOf(paths)),
                                Sql.literals(List.copyOf(wanted))),
                Source.OURS,
                rows -> {
                    while (rows.next()) {
                        found.computeIfAbsent(rows.getString(1), f -> new BitSet())
                                .set(Math.toIntExact(rows.getLong(2)));
                    }
                    return true;
                });
        Map<String, DeletedRows> deleted = new HashMap<>();
        found.forEach((file, bits) -> deleted.put(file, new Bits(bits)));
        return deleted;
    }

    static DeletedRows both(DeletedRows one, DeletedRows other) {
        BitSet bits = new BitSet();
        one.forEach(p -> bits.set(Math.toIntExact(p)));
        other.forEach(p -> bits.set(Math.toIntExact(p)));
        return new Bits(bits);
    }
}
