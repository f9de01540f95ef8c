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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The functions and values of dbt's context that do not depend on the node. */
final class Functions {
    /** The release of dbt whose behaviour is offered to packages that ask. */
    private static final String DBT_VERSION = "1.10.0";

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
            case "print" -> (PyCallable) a -> log(a, context, true);
            case "debug" -> (PyCallable) a -> "";
            case "tojson" -> (PyCallable) Functions::toJson;
            case "fromjson" -> (PyCallable) Functions::fromJson;
            case "toyaml" -> (PyCallable) Functions::toYaml;
            case "fromyaml" -> (PyCallable) Functions::fromYaml;
            case "set", "set_strict" ->
                    (PyCallable) a -> new LinkedHashSet<>(Values.list(a.require(0, "value")));
            case "zip", "zip_strict" -> (PyCallable) Functions::zip;
            case "local_md5" -> (PyCallable) a -> md5(a.requireText(0, "value"));
            case "doc" -> (PyCallable) a -> doc(a, context);
            case "dbt_version" -> DBT_VERSION;
            case "invocation_id" -> context.scope().request().invocationId();
            case "run_started_at" -> Moment.of(context.scope().request().clock().instant());
            case "modules" ->
                    new ModulesValue(context.trace().watched(context.scope().request().clock()));
            case "flags" -> flags();
            case "graph" -> graph(context);
            case "api" -> (PyObject) Functions::api;
            case "run_query" -> (PyCallable) a -> query(a.requireText(0, "sql"), context);
            case "statement" -> (PyCallable) a -> statement(a, context);
            case "load_result" -> (PyCallable) a -> context.results.get(a.requireText(0, "name"));
            case "selected_resources" -> new ArrayList<>();
            case "thread_id" -> "main";
            default -> Missing.VALUE;
        };
    }

    private static @Nullable Object api(String name) {
        return name.equals("Relation") ? RelationValue.of(null, null, null) : Missing.VALUE;
    }

    private static Object log(Arguments a, NodeContext context, boolean shown) {
        if (shown && context.executes()) {
            context.trace().spoil();
            context.scope().request().log().accept(a.requireText(0, "msg"));
        }
        return "";
    }

    private static @Nullable Object toJson(Arguments a) {
        try {
            return Values.json(a.require(0, "value"), -1, a.flag(2, "sort_keys", false));
        } catch (JinjaException e) {
            return orDefault(a, e);
        }
    }

    private static @Nullable Object fromJson(Arguments a) {
        try {
            return JsonReader.read(a.requireText(0, "string"));
        } catch (IllegalArgumentException e) {
            return orDefault(
                    a, JinjaException.of(JinjaException.Kind.VALUE, "fromjson: " + e.getMessage()));
        }
    }

    private static @Nullable Object orDefault(Arguments a, JinjaException e) {
        if (a.has(1, "default")) {
            return a.get(1, "default", null);
        }
        throw e;
    }

    private static Object toYaml(Arguments a) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(a.require(0, "value"));
    }

    private static @Nullable Object fromYaml(Arguments a) {
        Problems problems = new Problems();
        Optional<YamlValue> value = YamlReader.read("text", a.requireText(0, "value"), problems);
        if (!problems.isEmpty()) {
            return orDefault(
                    a,
                    JinjaException.of(
                            JinjaException.Kind.VALUE, problems.sorted().getFirst().message()));
        }
        return value.map(YamlValue::plain).orElse(null);
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

    private static String md5(String text) {
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
        Map<String, String> docs = context.scope().docs();
        String text = docs.get(name);
        if (text == null) {
            throw TemplateErrors.noDocs(name, docs.keySet());
        }
        return text;
    }

    private static Map<Object, Object> flags() {
        Map<Object, Object> flags = new LinkedHashMap<>();
        flags.put("FULL_REFRESH", false);
        flags.put("STORE_FAILURES", false);
        flags.put("EMPTY", false);
        flags.put("WHICH", "compile");
        flags.put("USE_COLORS", false);
        return flags;
    }

    private static Map<Object, Object> graph(NodeContext context) {
        Map<Object, Object> nodes = new LinkedHashMap<>();
        Map<Object, Object> sources = new LinkedHashMap<>();
        if (context.executes()) {
            context.scope().nodes().drafts().forEach(d -> nodes.put(d.id.value(), d.asMap()));
            context.scope().nodes().sources().forEach(s -> sources.put(s.id().value(), s.asMap()));
        }
        Map<Object, Object> graph = new LinkedHashMap<>();
        graph.put("nodes", nodes);
        graph.put("sources", sources);
        for (String kind : List.of("exposures", "metrics", "groups")) {
            graph.put(kind, new LinkedHashMap<>());
        }
        return graph;
    }

    private static @Nullable Object query(String sql, NodeContext context) {
        if (!context.executes()) {
            return null;
        }
        CompileDatabase database =
                context.scope()
                        .request()
                        .database()
                        .orElseThrow(() -> TemplateErrors.needsDatabase("run_query()"));
        return new ResultValue(database.query(sql));
    }

    /** {@code {% call statement('name', fetch_result=True) %} sql {% endcall %}}. */
    private static Object statement(Arguments a, NodeContext context) {
        Object caller = a.keywords().get("caller");
        if (context.executes() && caller instanceof PyCallable body) {
            String sql = Values.text(body.call(a.with(List.of(), Map.of())));
            Object table = query(sql, context);
            Map<Object, @Nullable Object> result = new LinkedHashMap<>();
            result.put("table", table);
            result.put("data", table instanceof ResultValue r ? r.data() : new ArrayList<>());
            result.put("response", "OK");
            context.results.put(a.requireText(0, "name"), result);
        }
        return "";
    }
}
