package dev.tarn.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The timeline of a Hudi table: which commits are complete, and which groups of files later ones
 * took the place of. Tables up to version 6 keep it as JSON right in {@code .hoodie}, those from
 * version 8 on as Avro in {@code .hoodie/timeline}, where names also tell when a commit was done.
 */
final class HudiTimeline {
    private static final int NEWEST_KNOWN = 9;
    private static final int IN_FOLDER_SINCE = 8;
    private static final Pattern PLAIN = Pattern.compile("(\\d{8,20})\\.(commit|replacecommit)");
    private static final Pattern TIMED =
            Pattern.compile("(\\d{8,20})_(\\d{8,20})\\.(commit|replacecommit)");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Storage storage;
    private final Properties settings;
    private final List<Commit> commits;

    /**
     * A commit that is complete.
     *
     * @param begun names the commit, also in the names of its files
     * @param done when it became visible; the same as {@code begun} where nothing tells
     */
    record Commit(String begun, String done, boolean replaces, String file) {}

    private HudiTimeline(Storage storage, Properties settings, List<Commit> commits) {
        this.storage = storage;
        this.settings = settings;
        this.commits = List.copyOf(commits);
    }

    static boolean isThere(Storage storage, String table) {
        return storage.find(settingsFile(table)).isPresent();
    }

    private static String settingsFile(String table) {
        return table + "/.hoodie/hoodie.properties";
    }

    /** Refuses what cannot be read right, by its name. */
    static HudiTimeline of(Storage storage, String table) {
        Properties settings = settings(storage, table);
        int version = version(settings);
        if (version > NEWEST_KNOWN) {
            throw FormatErrors.hudiVersion(table, version, NEWEST_KNOWN);
        }
        String type = settings.getProperty("hoodie.table.type", "COPY_ON_WRITE");
        if (!type.equals("COPY_ON_WRITE")) {
            throw FormatErrors.hudiType(table, type);
        }
        String format = settings.getProperty("hoodie.table.base.file.format", "PARQUET");
        if (!format.equalsIgnoreCase("PARQUET")) {
            throw FormatErrors.hudiFormat(table, format);
        }
        if (settings.containsKey("hoodie.bootstrap.base.path")) {
            throw FormatErrors.hudiBootstrap(table);
        }
        boolean inFolder = version >= IN_FOLDER_SINCE;
        String folder =
                table
                        + "/.hoodie"
                        + (inFolder
                                ? "/" + settings.getProperty("hoodie.timeline.path", "timeline")
                                : "");
        List<Commit> commits = new ArrayList<>();
        for (Storage.StoredFile file : storage.list(folder)) {
            String name = file.location().substring(file.location().lastIndexOf('/') + 1);
            if (file.location().equals(folder + "/" + name)) {
                commit(name, file.location(), inFolder).ifPresent(commits::add);
            }
        }
        commits.sort(Comparator.comparing(Commit::done).thenComparing(Commit::begun));
        return new HudiTimeline(storage, settings, commits);
    }

    private static Optional<Commit> commit(String name, String file, boolean timed) {
        Matcher found = (timed ? TIMED : PLAIN).matcher(name);
        if (!found.matches()) {
            return Optional.empty();
        }
        String done = timed ? found.group(2) : found.group(1);
        boolean replaces = found.group(found.groupCount()).equals("replacecommit");
        return Optional.of(new Commit(found.group(1), done, replaces, file));
    }

    private static int version(Properties settings) {
        String version = settings.getProperty("hoodie.table.version", "1").strip();
        return version.matches("\\d{1,4}") ? Integer.parseInt(version) : Integer.MAX_VALUE;
    }

    private static Properties settings(Storage storage, String table) {
        Properties settings = new Properties();
        try (InputStream in = storage.open(settingsFile(table))) {
            settings.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw FormatErrors.hudiDamaged(settingsFile(table), e);
        }
        return settings;
    }

    String setting(String name, String other) {
        return settings.getProperty(name, other);
    }

    /** When the newest commit was done; empty for a table without commits. */
    Optional<String> newest() {
        return commits.isEmpty() ? Optional.empty() : Optional.of(commits.getLast().done());
    }

    /** The commits up to a time, oldest first. */
    List<Commit> until(String time) {
        return commits.stream().filter(c -> c.done().compareTo(time) <= 0).toList();
    }

    /**
     * Older commits are told nowhere: they are complete, or their files would have been removed.
     */
    boolean isBeforeAll(String begun) {
        return commits.stream().allMatch(c -> begun.compareTo(c.begun()) < 0);
    }

    /** Groups of files that commits took the place of, as {@code partition/id}. */
    Set<String> replaced(List<Commit> among) {
        Set<String> replaced = new HashSet<>();
        for (Commit commit : among) {
            if (commit.replaces()) {
                told(commit)
                        .replaced()
                        .forEach((partition, ids) ->
                                ids.forEach(id -> replaced.add(partition + "/" + id)));
            }
        }
        return replaced;
    }

    /** The columns as the newest of some commits tells them, or as the table was made with. */
    Optional<String> schema(List<Commit> among) {
        for (Commit commit : among.reversed()) {
            String schema = told(commit).schema();
            if (!schema.isBlank()) {
                return Optional.of(schema);
            }
        }
        return Optional.ofNullable(settings.getProperty("hoodie.table.create.schema"));
    }

    /** What a commit says. */
    private record Told(Map<String, List<String>> replaced, String schema) {}

    private Told told(Commit commit) {
        try (InputStream in = storage.open(commit.file())) {
            byte[] bytes = in.readAllBytes();
            boolean avro =
                    bytes.length > 3 && bytes[0] == 'O' && bytes[1] == 'b' && bytes[2] == 'j';
            return avro ? avro(bytes) : json(bytes);
        } catch (IOException | RuntimeException e) {
            if (e instanceof TarnException known) {
                throw known;
            }
            throw FormatErrors.hudiDamaged(commit.file(), e);
        }
    }

    private static Told json(byte[] bytes) throws IOException {
        JsonNode commit = bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes);
        Map<String, List<String>> replaced = new HashMap<>();
        commit.path("partitionToReplaceFileIds")
                .properties()
                .forEach(e -> {
                    List<String> ids = new ArrayList<>();
                    e.getValue().forEach(id -> ids.add(id.asText()));
                    replaced.put(e.getKey(), ids);
                });
        return new Told(replaced, commit.path("extraMetadata").path("schema").asText(""));
    }

    private static Told avro(byte[] bytes) throws IOException {
        try (DataFileStream<GenericRecord> records =
                new DataFileStream<>(new ByteArrayInputStream(bytes), new GenericDatumReader<>())) {
            Map<String, List<String>> replaced = new HashMap<>();
            String schema = "";
            if (records.hasNext()) {
                GenericRecord commit = records.next();
                if (field(commit, "partitionToReplaceFileIds") instanceof Map<?, ?> map) {
                    map.forEach((partition, ids) ->
                            replaced.put(
                                    String.valueOf(partition),
                                    ((List<?>) ids).stream().map(String::valueOf).toList()));
                }
                if (field(commit, "extraMetadata") instanceof Map<?, ?> extra) {
                    for (Map.Entry<?, ?> each : extra.entrySet()) {
                        if (String.valueOf(each.getKey()).equals("schema")) {
                            schema = String.valueOf(each.getValue());
                        }
                    }
                }
            }
            return new Told(replaced, schema);
        }
    }

    private static @Nullable Object field(GenericRecord record, String name) {
        return record.getSchema().getField(name) == null ? null : record.get(name);
    }
}
