package dev.tarn.ingest;

import dev.tarn.ingest.IngestPlan.PlannedFile;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RowReaders;
import dev.tarn.spi.RowReaders.RowReader;
import dev.tarn.spi.Storage;
import dev.tarn.spi.Storage.StoredFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks through files before anything is landed: what columns, how many rows, what is broken. */
final class FileScanner {
    private final Storage storage;
    private final RowReaders readers;
    private final IngestSpec spec;
    private final IngestOptions options;
    private final EngineSession session;
    private final LineScanner lines;
    private final Spending spending;

    /**
     * @param spending what files are fetched with that are not on this machine
     */
    FileScanner(
            Storage storage,
            RowReaders readers,
            IngestSpec spec,
            IngestOptions options,
            EngineSession session,
            Map<String, Type> declared,
            Spending spending) {
        this.spending = spending;
        this.storage = storage;
        this.readers = readers;
        this.spec = spec;
        this.options = options;
        this.session = session;
        this.lines = new LineScanner(readers, options, declared);
    }

    /**
     * @throws TarnException {@code SOURCE_UNREADABLE} with all files that may not be read
     */
    List<ScannedFile> scan(List<PlannedFile> files) {
        List<Looked> looked = Parallel.map(files, this::look);
        List<String> unreadable =
                looked.stream().flatMap(file -> file.unreadable().stream()).toList();
        if (!unreadable.isEmpty()) {
            throw IngestErrors.unreadable(spec.place(), unreadable);
        }
        return looked.stream().flatMap(file -> file.scanned().stream()).toList();
    }

    /** What became of one file: something to land, or a reason why none of them can land. */
    private record Looked(Optional<ScannedFile> scanned, Optional<String> unreadable) {}

    private Looked look(PlannedFile file) {
        try {
            return new Looked(Optional.of(scan(file)), Optional.empty());
        } catch (AccessDeniedException e) {
            return new Looked(
                    Optional.empty(),
                    Optional.of("%s may not be read by this account.".formatted(file.name())));
        } catch (NoSuchFileException e) {
            throw IngestErrors.changed(List.of(file.name()));
        } catch (UnfitFile e) {
            return new Looked(
                    Optional.of(new ScannedFile.Refused(file, e.reason())), Optional.empty());
        } catch (IOException e) {
            return new Looked(
                    Optional.of(new ScannedFile.Refused(file, reason(e))), Optional.empty());
        }
    }

    /** The records that are not left to the engine. */
    TextRows open(ScannedFile.Text file) throws IOException {
        return file.lines().isPresent()
                ? LineScanner.aside(file.lines().get(), file.format(), options)
                : open(file.content(), file.format());
    }

    private ScannedFile scan(PlannedFile file) throws IOException {
        Path path = fetched(file.file());
        if (Files.size(path) == 0) {
            FileContent nothing =
                    new FileContent(
                            path, FileContent.Compression.NONE, options.encoding(), false, true);
            return new ScannedFile.Text(
                    file,
                    nothing,
                    Format.CSV,
                    new SeenColumns(),
                    0,
                    0,
                    false,
                    ',',
                    Optional.empty());
        }
        FileContent content = FileContent.of(path, options.encoding(), readers);
        Format format = content.format(spec.format(), file.name(), readers);
        return switch (format) {
            case CSV, TSV, JSON, NDJSON -> text(file, content, format);
            case PARQUET -> binary(file, content, () -> parquet(file, path));
            case AVRO, ORC, EXCEL -> binary(file, content, () -> rows(file, path, format));
        };
    }

    private Path fetched(StoredFile file) {
        return file.location().contains("://")
                ? spending.connected(() -> {
                    Path local = storage.local(file);
                    spending.spend(0, file.bytes());
                    return local;
                })
                : storage.local(file);
    }

