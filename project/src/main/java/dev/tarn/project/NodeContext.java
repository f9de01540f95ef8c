package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Context;
import dev.tarn.jinja.MacroReturn;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Undefined;
import dev.tarn.jinja.UndefinedFactory;
import dev.tarn.jinja.Values;
import dev.tarn.model.Place;
import dev.tarn.model.graph.NodeId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The names a node's template can use. Belongs to one rendering. */
final class NodeContext implements Context {
    /** Why a template is rendered. */
    enum Mode {
        /** To learn its settings and references; {@code execute} is false. */
        READ,
        /** To get the SQL of a full build. */
        FULL,
        /** To get the SQL that adds to the table that is there. */
        INCREMENTAL
    }

    private final CompileScope scope;
    private final @Nullable Draft node;
    private final String packageName;
    private final Mode mode;
    private final Optional<CompileDatabase> database;
    private final Map<String, @Nullable Object> known = new HashMap<>();
    private final Map<String, Object> bound = new HashMap<>();
    private final RenderTrace trace = new RenderTrace();
    final Map<String, @Nullable Object> results = new HashMap<>();

    /** How many rows statements changed, by the names of their results. */
    final Map<String, Long> changed = new HashMap<>();

    NodeContext(CompileScope scope, Draft node, Mode mode) {
        this(scope, node, mode, scope.request().database());
    }

    /**
     * @param database what templates see of data; empty when there is none yet
     */
    NodeContext(CompileScope scope, Draft node, Mode mode, Optional<CompileDatabase> database) {
        this.scope = scope;
        this.node = node;
        this.packageName = node.packageName;
        this.mode = mode;
        this.database = database;
    }

    /** For templates that belong to no node, such as those in property files. */
    NodeContext(CompileScope scope, String packageName) {
        this(scope, packageName, Mode.READ, Optional.empty());
    }

    private NodeContext(
            CompileScope scope, String packageName, Mode mode, Optional<CompileDatabase> database) {
        this.scope = scope;
        this.node = null;
        this.packageName = packageName;
        this.mode = mode;
        this.database = database;
    }

    /** For templates that belong to no node and are executed, such as those of runs. */
    static NodeContext executing(
            CompileScope scope, String packageName, Optional<CompileDatabase> database) {
        return new NodeContext(scope, packageName, Mode.FULL, database);
    }

    /** The data that templates see. Where there is none yet, the node is put off until there is. */
    CompileDatabase database(String what) {
        putOff();
        return database.orElseThrow(() -> TemplateErrors.needsDatabase(what));
    }

    Optional<CompileDatabase> database() {
        return database;
    }

    /** What fails while it executes without data is tried again when the data is there. */
    void putOff() {
        if (executes() && database.isEmpty() && node != null) {
            node.late = true;
        }
    }

    /** Prints a line for the user, once it is not only read. */
    void say(String line) {
        if (executes()) {
            trace.spoil();
            Consumer<String> log = scope.request().log();
            told(log instanceof TemplateOutput output ? output::printed : log, line);
        }
    }

    /** Logs a line for the user, once it is not only read. */
    void log(String line) {
        if (executes()) {
            trace.spoil();
            told(scope.request().log(), line);
        }
    }

    /** Without data it is heard only if that is all that the template needs. */
    private void told(Consumer<String> listener, String line) {
        if (database.isEmpty() && node != null && node.compiling) {
            node.said.add(() -> listener.accept(line));
        } else {
            listener.accept(line);
        }
    }

    CompileScope scope() {
        return scope;
    }

    Optional<Draft> node() {
        return Optional.ofNullable(node);
    }

    String packageName() {
        return packageName;
    }

    /** What the rendering has been seen to do. */
    RenderTrace trace() {
        return trace;
    }

    /** Notes that a value from outside the template reached it. */
    @Nullable Object noted(@Nullable Object value) {
        if (scope.fromEnvironment().has(value)) {
            trace.environment();
        }
        return value;
    }

    boolean executes() {
        return mode != Mode.READ;
    }

    /** While reading, what is not there is passed over: it may exist when it runs. */
    @Override
    public @Nullable UndefinedFactory undefined() {
        return executes() ? this::unknown : Forgiving::new;
    }

    private Undefined unknown(Undefined.Origin origin) {
        return new UnknownName(origin, scope.macros(), packageName);
    }

    @Override
    public @Nullable Object resolve(String name) {
        if (known.containsKey(name)) {
            return known.get(name);
        }
        Object value = find(name);
        known.put(name, value);
        return value;
    }

