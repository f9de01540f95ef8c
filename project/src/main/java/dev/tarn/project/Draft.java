package dev.tarn.project;

import dev.tarn.jinja.Template;
import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.PropertyFile.TestEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node on its way to the graph. One thread at a time works on it; others read only what the
 * earlier steps decided.
 */
final class Draft {
    /** What a draft becomes. */
    enum Kind {
        MODEL("model", "models"),
        SEED("seed", "seeds"),
        SINGULAR("test", "data_tests"),
        GENERIC("test", "data_tests");

        private final String word;
        private final String section;

        Kind(String word, String section) {
            this.word = word;
            this.section = section;
        }

        /** The first part of its ids. */
        String word() {
            return word;
        }

        /** Its settings in the project file. */
        String section() {
            return section;
        }

        boolean isTest() {
            return this == SINGULAR || this == GENERIC;
        }
    }

    /** What a generic test is about. */
    record Subject(
            TestEntry entry,
            Optional<Draft> node,
            Optional<SourceDraft> source,
            Optional<ColumnEntry> column,
            Map<String, @Nullable Object> arguments) {
        /** The call that names it, as dbt writes it. */
        String reference() {
            if (source.isPresent()) {
                SourceDraft s = source.get();
                return "source('%s', '%s')".formatted(s.sourceName(), s.tableName());
            }
            return "ref('%s')".formatted(node.orElseThrow().name);
        }

        NodeId id() {
            return source.isPresent() ? source.get().id() : node.orElseThrow().id;
        }
    }

    /** A call of {@code ref}. */
    record RefCall(Optional<String> packageName, String name, Place place) {}

    /** A call of {@code source}. */
    record SourceCall(String source, String table, Place place) {}

    final Kind kind;
    final NodeId id;
    final String name;
    final String packageName;
    final List<String> fqn;
    final String file;
    final Place place;
    final String text;

    Optional<NodeEntry> entry = Optional.empty();
    Optional<Subject> subject = Optional.empty();
    Optional<Template> template = Optional.empty();
    Settings settings = new Settings();
    Optional<TableName> relation = Optional.empty();
    String identifier;
    String schema = "";
    Optional<SqlText> full = Optional.empty();
    Optional<SqlText> incremental = Optional.empty();
    final Set<RefCall> refs = new LinkedHashSet<>();
    final Set<SourceCall> sources = new LinkedHashSet<>();

    /** Grows while templates run, when others may look at it. */
    final Set<NodeId> dependsOn = Collections.synchronizedSet(new LinkedHashSet<>());

    boolean failed;

    /** Whether its settings and references are known, so that only its code can be wrong. */
    boolean compiling;

    /** Whether its code looks at data, so that it can be compiled only when that is there. */
    volatile boolean late;

    /**
     * @param text the file's; empty for seeds and generic tests
     */
    Draft(
            Kind kind,
            NodeId id,
            String name,
            String packageName,
            List<String> fqn,
            Place place,
            String text) {
        this.kind = kind;
        this.id = id;
        this.name = name;
        this.packageName = packageName;
        this.fqn = List.copyOf(fqn);
        this.file = place.file();
        this.place = place;
        this.text = text;
        this.identifier = name;
    }

    boolean isEphemeral() {
        return kind == Kind.MODEL && ModelSettings.materialized(settings).equals("ephemeral");
    }

    boolean isIncremental() {
        return kind == Kind.MODEL && ModelSettings.materialized(settings).equals("incremental");
    }

    /** How queries name it. */
    RelationValue relationValue() {
        if (isEphemeral()) {
            return RelationValue.cte("__dbt__cte__" + name);
        }
        String type =
                kind == Kind.MODEL && ModelSettings.materialized(settings).equals("view")
                        ? "view"
                        : "table";
        return RelationValue.of(schema, identifier, type);
    }

    /** The node as templates see it: {@code model}. */
    Map<Object, @Nullable Object> asMap() {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        map.put("unique_id", id.value());
        map.put("name", name);
        map.put("resource_type", kind.word());
        map.put("package_name", packageName);
        map.put("path", file);
        map.put("original_file_path", file);
        map.put("fqn", new ArrayList<>(fqn));
        map.put("database", RelationValue.DATABASE);
        map.put("schema", schema);
        map.put("alias", identifier);
        map.put("raw_code", text);
        map.put("raw_sql", text);
        map.put("language", "sql");
        map.put("description", entry.map(e -> e.words().description()).orElse(""));
        map.put("config", settings.plain());
        Object tags = settings.plain("tags");
        map.put("tags", tags == null ? new ArrayList<>() : tags);
        Object meta = settings.plain("meta");
        map.put("meta", meta == null ? new LinkedHashMap<>() : meta);
        Map<Object, @Nullable Object> columns = new LinkedHashMap<>();
        for (ColumnEntry column : entry.map(NodeEntry::columns).orElse(List.of())) {
            Map<Object, @Nullable Object> c = new LinkedHashMap<>();
            c.put("name", column.name());
            c.put("description", column.words().description());
            c.put("data_type", column.dataType().orElse(null));
            c.put("tags", new ArrayList<>(column.words().tags()));
            c.put("quote", column.quoted());
            columns.put(column.name(), c);
        }
        map.put("columns", columns);
        Map<Object, @Nullable Object> depends = new LinkedHashMap<>();
        List<Object> needed = new ArrayList<>();
        for (NodeId id : dependsOn.toArray(new NodeId[0])) {
            needed.add(id.value());
        }
        depends.put("nodes", needed);
        depends.put("macros", new ArrayList<>());
        map.put("depends_on", depends);
        map.put("version", null);
        subject.ifPresent(
                s -> map.put("column_name", s.column().map(ColumnEntry::name).orElse(null)));
        return map;
    }
}
