package dev.tarn.formats;

import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.ForeignFile;
import dev.tarn.model.table.ForeignFile.ColumnsBy;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.ValueRange;
import dev.tarn.spi.AttachedFormat;
import dev.tarn.spi.Engine;
import dev.tarn.spi.ParquetForms;
import dev.tarn.spi.Storage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plain folders of files of one format as tables; folders inside them may be called {@code
 * column=value}. What is not Parquet is read through copies. A version is the time of the newest
 * file with the number of files up to then and their bytes: what comes later is not part of it, and
 * what goes or changes is noticed.
 */
public final class PlainFolders implements AttachedFormat {
    private static final int KEPT = 64;
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

    /** The formats and how names of their files end. */
    private static final Map<String, List<String>> ENDINGS =
            Map.of(
                    "parquet", List.of(".parquet"),
                    "csv", List.of(".csv", ".csv.gz", ".tsv", ".tsv.gz"),
                    "json", List.of(".json", ".json.gz", ".ndjson", ".ndjson.gz", ".jsonl"),
                    "avro", List.of(".avro"),
                    "orc", List.of(".orc"));

    private final String name;
    private final Storage storage;
    private final ParquetQuestions questions;
    private final ParquetForms copies;
    private final Map<String, Schema> schemas =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Schema> eldest) {
                    return size() > KEPT;
                }
            };

    private PlainFolders(String name, Storage storage, Engine engine, ParquetForms copies) {
        this.name = name;
        this.storage = storage;
        this.questions = new ParquetQuestions(engine);
        this.copies = copies;
    }

    /**
     * One for each format.
     *
     * @param engine tells which columns the files have
     * @param copies of files that are not Parquet
     */
    public static List<AttachedFormat> open(Storage storage, Engine engine, ParquetForms copies) {
        return Stream.of("parquet", "csv", "json", "avro", "orc")
                .<AttachedFormat>map(name -> new PlainFolders(name, storage, engine, copies))
                .toList();
    }

    @Override
    public String name() {
        return name;
    }

    /** What is read is not what lies there, unless it is Parquet. */
    @Override
    public boolean isAdoptable() {
        return name.equals("parquet");
    }

    /** Where a file can be read as Parquet. */
    private Path parquet(Storage.StoredFile file) {
        Path local = storage.local(file);
        return switch (name) {
            case "csv" -> copies.of(Format.CSV, file, local);
            case "json" -> copies.of(Format.JSON, file, local);
            case "avro" -> copies.of(Format.AVRO, file, local);
            case "orc" -> copies.of(Format.ORC, file, local);
            default -> local;
        };
    }

    private boolean isOurs(Storage.StoredFile file) {
        String lower = file.location().toLowerCase(Locale.ROOT);
        return ENDINGS.getOrDefault(name, List.of()).stream().anyMatch(lower::endsWith);
    }

    @Override
    public boolean recognises(String location) {
        return !files(location).isEmpty();
    }

    @Override
    public String newest(String location) {
        List<Storage.StoredFile> files = files(location);
        if (files.isEmpty()) {
            throw FormatErrors.noFiles(location, name);
        }
        return version(files);
    }

    private static String version(List<Storage.StoredFile> files) {
        long newest =
                files.stream()
                        .map(Storage.StoredFile::modified)
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.EPOCH)
                        .toEpochMilli();
        long bytes = files.stream().mapToLong(Storage.StoredFile::bytes).sum();
        return newest + "-" + files.size() + "-" + bytes;
    }

    /** The files of a version, in order; refuses when they are not what they were. */
    private List<Storage.StoredFile> files(String location, String version) {
        long until = Long.parseLong(version.substring(0, version.indexOf('-')));
        List<Storage.StoredFile> files =
                files(location).stream().filter(f -> f.modified().toEpochMilli() <= until).toList();
        if (!version(files).equals(version)) {
            throw FormatErrors.folderChanged(location);
        }
        return files;
    }

    /** Names that begin with a dot or a low line are those of engines' own files. */
    private List<Storage.StoredFile> files(String location) {
        String folder = folder(location);
        return storage.list(folder).stream()
                .filter(f -> isOurs(f) || (name.equals("parquet") && f.location().equals(folder)))
                .filter(f -> f.bytes() > 0)
                .filter(f -> {
                    String inside =
                            f.location().startsWith(folder)
                                    ? f.location().substring(folder.length())
                                    : f.location();
                    return !inside.contains("/.") && !inside.matches(".*/_[^/=]*(/.*)?");
                })
                .sorted(Comparator.comparing(Storage.StoredFile::location))
                .toList();
    }

    private static String folder(String location) {
        String place =
                location.startsWith("file:") ? location.replaceFirst("^file:(//)?", "") : location;
        return place.length() > 1 ? place.replaceAll("/+$", "") : place;
    }

    @Override
    public TableState state(TablePointer pointer, String location, String version) {
        List<Storage.StoredFile> files = files(location, version);
        Instant newest =
                Instant.ofEpochMilli(Long.parseLong(version.substring(0, version.indexOf('-'))));
        List<PartitionField> partitioning =
                partition(location, files.getFirst()).keySet().stream()
                        .map(column -> PartitionField.of(column, new Transform.Identity()))
                        .toList();
        TableState.Snapshot current =
                new TableState.Snapshot(
                        newest.toEpochMilli(),
                        Optional.empty(),
                        newest,
                        "append",
                        0,
                        0,
                        questions.rows(parquet(files)),
                        0,
                        files.size(),
                        files.stream().mapToLong(Storage.StoredFile::bytes).sum(),
                        Map.of());
        return new TableState(
                pointer,
                folder(location),
                version,
                1,
                new TableDefinition(
                        schema(location, version, files),
                        partitioning,
                        List.of(),
                        Map.of("format", name)),
                Optional.of(current),
                List.of(current));
    }

    private Schema schema(String location, String version, List<Storage.StoredFile> files) {
        String key = version + ":" + location;
        synchronized (schemas) {
            @Nullable Schema known = schemas.get(key);
            if (known != null) {
                return known;
            }
        }
        Schema found = questions.columns(parquet(files));
        List<Field> fields = new ArrayList<>();
        int[] id = {0};
        for (Field field : found.fields()) {
            fields.add(ForeignIds.assigned(field, () -> ++id[0]));
        }
        for (String column : partition(location, files.getFirst()).keySet()) {
            if (found.find(column).isEmpty()) {
                List<Optional<String>> values =
                        files.stream()
                                .map(f ->
                                        partition(location, f)
                                                .getOrDefault(column, Optional.empty()))
                                .toList();
                fields.add(
                        ForeignIds.assigned(
                                Field.of(column, PartitionTypes.of(values)), () -> ++id[0]));
            }
        }
        Schema schema = new Schema(fields);
        synchronized (schemas) {
            schemas.put(key, schema);
        }
        return schema;
    }

    @Override
    public TableScan scan(
            String location, String version, Optional<Long> snapshot, List<Predicate> predicates) {
        List<Storage.StoredFile> files = files(location, version);
        Schema schema = schema(location, version, files);
        List<TableScan.DataFile> data = new ArrayList<>();
        for (Storage.StoredFile file : files) {
            Map<Integer, Optional<String>> constants = new HashMap<>();
            partition(location, file)
                    .forEach((column, value) ->
                            schema.find(column).ifPresent(f -> constants.put(f.id(), value)));
            if (!mayHaveRows(schema, constants, predicates)) {
                continue;
            }
            data.add(
                    new TableScan.DataFile(
                            file.location(),
                            parquet(file),
                            -1,
                            file.bytes(),
                            Optional.empty(),
                            Optional.of(ForeignFile.of(ColumnsBy.NAME, Map.of(), constants))));
        }
        return new TableScan(schema, data, files.size());
    }

    /** Whether the names of folders leave a file in. */
    private static boolean mayHaveRows(
            Schema schema, Map<Integer, Optional<String>> constants, List<Predicate> predicates) {
        for (Predicate predicate : predicates) {
            Optional<Field> field = schema.find(predicate.column());
            if (field.isEmpty() || !constants.containsKey(field.get().id())) {
                continue;
            }
            Optional<String> value = constants.getOrDefault(field.get().id(), Optional.empty());
            boolean may =
                    switch (predicate.operator()) {
                        case IS_NULL -> value.isEmpty();
                        case IS_NOT_NULL -> value.isPresent();
                        default ->
                                value.isPresent()
                                        && ValueRange.of(field.get().type(), value.get())
                                                .mayMeet(predicate);
                    };
            if (!may) {
                return false;
            }
        }
        return true;
    }

    /** What the names of the folders say, from the outermost. */
    private static Map<String, Optional<String>> partition(
            String location, Storage.StoredFile file) {
        String folder = folder(location);
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        String inside =
                file.location().startsWith(folder)
                        ? file.location().substring(folder.length())
                        : file.location();
        String[] parts = inside.split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            int equal = parts[i].indexOf('=');
            if (equal > 0) {
                String value = decoded(parts[i].substring(equal + 1));
                values.put(
                        decoded(parts[i].substring(0, equal)),
                        value.equals(NULL) ? Optional.empty() : Optional.of(value));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private List<Path> parquet(List<Storage.StoredFile> files) {
        return files.stream().map(this::parquet).toList();
    }
}
