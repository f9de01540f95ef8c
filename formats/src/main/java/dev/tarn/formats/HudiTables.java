package dev.tarn.formats;

import dev.tarn.formats.HudiTimeline.Commit;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.ForeignFile;
import dev.tarn.model.table.ForeignFile.ColumnsBy;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Type;
import dev.tarn.spi.AttachedFormat;
import dev.tarn.spi.Engine;
import dev.tarn.spi.Storage;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.AvroRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Hudi tables that are copied on write: of each group of files, the newest one of a complete
 * commit. A version is the time of a commit with the number of files and their bytes, so that files
 * that were cleaned away since are noticed.
 */
public final class HudiTables implements AttachedFormat {
    private static final Pattern BASE_FILE = Pattern.compile("(.+)_([^_]+)_(\\d{8,20})\\.(\\w+)");
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";
    private static final List<String> OWN_COLUMNS =
            List.of(
                    "_hoodie_commit_time",
                    "_hoodie_commit_seqno",
                    "_hoodie_record_key",
                    "_hoodie_partition_path",
                    "_hoodie_file_name");

    private final Storage storage;
    private final ParquetQuestions questions;

    private HudiTables(Storage storage, Engine engine) {
        this.storage = storage;
        this.questions = new ParquetQuestions(engine);
    }

    /**
     * @param engine counts the rows of files
     */
    public static HudiTables open(Storage storage, Engine engine) {
        return new HudiTables(storage, engine);
    }

    @Override
    public String name() {
        return "hudi";
    }

    /** What Hudi's writers keep and what they clean away is theirs to know. */
    @Override
    public boolean isAdoptable() {
        return false;
    }

    private static String folder(String location) {
        String place =
                location.startsWith("file:") ? location.replaceFirst("^file:(//)?", "") : location;
        return place.length() > 1 ? place.replaceAll("/+$", "") : place;
    }

    @Override
    public boolean recognises(String location) {
        return HudiTimeline.isThere(storage, folder(location));
    }

    @Override
    public String newest(String location) {
        String table = folder(location);
        if (!HudiTimeline.isThere(storage, table)) {
            throw FormatErrors.noHudi(table);
        }
        HudiTimeline timeline = HudiTimeline.of(storage, table);
        String time = timeline.newest().orElse("0");
        return version(time, files(table, timeline, timeline.until(time)));
    }

    private static String version(String time, List<Base> files) {
        long bytes = files.stream().mapToLong(f -> f.file().bytes()).sum();
        return time + "-" + files.size() + "-" + bytes;
    }

    private static String time(String version) {
        return version.substring(0, version.indexOf('-'));
    }

    /**
     * The file of a group that is read.
     *
     * @param partition its folder below the table's
     */
    private record Base(Storage.StoredFile file, String partition, String begun) {}

    /** A version's timeline, commits and files. */
    private record At(HudiTimeline timeline, List<Commit> commits, List<Base> files) {}

    private At at(String location, String version) {
        String table = folder(location);
        HudiTimeline timeline = HudiTimeline.of(storage, table);
        List<Commit> commits = timeline.until(time(version));
        List<Base> files = files(table, timeline, commits);
        if (!version(time(version), files).equals(version)) {
            throw FormatErrors.folderChanged(location);
        }
        return new At(timeline, commits, files);
    }

    private List<Base> files(String table, HudiTimeline timeline, List<Commit> commits) {
        Set<String> complete = new HashSet<>();
        commits.forEach(c -> complete.add(c.begun()));
        Set<String> replaced = timeline.replaced(commits);
        Map<String, Base> newest = new TreeMap<>();
        for (Storage.StoredFile file : storage.list(table)) {
            String inside = file.location().substring(table.length() + 1);
            int slash = inside.lastIndexOf('/');
            Matcher name = BASE_FILE.matcher(inside.substring(slash + 1));
            if (inside.startsWith(".") || inside.contains("/.") || !name.matches()) {
                continue;
            }
            String partition = slash < 0 ? "" : inside.substring(0, slash);
            String group = partition + "/" + name.group(1);
            String begun = name.group(3);
            boolean counts =
                    !replaced.contains(group)
                            && (complete.contains(begun) || timeline.isBeforeAll(begun));
            if (counts) {
                if (!name.group(4).equals("parquet")) {
                    throw FormatErrors.hudiFormat(table, name.group(4));
                }
                newest.merge(
                        group,
                        new Base(file, partition, begun),
                        (a, b) -> a.begun().compareTo(b.begun()) >= 0 ? a : b);
            }
        }
        return newest.values().stream()
                .sorted(Comparator.comparing(b -> b.file().location()))
                .toList();
    }