    private ScannedFile binary(PlannedFile file, FileContent content, Attempt attempt)
            throws IOException {
        if (content.compression() != FileContent.Compression.NONE) {
            return new ScannedFile.Refused(
                    file,
                    "the file is packed as a whole; this format packs its own parts, so unpack it");
        }
        try {
            return attempt.run();
        } catch (TarnException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.TIMEOUT) {
                throw e;
            }
            return new ScannedFile.Refused(
                    file, "the file cannot be read: " + e.problems().getFirst().message());
        }
    }

    private interface Attempt {
        ScannedFile run() throws IOException;
    }

    private ScannedFile parquet(PlannedFile file, Path path) throws IOException {
        synchronized (session) {
            return parquetAlone(file, path);
        }
    }

    private ScannedFile parquetAlone(PlannedFile file, Path path) throws IOException {
        String name = Branch.literal(path.toString());
        Schema schema = session.describe(SqlText.of("SELECT * FROM read_parquet(" + name + ")"));
        UnfitFile.requireFew(schema.fields().size());
        String count = "SELECT num_rows FROM parquet_file_metadata(" + name + ")";
        try (QueryResult result = session.query(SqlText.of(count))) {
            long rows = result.next() && result.value(0) instanceof Number n ? n.longValue() : 0;
            return new ScannedFile.Parquet(file, path, schema, rows);
        }
    }

    private ScannedFile rows(PlannedFile file, Path path, Format format) throws IOException {
        try (RowReader reader = readers.open(format, path, spec.options())) {
            Schema schema = reader.schema();
            UnfitFile.requireFew(schema.fields().size());
            while (reader.next() != null) {
                // Only whole files land, and only reading to the end shows that one is.
            }
            return new ScannedFile.Rows(file, path, format, schema);
        }
    }

    private ScannedFile text(PlannedFile file, FileContent content, Format declared)
            throws IOException {
        Format format = declared == Format.JSON && isLines(content) ? Format.NDJSON : declared;
        Optional<LineScanner.Found> found = lines.scan(content, format);
        if (found.isPresent()) {
            return new ScannedFile.Text(
                    file,
                    content,
                    format,
                    found.get().seen(),
                    found.get().records(),
                    found.get().broken(),
                    false,
                    found.get().lines().delimiter(),
                    Optional.of(found.get().lines()));
        }
        return records(file, content, format);
    }

    private ScannedFile records(PlannedFile file, FileContent content, Format format)
            throws IOException {
        SeenColumns seen = new SeenColumns();
        long records = 0;
        long broken = 0;
        try (TextRows rows = open(content, format)) {
            seen.addHeader(rows.header());
            while (rows.next()) {
                records++;
                if (rows.problem().isPresent()) {
                    broken++;
                } else {
                    seen.add(rows);
                }
            }
            boolean regular =
                    content.plain()
                            && broken == 0
                            && rows instanceof CsvRows csv
                            && csv.isRegular();
            char delimiter = rows instanceof CsvRows csv ? csv.delimiter() : ',';
            return new ScannedFile.Text(
                    file,
                    content,
                    format,
                    seen,
                    records,
                    broken,
                    regular,
                    delimiter,
                    Optional.empty());
        }
    }

    private TextRows open(FileContent content, Format format) throws IOException {
        return switch (format) {
            case TSV ->
                    CsvRows.open(
                            content.text(readers),
                            options.delimiter().or(() -> Optional.of('\t')),
                            options);
            case JSON -> JsonRows.elements(content.text(readers));
            case NDJSON -> JsonRows.lines(content.text(readers));
            case CSV, PARQUET, AVRO, ORC, EXCEL ->
                    CsvRows.open(content.text(readers), options.delimiter(), options);
        };
    }

    /** Whether JSON text has one object a line: its first line is one, and another follows. */
    private boolean isLines(FileContent content) throws IOException {
        try (JsonPieces lines = new JsonPieces(content.text(readers), true)) {
            if (!lines.next() || !lines.text().stripLeading().startsWith("{")) {
                return false;
            }
            JsonText.object(lines.text());
            return lines.next() && lines.text().stripLeading().startsWith("{");
        } catch (JsonText.Refused e) {
            return false;
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        String detail = message == null ? e.getClass().getSimpleName() : message;
        return "the file cannot be read to its end, it may have been cut off: " + detail;
    }
}
