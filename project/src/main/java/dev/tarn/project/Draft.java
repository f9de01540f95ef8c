package dev.tarn.project;

import dev.tarn.jinja.Block;
import dev.tarn.jinja.Template;
import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.PropertyFile.TestEntry;
import dev.tarn.project.UnitTestReader.UnitEntry;
import java.util.ArrayList;
import java.util.Collections;
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
    /** The folder whose queries are streams. */
    static final String STREAMS = "streams";

    /** What a draft becomes. */
    enum Kind {
        MODEL("model", "models"),
        SEED("seed", "seeds"),
        SNAPSHOT("snapshot", "snapshots"),
        /** What is said of models goes for these, too. */
        ANALYSIS("analysis", "models"),
        FUNCTION("function", "functions"),
        SINGULAR("test", "data_tests"),
        GENERIC("test", "data_tests"),
        UNIT("unit_test", "unit_tests");

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
            return this == SINGULAR || this == GENERIC || this == UNIT;
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
            Draft target = node.orElseThrow();
            return target.version
                    .map(v -> "ref('%s', version='%s')".formatted(target.name, v))
                    .orElseGet(() -> "ref('%s')".formatted(target.name));
        }

        NodeId id() {
            return source.isPresent() ? source.get().id() : node.orElseThrow().id;
        }
    }

    /** A call of {@code ref}. */
    record RefCall(
            Optional<String> packageName, String name, Optional<String> version, Place place) {
        RefCall(Optional<String> packageName, String name, Place place) {
            this(packageName, name, Optional.empty(), place);
        }
    }

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

    /** The package whose property file describes it, where that is another one. */
    Optional<String> describer = Optional.empty();

    Optional<Subject> subject = Optional.empty();
    Optional<UnitEntry> unit = Optional.empty();
    Optional<Template> template = Optional.empty();

    /** A snapshot's part of its file; empty when the whole file is the template. */
    Optional<Block> block = Optional.empty();

    /** Which version of the model of its name it is, as written; empty for models without. */
    Optional<Object> version = Optional.empty();

    /** The version that a reference without one means. */
    Optional<Object> latestVersion = Optional.empty();

    /** The ids of the macros that its own text calls. */
    List<String> calls = List.of();

    /** The statements around its building, once compiled. */
    List<SqlText> before = List.of();

    List<SqlText> after = List.of();
    Settings settings = new Settings();
    final WrittenSettings written = new WrittenSettings();
    Optional<TableName> relation = Optional.empty();
    String identifier;
    String database = RelationValue.DATABASE;
    String schema = "";
    Optional<SqlText> full = Optional.empty();
    Optional<SqlText> incremental = Optional.empty();
    final Set<RefCall> refs = new LinkedHashSet<>();
    final Set<SourceCall> sources = new LinkedHashSet<>();

    /** The metrics it was seen to ask for; grows while templates run. */
    final Set<RefCall> metrics = Collections.synchronizedSet(new LinkedHashSet<>());

    /** The ids of those that were seen before it is built. */
    final Set<String> metricIds = new LinkedHashSet<>();

    /** The functions it was seen to ask for. */
    final Set<RefCall> functions = new LinkedHashSet<>();

    /** What tells whether a seed's file is another one, in dbt's way. */
    Optional<Map<Object, @Nullable Object>> seedSum = Optional.empty();

    /** Its description with docs blocks filled in, and those of its columns by name. */
    Optional<String> description = Optional.empty();

    Map<String, String> descriptions = Map.of();

    /** The macros its template was seen to call; grows while templates run. */
    final Set<String> macros = Collections.synchronizedSet(new LinkedHashSet<>());

    /** Grows while templates run, when others may look at it. */
    final Set<NodeId> dependsOn = Collections.synchronizedSet(new LinkedHashSet<>());

    final InputReadings readings = new InputReadings();

    boolean failed;

    /** What its template told people while it was compiled without data. */
    final List<Runnable> said = Collections.synchronizedList(new ArrayList<>());

    /** Whether the project's macro gave no schema for it, so that nobody can build it. */
    boolean hasNoSchema;

    /** Whether its settings and references are known, so that only its code can be wrong. */
    boolean compiling;

    /** Whether its hooks look at data, so that they can be rendered only when they run. */
    boolean lateHooks;

    /** Whether its code looks at data, so that it can be compiled only when that is there. */
    volatile boolean late;

    /** Whether its code may ask which period it is built for, so that each has its own. */
    boolean asksForPeriod;

    /** The period it is built for; empty while it is built for none. */
    Optional<BatchPeriod> batch = Optional.empty();

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

    /** Whether its code is Python. */
    boolean isPython() {
        return kind == Kind.MODEL && file.endsWith(".py");
    }

    /** Whether it stands where streams do, and becomes one unless it says otherwise. */
    boolean isStream() {
        return kind == Kind.MODEL && file.startsWith(STREAMS + "/");
    }

    boolean isEphemeral() {
        return kind == Kind.MODEL && ModelSettings.materialized(settings).equals("ephemeral");
    }

    /** Whether queries call it with arguments, as a table. */
    boolean isTableFunction() {
        return kind == Kind.MODEL
                && ModelSettings.materialized(settings).equals(TableFunction.WORD);
    }

    boolean isIncremental() {
        return kind == Kind.MODEL && ModelSettings.materialized(settings).equals("incremental");
    }

    /** Whether it is built period by period. */
    boolean isMicrobatch() {
        return isIncremental() && "microbatch".equals(settings.plain("incremental_strategy"));
    }

    /** How queries name it. */
    RelationValue relationValue() {
        if (isEphemeral()) {
            return RelationValue.cte("__dbt__cte__" + identifier);
        }
        String type =
                kind == Kind.MODEL && ModelSettings.materialized(settings).equals("view")
                        ? "view"
                        : "table";
        return RelationValue.of(schema, identifier, type).in(database);
    }

    /** The node as its own template names it, also where it has no table. */
    RelationValue ownRelation() {
        return isEphemeral()
                ? RelationValue.of(schema, identifier, null).in(database)
                : relationValue();
    }

    /** What people say about it, docs blocks filled in where that is already done. */
    String described() {
        return description.orElseGet(() ->
                entry.map(e -> e.words().description())
                        .or(() -> subject.map(s -> s.entry().words().description()))
                        .or(() -> unit.map(UnitEntry::description))
                        .orElse(""));
    }

    /** The node as files tell it. */
    Map<Object, @Nullable Object> asMap() {
        return NodeFacts.of(this);
    }

    /** The node as its own templates see it: {@code model}. */
    Map<Object, @Nullable Object> asModel() {
        Map<Object, @Nullable Object> facts = NodeFacts.withoutNone(asMap());
        if (isMicrobatch()) {
            BatchPeriod.tell(facts, batch);
        }
        return facts;
    }

    /** The node as a sentence about it begins. */
    String inSentence() {
        return switch (kind) {
            case MODEL -> "Model '" + name + "'";
            case SEED -> "Seed '" + name + "'";
            case SNAPSHOT -> "Snapshot '" + name + "'";
            case ANALYSIS -> "Analysis '" + name + "'";
            case FUNCTION -> "Function '" + name + "'";
            case SINGULAR, GENERIC -> "Test '" + name + "'";
            case UNIT -> "Unit test '" + name + "'";
        };
    }
}