    @Override
    public TableState state(TablePointer pointer, String location, String version) {
        At at = at(location, version);
        Instant written = instant(time(version));
        TableState.Snapshot current =
                new TableState.Snapshot(
                        written.toEpochMilli(),
                        Optional.empty(),
                        written,
                        "append",
                        0,
                        0,
                        questions.rows(paths(at.files())),
                        0,
                        at.files().size(),
                        at.files().stream().mapToLong(f -> f.file().bytes()).sum(),
                        Map.of());
        return new TableState(
                pointer,
                folder(location),
                at.timeline().setting("hoodie.table.name", "hudi") + " " + version,
                1,
                new TableDefinition(
                        schema(location, at), List.of(), List.of(), Map.of("format", "hudi")),
                Optional.of(current),
                List.of(current));
    }

    /** The time in a commit's name; one that is no time is that of the beginning. */
    private static Instant instant(String time) {
        if (!time.matches("\\d{14}(\\d{3})?")) {
            return Instant.EPOCH;
        }
        Instant second =
                LocalDateTime.parse(
                                time.substring(0, 14),
                                DateTimeFormatter.ofPattern("uuuuMMddHHmmss"))
                        .toInstant(ZoneOffset.UTC);
        return time.length() == 17
                ? second.plusMillis(Integer.parseInt(time.substring(14)))
                : second;
    }

    private List<Path> paths(List<Base> files) {
        return files.stream().map(f -> storage.local(f.file())).toList();
    }

    private Schema schema(String location, At at) {
        List<Field> fields = new ArrayList<>();
        if (at.timeline().setting("hoodie.populate.meta.fields", "true").equals("true")) {
            OWN_COLUMNS.forEach(c -> fields.add(Field.of(c, Type.Primitive.VARCHAR)));
        }
        @Nullable String told = at.timeline().schema(at.commits()).orElse(null);
        Schema found;
        if (told != null) {
            found = avro(location, told);
        } else if (at.files().isEmpty()) {
            throw FormatErrors.hudiNoColumns(location);
        } else {
            found = questions.columns(paths(at.files()));
        }
        for (Field field : found.fields()) {
            if (fields.stream().noneMatch(f -> f.name().equalsIgnoreCase(field.name()))) {
                fields.add(field);
            }
        }
        int[] id = {0};
        return new Schema(fields.stream().map(f -> ForeignIds.assigned(f, () -> ++id[0])).toList());
    }

    private static Schema avro(String location, String text) {
        try {
            return AvroTypes.schema(
                    Path.of(folder(location).replace("s3://", "/")),
                    new org.apache.avro.Schema.Parser().parse(text));
        } catch (AvroRuntimeException e) {
            throw FormatErrors.hudiDamaged(location, e);
        }
    }

    @Override
    public TableScan scan(
            String location, String version, Optional<Long> snapshot, List<Predicate> predicates) {
        At at = at(location, version);
        Schema schema = schema(location, at);
        List<TableScan.DataFile> files = new ArrayList<>();
        for (Base base : at.files()) {
            files.add(
                    new TableScan.DataFile(
                            base.file().location(),
                            storage.local(base.file()),
                            -1,
                            base.file().bytes(),
                            Optional.empty(),
                            Optional.of(
                                    ForeignFile.of(
                                            ColumnsBy.NAME,
                                            Map.of(),
                                            constants(location, at, schema, base)))));
        }
        return new TableScan(schema, files, files.size());
    }

    /** Partition columns that the writer was told to leave out of the files. */
    private static Map<Integer, Optional<String>> constants(
            String location, At at, Schema schema, Base base) {
        Map<Integer, Optional<String>> constants = new HashMap<>();
        HudiTimeline timeline = at.timeline();
        String named = timeline.setting("hoodie.table.partition.fields", "");
        boolean left =
                timeline.setting("hoodie.datasource.write.drop.partition.columns", "false")
                        .equals("true");
        if (!left || named.isBlank()) {
            return constants;
        }
        String[] columns = named.split(",");
        String[] values = base.partition().split("/");
        if (columns.length != values.length) {
            throw FormatErrors.hudiPartition(location, base.partition(), named);
        }
        for (int i = 0; i < columns.length; i++) {
            // Newer tables say behind the name how the value was made.
            String column = columns[i].strip().replaceFirst(":.*$", "");
            int equal = values[i].indexOf('=');
            String value =
                    URLDecoder.decode(
                            values[i].substring(equal + 1).replace("+", "%2B"),
                            StandardCharsets.UTF_8);
            schema.find(column)
                    .ifPresent(f ->
                            constants.put(
                                    f.id(),
                                    value.equals(NULL) ? Optional.empty() : Optional.of(value)));
        }
        return constants;
    }
}