    private @Nullable Object find(String name) {
        MacroLibrary macros = scope.macros();
        Optional<MacroLibrary.Macro> own =
                macros.in(packageName, name).or(() -> macros.in(scope.root().name(), name));
        if (own.isPresent()) {
            return bind(own.get());
        }
        if (macros.hasPackage(name)) {
            return new PackageValue(name);
        }
        if (name.equals(MacroLibrary.ADAPTER)) {
            return new PackageValue(MacroLibrary.INTERNAL);
        }
        Optional<MacroLibrary.Macro> internal = macros.own(name);
        Object other = internal.isPresent() ? bind(internal.get()) : builtin(name);
        return other == Missing.VALUE && node != null && !executes()
                ? GenericTestCall.reached(scope, node, name).map(this::bind).orElse(other)
                : other;
    }

    /** The macro as a value that runs in this context. */
    Object bind(MacroLibrary.Macro macro) {
        if (node != null && !executes()) {
            String id = "macro." + macro.packageName() + "." + macro.name();
            node.macros.add(id);
            trace.macro(id);
        }
        boolean ours = macro.packageName().equals(MacroLibrary.INTERNAL);
        return bound.computeIfAbsent(
                macro.packageName() + "." + macro.name(),
                k -> macro.block().bind(ours ? this : new InMacros()));
    }

    Object builtin(String name) {
        Object value = value(name);
        if (value != Missing.VALUE) {
            trace.name(name);
        }
        return value;
    }

    private Object value(String name) {
        return switch (name) {
            case "ref" -> (PyCallable) this::ref;
            case "source" -> (PyCallable) this::source;
            case "function" -> (PyCallable) this::function;
            case "metric" -> new MetricFunction(this);
            case "config" -> new ConfigFunction(this);
            case "var" -> new VarFunction(this);
            case "env_var" -> (PyCallable) this::envVar;
            case "is_incremental" -> (PyCallable) a -> isIncremental();
            case "should_full_refresh" -> (PyCallable) a -> mode != Mode.INCREMENTAL;
            case "execute" -> executes();
            case "return" ->
                    (PyCallable)
                            a -> {
                                throw new MacroReturn(a.get(0, "data", null));
                            };
            case "render" ->
                    (PyCallable)
                            a ->
                                    scope.jinja()
                                            .parse("render()", a.requireText(0, "string"))
                                            .render(this)
                                            .text();
            case "this" -> orNone(node().map(Draft::ownRelation));
            case "model" -> orNone(node().map(Draft::asModel));
            case "schema" ->
                    node == null || node.schema.isEmpty() ? orNone(target("schema")) : node.schema;
            case "sql", "compiled_code" -> orNone(Optional.empty());
            case "database" -> RelationValue.DATABASE;
            case "target" -> new LinkedHashMap<>(scope.target());
            case "adapter" -> new AdapterValue(this);
            case "exceptions" -> new ExceptionsValue(this);
            case "builtins" -> new BuiltinsValue(this::plainBuiltin);
            case "context" -> new ContextValue(this, known);
            default -> Functions.find(name, this);
        };
    }

    private @Nullable Object plainBuiltin(String name) {
        return switch (name) {
            case "ref", "source" -> new Reference((PyCallable) builtin(name));
            default -> builtin(name);
        };
    }

    private Optional<Object> target(String key) {
        return Optional.ofNullable(scope.target().get(key));
    }

    /** None where there is nothing. */
    @SuppressWarnings("NullAway") // null is a value of templates: None
    private static Object orNone(Optional<?> value) {
        return value.orElse(null);
    }

    private boolean isIncremental() {
        return mode == Mode.INCREMENTAL && node != null && node.isIncremental();
    }

    /** Where a call stands. */
    Place place(Arguments a) {
        return place(a, node);
    }

    private static Place place(Arguments a, @Nullable Draft node) {
        boolean inYaml = node != null && node.kind == Draft.Kind.GENERIC;
        if (a.place() != null && !inYaml) {
            return TemplateErrors.place(a.place());
        }
        return node == null ? Place.of("") : node.place;
    }

    private Object ref(Arguments a) {
        if (a.count() < 1
                || a.count() > 2
                || a.positional().stream().anyMatch(NodeContext::isNotText)) {
            throw TemplateErrors.badArguments(
                    "ref()", "the name of a model, or a package and a name");
        }
        boolean both = a.count() == 2;
        Optional<String> wanted =
                both ? Optional.of(Values.text(a.positional().get(0))) : Optional.empty();
        String name = Values.text(a.positional().get(both ? 1 : 0));
        Object version = a.keywords().getOrDefault("v", a.keywords().get("version"));
        return ref(
                new Draft.RefCall(
                        wanted,
                        name,
                        Optional.ofNullable(version).map(Values::text),
                        place(a, node)));
    }

    /** Lets a name mean something else in this rendering. */
    NodeContext override(String name, @Nullable Object value) {
        known.put(name, value);
        return this;
    }

    /** Resolves a reference and notes it as a dependency. */
    Object ref(Draft.RefCall call) {
        if (node != null) {
            node.refs.add(call);
        }
        if (!executes()) {
            Optional<Draft> named = scope.nodes().named(call, packageName);
            trace.ref(call, named);
            return named.map(Draft::relationValue)
                    .orElse(RelationValue.of("unknown", call.name(), null));
        }
        Draft found = scope.nodes().resolve(call, by(), packageName);
        trace.ref(call, Optional.of(found));
        if (node != null) {
            node.dependsOn.add(found.id);
        }
        return watched(found.id, found.relationValue());
    }

