package dev.tarn.project;

import dev.tarn.jinja.JinjaException;
import dev.tarn.model.Place;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what templates gave. Whatever can change what a template gives is in {@link #project},
 * {@link #readKey} or {@link #sqlKey}, is compared when a result is taken over (what references
 * mean), or makes the rendering unrepeatable ({@link RenderTrace}). Only successes are remembered,
 * and nothing that read a variable of the environment.
 */
final class RenderCache {
    private final CompileScope scope;
    private final Optional<CompileCache> cache;
    private final CacheKey project;
    private final CacheKey flags;
    private final Map<NodeId, CacheKey> readKeys = new ConcurrentHashMap<>();

    /** SQL as it was just rendered, and how. */
    record Rendering(SqlText sql, RenderTrace trace) {}

    RenderCache(CompileScope scope) {
        this.scope = scope;
        Optional<CacheKey> known = scope.request().cache().flatMap(c -> project(scope));
        this.cache = known.isPresent() ? scope.request().cache() : Optional.empty();
        this.project = known.orElse(new CacheKey(0, 0));
        this.flags = new CacheOutput().plain(new TreeMap<>(scope.request().flags())).toKey();
    }

    /** What all templates of a project can see; none when it holds what cannot be compared. */
    private static Optional<CacheKey> project(CompileScope scope) {
        CacheOutput out = new CacheOutput().text("project").text(scope.root().name());
        out.plain(scope.request().vars()).plain(scope.target()).key(scope.macros().sum());
        out.number(scope.packages().size());
        scope.packages()
                .forEach((name, file) -> {
                    out.text(name).flag(file.vars().isPresent());
                    file.vars().ifPresent(out::yaml);
                    out.number(file.dispatch().size());
                    file.dispatch().forEach((namespace, order) -> out.text(namespace).texts(order));
                });
        return out.complete() && scope.macros().repeatable()
                ? Optional.of(out.toKey())
                : Optional.empty();
    }

    /** What a draft is before its template says anything. */
    private Optional<CacheKey> readKey(Draft draft) {
        boolean partOfFile = draft.block.isPresent();
        if (cache.isEmpty() || partOfFile || MacroLibrary.isRandom(draft.text)) {
            return Optional.empty();
        }
        CacheOutput out = new CacheOutput().text("read").key(project).text(draft.kind.name());
        out.text(draft.id.value()).text(draft.name).text(draft.packageName).texts(draft.fqn);
        out.place(draft.place).text(draft.text).yaml(draft.settings.values());
        out.text(draft.schema).text(draft.identifier);
        out.plain(draft.version.orElse(null)).plain(draft.latestVersion.orElse(null));
        draft.subject.ifPresent(subject -> subject(out, subject));
        return out.complete() ? Optional.of(out.toKey()) : Optional.empty();
    }

    private static void subject(CacheOutput out, Draft.Subject subject) {
        out.text(subject.id().value()).text(subject.reference());
        out.text(subject.entry().namespace()).text(subject.entry().test());
        out.place(subject.entry().place()).yaml(subject.entry().config());
        out.plain(subject.arguments());
        out.text(subject.column().map(PropertyFile.ColumnEntry::expression));
        subject.node().ifPresent(n -> out.text(n.packageName));
    }

    /** What a draft is when its SQL is rendered. */
    private Optional<CacheKey> sqlKey(Draft draft, NodeContext.Mode mode) {
        CacheKey read = readKeys.get(draft.id);
        if (read == null) {
            return Optional.empty();
        }
        CacheOutput out = new CacheOutput().text("sql").key(read).text(mode.name());
        out.yaml(draft.settings.values()).text(draft.schema).text(draft.identifier);
        out.text(draft.database);
        out.text(written(draft.ownRelation()));
        return out.complete() ? Optional.of(out.toKey()) : Optional.empty();
    }

    /** Learns a draft's settings and references, from what is remembered if that can be. */
    void read(Draft draft, Supplier<RenderTrace> render) {
        Optional<CacheKey> key = readKey(draft);
        key.ifPresent(k -> readKeys.put(draft.id, k));
        Optional<Read> known =
                key.flatMap(k -> cache.orElseThrow().find(k, this::read))
                        .filter(r -> stillMeant(r, draft));
        if (known.isPresent()) {
            known.get().settings().ifPresent(s -> draft.settings = new Settings(s));
            known.get().called().forEach(draft.written::call);
            known.get().refs().forEach(r -> draft.refs.add(r.call()));
            draft.sources.addAll(known.get().sources());
            draft.macros.addAll(known.get().macros());
            return;
        }
        Map<String, YamlValue> before = Map.copyOf(draft.settings.values());
        RenderTrace trace = render.get();
        if (key.isPresent() && trace.repeatable() && !draft.late) {
            boolean changed = !before.equals(draft.settings.values());
            cache.orElseThrow()
                    .put(
                            key.get(),
                            write(trace, changed ? draft.settings : null, draft.written.called()));
        }
    }

    /** What a template said of its node. */
    private record Read(
            boolean same,
            List<String> macros,
            Optional<Map<String, YamlValue>> settings,
            Map<String, YamlValue> called,
            List<NamedRef> refs,
            List<Draft.SourceCall> sources) {}

    private record NamedRef(Draft.RefCall call, Optional<String> id) {}

    private CacheOutput write(
            RenderTrace trace, @Nullable Settings settings, Map<String, YamlValue> called) {
        CacheOutput out = new CacheOutput();
        seen(out, trace).texts(trace.macros()).flag(settings != null);
        if (settings != null) {
            out.yaml(settings.values());
        }
        out.yaml(called).number(trace.refs().size());
        trace.refs().forEach(r -> call(out, r.call()).text(r.found().map(d -> d.id.value())));
        out.number(trace.sources().size());
        trace.sources().forEach(s -> call(out, s.call()));
        return out;
    }

    /** Writes down which flags it saw, if it looked at them. */
    private CacheOutput seen(CacheOutput out, RenderTrace trace) {
        out.flag(trace.flags());
        return trace.flags() ? out.key(flags) : out;
    }

    private boolean seesTheSame(CacheInput in) {
        return !in.flag() || in.key().equals(flags);
    }

    private Read read(CacheInput in) {
        boolean same = seesTheSame(in);
        List<String> macros = in.texts();
        Optional<Map<String, YamlValue>> settings =
                in.flag() ? Optional.of(in.yamlMap()) : Optional.empty();
        Map<String, YamlValue> called = in.yamlMap();
        List<NamedRef> refs = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            refs.add(new NamedRef(refCall(in), in.optionalText()));
        }
        List<Draft.SourceCall> sources = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            sources.add(sourceCall(in));
        }
        return new Read(same, macros, settings, called, refs, sources);
    }

    private boolean stillMeant(Read read, Draft draft) {
        return read.same()
                && read.refs().stream()
                        .allMatch(
                                r -> named(r.call(), draft).map(d -> d.id.value()).equals(r.id()));
    }

    private Optional<Draft> named(Draft.RefCall call, Draft by) {
        return scope.nodes().named(call, by.packageName);
    }

    /** Gets a draft's SQL, from what is remembered if that can be. */
    SqlText sql(Draft draft, NodeContext.Mode mode, Supplier<Rendering> render) {
        Optional<CacheKey> key = sqlKey(draft, mode);
        Optional<String> known =
                key.flatMap(k -> cache.orElseThrow().find(k, in -> takeOver(in, draft)))
                        .filter(text -> !text.isEmpty());
        if (known.isPresent()) {
            return new SqlText(known.get(), new LateOrigin(draft.place, render));
        }
        Rendering rendering = render.get();
        if (key.isPresent() && rendering.trace().repeatable() && !draft.late) {
            cache.orElseThrow().put(key.get(), write(rendering));
        }
        return rendering.sql();
    }

    private CacheOutput write(Rendering rendering) {
        RenderTrace trace = rendering.trace();
        CacheOutput out = seen(new CacheOutput(), trace).number(trace.refs().size());
        for (RenderTrace.Ref ref : trace.refs()) {
            Draft found = ref.found().orElseThrow();
            call(out, ref.call()).text(found.id.value()).text(written(found.relationValue()));
        }
        out.number(trace.sources().size());
        for (RenderTrace.Source source : trace.sources()) {
            SourceDraft found = source.found().orElseThrow();
            call(out, source.call()).text(found.id().value());
            out.text(written(found.relationValue()));
        }
        return out.text(rendering.sql().sql());
    }

    /** The SQL, with its references noted; nothing when one of them means something else now. */
    private String takeOver(CacheInput in, Draft draft) {
        if (!seesTheSame(in)) {
            return "";
        }
        List<Draft.RefCall> refs = new ArrayList<>();
        List<NodeId> inputs = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            Draft.RefCall call = refCall(in);
            refs.add(call);
            String id = in.text();
            String relation = in.text();
            Optional<Draft> now = named(call, draft).filter(d -> d.id.value().equals(id));
            if (now.isEmpty() || !written(now.get().relationValue()).equals(relation)) {
                return "";
            }
            inputs.add(now.get().id);
        }
        List<Draft.SourceCall> sources = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            Draft.SourceCall call = sourceCall(in);
            sources.add(call);
            String id = in.text();
            String relation = in.text();
            Optional<SourceDraft> now =
                    scope.nodes()
                            .named(call, draft.packageName)
                            .filter(s -> s.id().value().equals(id));
            if (now.isEmpty() || !written(now.get().relationValue()).equals(relation)) {
                return "";
            }
            inputs.add(now.get().id());
        }
        String sql = in.text();
        draft.refs.addAll(refs);
        draft.sources.addAll(sources);
        draft.dependsOn.addAll(inputs);
        return sql;
    }

    private static CacheOutput call(CacheOutput out, Draft.RefCall call) {
        return out.text(call.packageName())
                .text(call.name())
                .text(call.version())
                .place(call.place());
    }

    private static Draft.RefCall refCall(CacheInput in) {
        Optional<String> packageName = in.optionalText();
        String name = in.text();
        Optional<String> version = in.optionalText();
        return new Draft.RefCall(packageName, name, version, in.place());
    }

    private static CacheOutput call(CacheOutput out, Draft.SourceCall call) {
        return out.text(call.source()).text(call.table()).place(call.place());
    }

    private static Draft.SourceCall sourceCall(CacheInput in) {
        String source = in.text();
        String table = in.text();
        return new Draft.SourceCall(source, table, in.place());
    }

    /** All that a template can learn from a relation. */
    private static String written(RelationValue relation) {
        return relation.attribute("database")
                + " "
                + relation.text()
                + " "
                + relation.attribute("type");
    }

    /** Places in SQL that was taken over: the template is rendered when somebody asks for one. */
    private static final class LateOrigin implements SqlText.Origin {
        private final Place otherwise;
        private final Supplier<Rendering> render;
        private SqlText.@Nullable Origin origin;

        LateOrigin(Place otherwise, Supplier<Rendering> render) {
            this.otherwise = otherwise;
            this.render = render;
        }

        @Override
        public synchronized Optional<Place> locate(int offset) {
            if (origin == null) {
                origin = rendered();
            }
            return origin.locate(offset);
        }

        private SqlText.Origin rendered() {
            try {
                return render.get().sql().origin();
            } catch (JinjaException | TarnException e) {
                return offset -> Optional.of(otherwise);
            }
        }
    }
}
