package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import dev.tarn.jinja.Values;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The functions and values of dbt's context that do not depend on the node. */
final class Functions {
    /** The release of dbt whose behaviour is offered to packages that ask. */
    static final String DBT_VERSION = "1.10.0";

    private Functions() {}

    /** The value of a name, or {@link Missing#VALUE}. */
    static Object find(String name, NodeContext context) {
        Object value = value(name, context);
        if (value != Missing.VALUE) {
            context.trace().name(name);
        }
        return value;
    }

    private static Object value(String name, NodeContext context) {
        return switch (name) {
            case "log" -> (PyCallable) a -> log(a, context, a.flag(1, "info", false));
            case "print" ->
                    (PyCallable)
                            a -> {
                                context.say(a.requireText(0, "msg"));
                                return "";
                            };
            case "doc" -> (PyCallable) a -> doc(a, context);
            case "graph" ->
                    context.executes()
                            ? context.scope().graph().of(context.scope())
                            : SharedGraph.empty();
            case "api" -> (PyObject) Functions::api;
            case "run_query" ->
                    (PyCallable) a -> QueryFunctions.query(a.requireText(0, "sql"), context);
            case "statement" -> (PyCallable) a -> QueryFunctions.statement(a, context);
            case "store_result" -> (PyCallable) a -> QueryFunctions.store(a, context);
            case "store_raw_result" -> (PyCallable) a -> QueryFunctions.storeRaw(a, context);
            case "load_result" -> (PyCallable) a -> context.results.get(a.requireText(0, "name"));
            case "selected_resources" -> selected(context);
            case "thread_id" -> threadId();
            case "try_or_compiler_error" -> (PyCallable) Functions::tryOrFail;
            case "load_agate_table" -> (PyCallable) a -> null;
            case "write" -> (PyCallable) a -> "";
            case "submit_python_job" -> (PyCallable) a -> pythonJob(context);
            case "column" -> new ColumnValue.Type();
            case "validation" -> new ValidationValue();
            case "column_name" -> Missing.VALUE;
            case "connection_name" -> "tarn";
            case "project_name" -> context.scope().root().name();
            case "metadata_vars", "dbt_metadata_envs" -> metadata(context);
            case "env" -> new LinkedHashMap<>(context.scope().target());
            case "pre_hooks", "post_hooks" -> new ArrayList<>();
            case "sql_now" -> "now()";
            default -> {
                ProjectRequest request = context.scope().request();
                yield shared(name, request, context.trace().watched(request.clock()));
            }
        };
    }

    /**
     * What project files can use too, before there are nodes; or {@link Missing#VALUE}.
     *
     * @param watched tells the time, and knows that it was asked
     */
    static Object shared(String name, ProjectRequest request, Clock watched) {
        return switch (name) {
            case "debug" -> (PyCallable) a -> "";
            case "tojson" -> (PyCallable) Functions::toJson;
            case "fromjson" -> (PyCallable) Functions::fromJson;
            case "toyaml" -> (PyCallable) Functions::toYaml;
            case "fromyaml" -> (PyCallable) Functions::fromYaml;
            case "set" ->
                    (PyCallable) a -> orDefault(a, a.get(1, "default", null), Functions::distinct);
            case "set_strict" -> (PyCallable) Functions::distinct;
            case "zip" ->
                    (PyCallable) a -> orDefault(a, a.keywords().get("default"), Functions::zip);
            case "zip_strict" -> (PyCallable) Functions::zip;
            case "local_md5" -> (PyCallable) a -> md5(a.requireText(0, "value"));
            case "dbt_version" -> DBT_VERSION;
            case "invocation_id" -> request.invocationId();
            case "run_started_at" -> Moment.of(request.clock().instant());
            case "modules" -> new ModulesValue(watched);
            case "invocation_args_dict" -> arguments(request);
            case "flags" -> flags(request);
            case "diff_of_two_dicts" -> (PyCallable) Functions::difference;
            default -> Missing.VALUE;
        };
    }