    private RelationValue watched(NodeId id, RelationValue relation) {
        return node == null ? relation : node.readings.watch(id, relation, trace);
    }

    /** {@code function('name')}: what a query writes in front of the arguments. */
    private Object function(Arguments a) {
        if (a.count() < 1
                || a.count() > 2
                || a.positional().stream().anyMatch(NodeContext::isNotText)) {
            throw TemplateErrors.badArguments(
                    "function()", "the name of a function, or a package and a name");
        }
        boolean both = a.count() == 2;
        Draft.RefCall call =
                new Draft.RefCall(
                        both ? Optional.of(Values.text(a.positional().get(0))) : Optional.empty(),
                        Values.text(a.positional().get(both ? 1 : 0)),
                        place(a, node));
        if (node != null) {
            node.functions.add(call);
        }
        if (!executes()) {
            return RelationValue.of("unknown", call.name(), "function");
        }
        Draft found = scope.nodes().resolveFunction(call, by(), packageName);
        if (node != null) {
            node.dependsOn.add(found.id);
        }
        return found.relationValue();
    }

    private Object source(Arguments a) {
        if (a.count() != 2 || a.positional().stream().anyMatch(NodeContext::isNotText)) {
            throw TemplateErrors.badArguments("source()", "the names of a source and of a table");
        }
        String source = Values.text(a.positional().get(0));
        String table = Values.text(a.positional().get(1));
        return source(new Draft.SourceCall(source, table, place(a, node)));
    }

    Object source(Draft.SourceCall call) {
        if (node != null) {
            node.sources.add(call);
        }
        if (!executes()) {
            trace.source(call, Optional.empty());
            return RelationValue.of(call.source(), call.table(), "table");
        }
        SourceDraft found = scope.nodes().resolve(call, by(), packageName);
        trace.source(call, Optional.of(found));
        if (node != null) {
            node.dependsOn.add(found.id());
        }
        return watched(found.id(), found.relationValue());
    }

    /** The node as a sentence about it begins. */
    String by() {
        return node == null ? "The project" : node.inSentence();
    }

    private static boolean isNotText(@Nullable Object value) {
        return !(value instanceof String);
    }

    private @Nullable Object envVar(Arguments a) {
        String name = a.requireText(0, "var");
        trace.environment();
        String value = scope.request().environment().find(name);
        if (value != null) {
            return value;
        }
        if (a.has(1, "default")) {
            return a.get(1, "default", null);
        }
        throw TemplateErrors.unknownEnvironment(name);
    }

    /** The macros of one package: {@code dbt_utils.star}. */
    final class PackageValue implements PyObject {
        private final String name;

        PackageValue(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        @Override
        public @Nullable Object attribute(String macro) {
            if (macro.equals("get")) {
                return (PyCallable)
                        a -> {
                            Object found = macro(a.requireText(0, "name"));
                            return found == Missing.VALUE ? a.get(1, "default", null) : found;
                        };
            }
            return macro(macro);
        }

        private Object macro(String macro) {
            boolean ours = name.equals(MacroLibrary.INTERNAL);
            Optional<MacroLibrary.Macro> found =
                    ours ? scope.macros().own(macro) : scope.macros().in(name, macro);
            if (found.isPresent()) {
                return bind(found.get());
            }
            return ours ? builtin(macro) : Missing.VALUE;
        }

        @Override
        public @Nullable Object item(@Nullable Object key) {
            return key instanceof String macro ? macro(macro) : Missing.VALUE;
        }

        @Override
        public String typeName() {
            return "package '" + name + "'";
        }
    }

    /** {@code builtins.ref}: the function, and what packages find behind it. */
    private final class Reference implements PyCallable, PyObject {
        private final PyCallable function;

        Reference(PyCallable function) {
            this.function = function;
        }

        @Override
        public @Nullable Object call(Arguments arguments) {
            return function.call(arguments);
        }

        @Override
        public @Nullable Object attribute(String name) {
            return switch (name) {
                case "config" -> new RuntimeConfigValue(scope, scope.root());
                case "model" -> orNone(node().map(Draft::asMap));
                case "Relation" -> RelationValue.of(null, null, null);
                default -> Missing.VALUE;
            };
        }

        @Override
        public String typeName() {
            return "function";
        }
    }

    /**
     * Macros of projects pass nothing over, also while they are read: dbt forgives only a node's
     * own text.
     */
    private final class InMacros implements Context {
        @Override
        public @Nullable Object resolve(String name) {
            return NodeContext.this.resolve(name);
        }

        @Override
        public UndefinedFactory undefined() {
            return NodeContext.this::unknown;
        }
    }
}
