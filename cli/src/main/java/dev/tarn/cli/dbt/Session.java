package dev.tarn.cli.dbt;

import dev.tarn.app.BuildOptions;
import dev.tarn.app.NodeKind;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.cli.Console;
import dev.tarn.model.graph.Manifest;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.project.IndirectSelection;
import dev.tarn.project.PreviousState;
import dev.tarn.project.ProjectRequest;
import dev.tarn.project.YamlText;
import dev.tarn.run.RunRequest.InputData;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One invocation: the open project, what was asked for, where its lines and files go. */
final class Session implements AutoCloseable {
    private final Console console;
    private final Stopping stopping;
    private final Options options;
    private final Log log;
    private final WarnErrors warnErrors;
    private final String invocation;
    private final Path directory;
    private final Instant startedAt;
    private final Tarn tarn;
    private final List<String> errors = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();
    private String which = "";
    private Map<String, @Nullable Object> asked = Map.of();

    Session(Console console, Stopping stopping, Options options, String invocation, LogFile file) {
        this.console = console;
        this.stopping = stopping;
        this.options = options;
        this.invocation = invocation;
        this.log =
                new Log(
                        console.out(),
                        console.clock(),
                        options.style(invocation),
                        Optional.of(file));
        this.warnErrors = options.warnErrors();
        this.directory = options.directory(console);
        this.startedAt = console.clock().instant();
        Map<String, String> environment = new HashMap<>(console.environment());
        if (!options.versionCheck) {
            environment.put("DBT_VERSION_CHECK", "false");
        }
        options.threads
                .filter(count -> count < 1)
                .ifPresent(count -> {
                    throw DbtErrors.threads(count);
                });
        options.target.ifPresent(t -> environment.put(OpenRequest.TARGET, t));
        options.profile.ifPresent(p -> environment.put(OpenRequest.PROFILE, p));
        options.profilesDir.ifPresent(d ->
                environment.put(
                        OpenRequest.PROFILES_DIR, console.directory().resolve(d).toString()));
        this.tarn =
                Tarn.open(
                        new OpenRequest(
                                directory,
                                options.warehouse,
                                variables(options.vars),
                                options.threads,
                                environment,
                                console.clock(),
                                true,
                                this::note,
                                log));
    }

    private void note(String text) {
        note(WarnErrors.nameOf(text), text);
    }

    private synchronized void note(String name, String text) {
        // A selection is looked at more than once.
        if ((name.equals(WarnErrors.BROKEN) || WarnErrors.isTold(text)) && !broken.add(text)) {
            return;
        }
        if (WarnErrors.isTold(text)) {
            log.warn("[WARNING]: " + text);
            return;
        }
        switch (warnErrors.of(name)) {
            case SILENT -> {}
            case FAILS -> {
                if (!name.isEmpty()) {
                    errors.add(text);
                }
            }
            case WARNED -> {
                if (!name.isEmpty() || options.debug) {
                    log.warn("[WARNING]: " + text);
                }
            }
        }
    }

    /** Stops when there was a warning that is to be an error. */
    synchronized void refuseWarnings() {
        if (!errors.isEmpty()) {
            throw DbtErrors.warning(errors.getFirst());
        }
    }

    /** Warnings that are to be errors. */
    synchronized List<String> warningsThatFail() {
        return List.copyOf(errors);
    }

    WarnErrors warnErrors() {
        return warnErrors;
    }

    Tarn tarn() {
        return tarn;
    }

    Log log() {
        return log;
    }

    Options options() {
        return options;
    }

    Path directory() {
        return directory;
    }

    Instant startedAt() {
        return startedAt;
    }

    Instant now() {
        return console.clock().instant();
    }

    double elapsed() {
        return java.time.Duration.between(startedAt, now()).toMillis() / 1000.0;
    }

    Stopping stopping() {
        return stopping;
    }

    Path target() {
        return directory.resolve(options.targetPath.orElse(Path.of("target")));
    }

    Artifacts artifacts() {
        return artifacts(Optional.empty());
    }

    /** Where {@code sources.json} goes, if that is said. */
    Artifacts artifacts(Optional<String> file) {
        return new Artifacts(
                target(),
                file.map(directory::resolve),
                invocation,
                startedAt,
                ProjectRequest.told(console.environment()));
    }