    /** What the environment has to say about an invocation, for people and for other programs. */
    private static Map<Object, Object> metadata(NodeContext context) {
        context.trace().environment();
        return new LinkedHashMap<>(context.scope().request().environment().metadata());
    }

    /** Packages keep things by thread, so that each worker of a run has a name of its own. */
    private static String threadId() {
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        return name.startsWith("task-")
                ? "Thread-" + name.substring("task-".length()) + " (worker)"
                : "Thread-" + thread.threadId();
    }

    private static @Nullable Object api(String name) {
        return switch (name) {
            case "Relation" -> RelationValue.of(null, null, null);
            case "Column" -> new ColumnValue.Type();
            default -> Missing.VALUE;
        };
    }

    /** Of lists by key, what the first has and the second lacks. */
    private static Object difference(Arguments a) {
        Map<Object, Object> more = new LinkedHashMap<>();
        if (a.require(0, "dict_a") instanceof Map<?, ?> first
                && a.require(1, "dict_b") instanceof Map<?, ?> second) {
            Map<String, List<Object>> known = new LinkedHashMap<>();
            second.forEach(
                    (k, v) -> known.put(Values.text(k).toLowerCase(Locale.ROOT), lowered(v)));
            first.forEach((key, value) -> {
                List<Object> there =
                        known.getOrDefault(Values.text(key).toLowerCase(Locale.ROOT), List.of());
                List<Object> left = new ArrayList<>();
                for (Object item : Values.list(value)) {
                    if (!there.contains(Values.text(item).toLowerCase(Locale.ROOT))) {
                        left.add(item);
                    }
                }
                if (!left.isEmpty()) {
                    more.put(key, left);
                }
            });
        }
        return more;
    }

    /** Only a built-in materialisation may do that, and it does so without templates. */
    private static Object pythonJob(NodeContext context) {
        if (context.executes()) {
            throw TemplateErrors.pythonJob();
        }
        return "";
    }

    private static List<Object> lowered(@Nullable Object values) {
        return new ArrayList<>(
                Values.list(values).stream()
                        .map(v -> Values.text(v).toLowerCase(Locale.ROOT))
                        .toList());
    }

    /** Calls a function; what goes wrong is told in the given words. */
    private static @Nullable Object tryOrFail(Arguments a) {
        Object function = a.require(1, "func");
        try {
            return Values.call(
                    function, a.with(a.positional().subList(2, a.count()), a.keywords()));
        } catch (JinjaException e) {
            throw TemplateErrors.failed(a.requireText(0, "message_if_exception"));
        }
    }

    /** The ids of the nodes that are to run; known when they do. */
    private static Object selected(NodeContext context) {
        context.putOff();
        return new ArrayList<Object>(
                context.database().map(CompileDatabase::selected).orElse(List.of()));
    }

    private static Object log(Arguments a, NodeContext context, boolean shown) {
        if (shown) {
            context.log(a.requireText(0, "msg"));
        } else if (context.executes()
                && context.scope().request().log() instanceof TemplateOutput output
                && output.hearsDetails()) {
            context.trace().spoil();
            output.detail(a.requireText(0, "msg"));
        }
        return "";
    }

    /** Says why where a value cannot be JSON, also if there is a default: so does dbt. */
    private static Object toJson(Arguments a) {
        return Values.json(a.require(0, "value"), -1, a.flag(2, "sort_keys", false));
    }

    private static @Nullable Object fromJson(Arguments a) {
        String text = a.requireText(0, "string");
        try {
            return JsonReader.read(text);
        } catch (IllegalArgumentException e) {
            return a.get(1, "default", null);
        }
    }

    /** What a function makes of its arguments, or what is to be had instead where it cannot. */
    private static @Nullable Object orDefault(
            Arguments a, @Nullable Object otherwise, PyCallable function) {
        try {
            return function.call(a);
        } catch (JinjaException e) {
            return otherwise;
        }
    }

