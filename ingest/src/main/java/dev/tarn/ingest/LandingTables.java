package dev.tarn.ingest;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.RowReaders;
import dev.tarn.spi.RowReaders.RowReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts what the engine cannot read by itself into tables of its session. */
final class LandingTables {
    static final TableName TEXT = new TableName("tarn_ingest", "text_rows");
    static final TableName BROKEN = new TableName("tarn_ingest", "broken_rows");
    private static final String RAW = "_raw";

    /** What came with the record and is not part of it, as a JSON object. */
    static final String BESIDE = "_beside";

    /** The columns of a source's quarantine table. */
    static final Schema QUARANTINE =
            new Schema(
                    List.of(
                            Field.of(ColumnNames.FILE, Primitive.VARCHAR),
                            Field.of(ColumnNames.ROW, Primitive.BIGINT),
                            Field.of("_column", Primitive.VARCHAR),
                            Field.of("_reason", Primitive.VARCHAR),
                            Field.of(RAW, Primitive.VARCHAR),
                            Field.of(ColumnNames.INGESTED_AT, Primitive.TIMESTAMPTZ),
                            Field.of(BESIDE, Primitive.VARCHAR)));

    private final EngineSession session;
    private final FileScanner scanner;
    private final RowReaders readers;
    private final Map<String, String> options;

    LandingTables(
            EngineSession session,
            FileScanner scanner,
            RowReaders readers,
            Map<String, String> options) {
        this.session = session;
        this.scanner = scanner;
        this.readers = readers;
        this.options = options;
    }

    /**
     * Leaves the good records of text files to the engine, as texts.
     *
     * @param variants columns, in lower case, that take any value of JSON as what it is
     */
    Branch text(List<ScannedFile.Text> files, Set<String> variants) {
        SeenColumns seen = new SeenColumns();
        files.forEach(file -> seen.addAll(file.seen()));
        List<Field> columns =
                seen.names().stream().map(name -> Field.of(name, Primitive.VARCHAR)).toList();
        RecordFeed feed = new RecordFeed(files, scanner::open, seen.names(), variants);
        session.feed(TEXT, feed);
        return new Branch(feed.select(TEXT.toString()), columns, true, true);
    }

    /** Leaves the lines of files to the engine. */
    Branch lines(LineGroup group, int number, IngestOptions textOptions, SchemaDecision decision) {
        TableName table = new TableName("tarn_ingest", "lines_" + number);
        session.feed(table, group.feed(readers));
        return group.branch(table, textOptions, decision);
    }

    /** Stages the records that cannot be taken apart, and the files that cannot be read. */
    void broken(
            List<ScannedFile.Text> files, List<ScannedFile.Refused> refused, Instant ingestedAt) {
        List<List<? extends @Nullable Object>> whole = new ArrayList<>();
        for (ScannedFile.Refused file : refused) {
            whole.add(
                    Arrays.<@Nullable Object>asList(
                            file.planned().name(),
                            null,
                            null,
                            file.reason(),
                            null,
                            ingestedAt,
                            null));
        }
        Iterable<List<? extends @Nullable Object>> records =
                () ->
                        new Records<ScannedFile.Text, TextRows>(
                                files, scanner::open, TextRows::close) {
                            @Override
                            @Nullable List<@Nullable Object> next(
                                    ScannedFile.Text file, TextRows rows) throws IOException {
                                while (rows.next()) {
                                    Optional<String> problem = rows.problem();
                                    if (problem.isPresent()) {
                                        return Arrays.<@Nullable Object>asList(
                                                file.planned().name(),
                                                rows.row(),
                                                null,
                                                "the record " + problem.get(),
                                                rows.raw(),
                                                ingestedAt,
                                                null);
                                    }
                                }
                                return null;
                            }
                        };
        session.stage(BROKEN, QUARANTINE, () -> new Chain(whole.iterator(), records.iterator()));
    }

    /**
     * Stages the rows of files of one schema, and counts them.
     *
     * @param number tells several of one landing apart
     */
    Branch rows(int number, List<ScannedFile.Rows> files, Schema schema, Map<String, Long> counts) {
        List<String> names = ColumnNames.of(schema.names());
        List<Field> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(schema.fields().get(i).withoutIds().withName(names.get(i)));
        }
        List<Field> staged = metadata();
        staged.addAll(columns);
        TableName table = new TableName("tarn_ingest", "rows_" + number);
        session.stage(
                table,
                new Schema(staged),
                () ->
                        new Records<ScannedFile.Rows, RowReader>(
                                files,
                                file -> readers.open(file.format(), file.path(), options),
                                RowReader::close) {
                            @Override
                            @Nullable List<@Nullable Object> next(
                                    ScannedFile.Rows file, RowReader reader) {
                                List<@Nullable Object> row = reader.next();
                                if (row == null) {
                                    return null;
                                }
                                List<@Nullable Object> all = new ArrayList<>(row.size() + 2);
                                all.add(file.planned().name());
                                all.add(counts.merge(file.planned().name(), 1L, Long::sum));
                                all.addAll(row);
                                return all;
                            }
                        });
        return new Branch(table.toString(), columns, false, false);
    }

    private static List<Field> metadata() {
        return new ArrayList<>(
                List.of(
                        Field.of(ColumnNames.FILE, Primitive.VARCHAR),
                        Field.of(ColumnNames.ROW, Primitive.BIGINT)));
    }

    /** One iterator behind another. */
    private record Chain(
            Iterator<List<? extends @Nullable Object>> first,
            Iterator<List<? extends @Nullable Object>> second)
            implements Iterator<List<? extends @Nullable Object>> {
        @Override
        public boolean hasNext() {
            return first.hasNext() || second.hasNext();
        }

        @Override
        public List<? extends @Nullable Object> next() {
            return first.hasNext() ? first.next() : second.next();
        }
    }

    /** The rows of many files, one file open at a time. */
    private abstract static class Records<F extends ScannedFile, R>
            implements Iterator<List<? extends @Nullable Object>> {
        private final Iterator<F> files;
        private final Opener<F, R> opener;
        private final Closer<R> closer;
        private @Nullable F file;
        private @Nullable R reader;
        private @Nullable List<@Nullable Object> upcoming;

        Records(List<F> files, Opener<F, R> opener, Closer<R> closer) {
            this.files = files.iterator();
            this.opener = opener;
            this.closer = closer;
        }

        /** The next row of a file, or null at its end. */
        abstract @Nullable List<@Nullable Object> next(F from, R open) throws IOException;

        @Override
        public boolean hasNext() {
            try {
                while (upcoming == null) {
                    if (file == null || reader == null) {
                        if (!files.hasNext()) {
                            return false;
                        }
                        file = files.next();
                        reader = opener.open(file);
                    }
                    upcoming = next(file, reader);
                    if (upcoming == null) {
                        closer.close(reader);
                        reader = null;
                    }
                }
                return true;
            } catch (IOException e) {
                // It was read to its end a moment ago.
                throw IngestErrors.changed(
                        List.of(file == null ? "A file" : file.planned().name()));
            }
        }

        @Override
        public List<? extends @Nullable Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            List<@Nullable Object> row = upcoming;
            upcoming = null;
            if (row == null) {
                throw new TarnException(ErrorCode.INTERNAL, "A row vanished.");
            }
            return row;
        }
    }

    private interface Opener<F, R> {
        R open(F file) throws IOException;
    }

    private interface Closer<R> {
        void close(R reader) throws IOException;
    }
}