    /** The first lines of every verb that reads the project. */
    Project greet() {
        log.info("Running with dbt=" + Artifacts.DBT_VERSION);
        log.info("Registered adapter: duckdb=" + Artifacts.DBT_VERSION);
        Project project = tarn.project();
        new Deprecations(project.manifest(), now()).tell(this::note);
        refuseWarnings();
        log.info(found(project));
        log.info("");
        return project;
    }

    private static String found(Project project) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        // In the order in which dbt reads files; tests of properties come last.
        boolean singular =
                project.nodes().values().stream()
                        .anyMatch(n -> n instanceof Node.Check c && c.kind().equals("singular"));
        for (String type :
                singular
                        ? List.of("model", "snapshot", "analysis", "test", "seed")
                        : List.of("model", "snapshot", "analysis", "seed", "test")) {
            counts.put(type, 0);
        }
        project.manifest()
                .section("nodes")
                .values()
                .forEach(
                        n -> counts.merge(String.valueOf(n.get("resource_type")), 1, Integer::sum));
        counts.put("source", project.manifest().section("sources").size());
        counts.put("exposure", project.manifest().section("exposures").size());
        counts.put("metric", project.manifest().section("metrics").size());
        counts.put("macro", project.manifest().section("macros").size());
        counts.put("group", project.manifest().section("groups").size());
        counts.put("semantic_model", project.manifest().section("semantic_models").size());
        counts.put("saved_query", project.manifest().section("saved_queries").size());
        counts.put("unit_test", project.manifest().section("unit_tests").size());
        List<String> parts = new ArrayList<>();
        counts.forEach((type, count) -> {
            if (count > 0) {
                parts.add(counted(count, type));
            }
        });
        return "Found " + String.join(", ", parts);
    }

    /** A number with a word, such as {@code 3 data tests}. */
    static String counted(int count, String type) {
        String word =
                switch (type) {
                    case "test" -> "data test";
                    case "unit_test" -> "unit test";
                    default -> type.replace('_', ' ');
                };
        String many =
                switch (word) {
                    case "analysis" -> "analyses";
                    case "saved query" -> "saved queries";
                    default -> word + "s";
                };
        // dbt counts tests so.
        return count + " " + (count == 1 ? type.equals("test") ? type : word : many);
    }

    /**
     * What is chosen of all types, also what is no node of a run. Files with nothing in them are
     * listed, and nothing else is done with them.
     */
    List<NodeId> selectIds(Nodes nodes) {
        Manifest manifest = tarn.project().manifest();
        List<NodeId> chosen =
                tarn.selectIds(nodes.select, nodes.exclude, buildOptions(nodes)).stream()
                        .filter(id -> !isEmpty(manifest.node(id)))
                        .toList();
        refuseWarnings();
        return chosen;
    }

    private static boolean isEmpty(Map<Object, @Nullable Object> facts) {
        return !"seed".equals(facts.get("resource_type"))
                && facts.get("raw_code") instanceof String code
                && code.isBlank();
    }

    /** Which nodes are meant, of the types that are. */
    List<Node> select(Nodes nodes, Set<NodeKind> standard) {
        return among(selectIds(nodes), nodes, standard);
    }

    /** The nodes among what is chosen, of the types that are meant. */
    List<Node> among(List<NodeId> chosen, Nodes nodes, Set<NodeKind> standard) {
        return withSources(chosen, nodes, standard).stream()
                .filter(n -> !Display.isFilledByOthers(n))
                .toList();
    }

    /** The same, with sources that others fill. */
    List<Node> withSources(List<NodeId> chosen, Nodes nodes, Set<NodeKind> standard) {
        Project project = tarn.project();
        Set<NodeKind> kinds = kinds(nodes, standard);
        return chosen.stream()
                .flatMap(id -> project.find(id).stream())
                .filter(n -> kinds.contains(NodeKind.of(n)))
                .toList();
    }

    static Set<NodeKind> kinds(Nodes nodes, Set<NodeKind> standard) {
        Set<NodeKind> kinds = EnumSet.noneOf(NodeKind.class);
        for (NodeKind kind : NodeKind.values()) {
            String type =
                    switch (kind) {
                        case SOURCE -> "source";
                        case SEED -> "seed";
                        case MODEL -> "model";
                        case SNAPSHOT -> "snapshot";
                        case FUNCTION -> "function";
                        case UNIT -> "unit_test";
                        case CHECK -> "test";
                    };
            if (nodes.wants(type, standard.contains(kind))) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    BuildOptions buildOptions(Nodes nodes) {
        return buildOptions(nodes, InputData.ALL);
    }

    BuildOptions buildOptions(Nodes nodes, InputData data) {
        nodes.requireNoOptions();
        if (options.defer && options.deferState.or(() -> options.state).isEmpty()) {
            throw DbtErrors.deferWithoutState();
        }
        IndirectSelection indirect =
                nodes.indirect
                        .map(word ->
                                IndirectSelection.parse(word)
                                        .orElseThrow(() -> DbtErrors.indirect(word)))
                        .orElse(IndirectSelection.EAGER);
        return new BuildOptions(
                        options.failFast,
                        data,
                        nodes.selector,
                        indirect,
                        state(
                                options.defer
                                        ? options.deferState.or(() -> options.state)
                                        : options.state),
                        options.defer,
                        options.favorState,
                        true,
                        Optional.empty())
                .withWarningsFail(warnErrors.fails(WarnErrors.TEST));
    }

    Optional<PreviousState> state(Optional<Path> folder) {
        return folder.map(
                f -> PreviousState.read(directory.resolve(f), now()).comparedWith(target()));
    }

    /** The verb; of a retry, that of the run that is done again. */
    String which() {
        return which;
    }

    /** Notes which verb it is, and what was asked for that only this verb knows. */
    void asked(String verb, Map<String, @Nullable Object> more) {
        which = verb;
        asked = more;
    }

    /** Leaves the artifacts of an invocation that had nothing to do. */
    void nothing(Project project, Nodes nodes) {
        if (options.writeJson) {
            artifacts().manifest(project, List.of(), now());
            artifacts().runResults(List.of(), args(nodes), elapsed(), now());
        }
    }

    /** What a file of artifacts says the invocation was asked for. */
    Map<String, @Nullable Object> args(Nodes nodes) {
        Map<String, @Nullable Object> args = new LinkedHashMap<>();
        args.put("which", which);
        args.put("select", nodes.select);
        args.put("exclude", nodes.exclude);
        args.put("vars", variables(options.vars));
        args.put("target", options.target.orElse(null));
        args.put("project_dir", directory.toString());
        args.put("quiet", options.quiet);
        args.put("log_format", options.logFormat);
        args.put("defer", options.defer);
        args.put("favor_state", options.favorState);
        args.put("fail_fast", options.failFast);
        args.put("write_json", options.writeJson);
        args.put("threads", options.threads.orElse(null));
        args.put("indirect_selection", nodes.indirect.orElse(null));
        args.putAll(asked);
        args.put("invocation_command", "dbt " + which);
        return args;
    }

    /** Nodes with their code; those whose code cannot be had are as they are. */
    Map<NodeId, Node> complete(List<Node> nodes) {
        Map<NodeId, Node> complete = new LinkedHashMap<>();
        for (Node node : nodes) {
            try {
                complete.put(node.id(), tarn.complete(List.of(node), true).getFirst());
            } catch (dev.tarn.model.TarnException e) {
                complete.put(node.id(), node);
            }
        }
        return complete;
    }

    static Map<String, @Nullable Object> variables(List<String> texts) {
        return mapping("--vars", texts);
    }

    /**
     * Names and values in YAML.
     *
     * @param option where they are written
     */
    static Map<String, @Nullable Object> mapping(String option, List<String> texts) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (String text : texts) {
            Object parsed;
            try {
                parsed = YamlText.values(text);
            } catch (IllegalArgumentException e) {
                throw DbtErrors.notYaml(option, text);
            }
            if (text.isBlank() || (parsed != null && !(parsed instanceof Map<?, ?>))) {
                throw DbtErrors.notYaml(option, text);
            }
            if (parsed instanceof Map<?, ?> map) {
                map.forEach((name, value) -> all.put(String.valueOf(name), value));
            }
        }
        return all;
    }

    @Override
    public void close() {
        tarn.close();
    }
}