    private static Object toYaml(Arguments a) {
        Object value = a.require(0, "value");
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(a.flag(2, "sort_keys", false) ? sorted(value) : value);
    }

    /** The same with the keys of its mappings in their order. */
    private static @Nullable Object sorted(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> sorted = new LinkedHashMap<>();
                map.entrySet().stream()
                        .sorted((x, y) -> Values.compare(x.getKey(), y.getKey(), "<"))
                        .forEach(e -> sorted.put(e.getKey(), sorted(e.getValue())));
                yield sorted;
            }
            case List<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.forEach(item -> items.add(sorted(item)));
                yield items;
            }
            case null, default -> value;
        };
    }

    private static @Nullable Object fromYaml(Arguments a) {
        Problems problems = new Problems();
        Optional<YamlValue> value = YamlReader.read("text", a.requireText(0, "value"), problems);
        return problems.isEmpty()
                ? value.map(YamlValue::plain).orElse(null)
                : a.get(1, "default", null);
    }

    private static Object distinct(Arguments a) {
        return new LinkedHashSet<>(Values.list(a.require(0, "value")));
    }

    private static Object zip(Arguments a) {
        List<List<Object>> lists = new ArrayList<>();
        a.positional().forEach(p -> lists.add(Values.list(p)));
        int length = lists.stream().mapToInt(List::size).min().orElse(0);
        List<Object> zipped = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            Object[] row = new Object[lists.size()];
            for (int j = 0; j < row.length; j++) {
                row[j] = lists.get(j).get(i);
            }
            zipped.add(Tuple.of(row));
        }
        return zipped;
    }

    static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("MD5")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object doc(Arguments a, NodeContext context) {
        String name = Values.text(a.positional().getLast());
        DocsBlocks docs = context.scope().docs();
        Optional<DocsBlocks.Block> block =
                a.count() > 1
                        ? docs.in(Values.text(a.positional().getFirst()), name)
                        : docs.find(name, context.packageName(), context.scope().root().name());
        return block.orElseThrow(() -> TemplateErrors.noDocs(name, docs.names())).text();
    }

    /** The flags by the names they have on the command line. */
    static Map<Object, Object> arguments(ProjectRequest request) {
        Map<Object, Object> arguments = new LinkedHashMap<>();
        flags(request).forEach((k, v) -> arguments.put(Values.text(k).toLowerCase(Locale.ROOT), v));
        arguments.put("vars", new LinkedHashMap<>(request.vars()));
        request.targetName().ifPresent(t -> arguments.put("target", t));
        return arguments;
    }

    /** Flags as {@code flags.FULL_REFRESH} and as {@code flags.get('FULL_REFRESH')}. */
    private static Map<Object, Object> flags(ProjectRequest request) {
        Map<Object, Object> flags = new LinkedHashMap<>();
        flags.put("FULL_REFRESH", false);
        flags.put("STORE_FAILURES", false);
        flags.put("EMPTY", false);
        flags.put("WHICH", "compile");
        flags.put("USE_COLORS", false);
        flags.put("WARN_ERROR", false);
        flags.put("FAIL_FAST", false);
        flags.put("DEBUG", false);
        flags.put("PARTIAL_PARSE", true);
        flags.put("INTROSPECT", true);
        flags.put("INDIRECT_SELECTION", "eager");
        flags.put("PRINTER_WIDTH", 80L);
        flags.put("WRITE_JSON", true);
        flags.put("VERSION_CHECK", true);
        flags.put("STATIC_PARSER", true);
        flags.put("QUIET", false);
        flags.put("CACHE_SELECTED_ONLY", false);
        flags.put("LOG_CACHE_EVENTS", false);
        flags.put("SEND_ANONYMOUS_USAGE_STATS", false);
        flags.put("LOG_FORMAT", "default");
        flags.put("INVOCATION_COMMAND", "tarn");
        flags.putAll(request.flags());
        return flags;
    }
}
