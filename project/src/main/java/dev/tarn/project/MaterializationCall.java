package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.JinjaException;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Values;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.NodeContext.Mode;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls the macro that builds a model, with everything dbt offers to it. */
final class MaterializationCall {
    private final CompileScope scope;
    private final Draft draft;
    private final CompileDatabase database;

    MaterializationCall(CompileScope scope, Draft draft, CompileDatabase database) {
        this.scope = scope;
        this.draft = draft;
        this.database = database;
    }

    /** Returns how many rows the main statement made. */
    long run(Node.Model model, boolean incremental) {
        SqlText sql = incremental ? model.incrementalSql().orElse(model.sql()) : model.sql();
        Mode mode = incremental ? Mode.INCREMENTAL : Mode.FULL;
        return called(model.materialization().word(), sql, mode).changed.getOrDefault("main", 0L);
    }

    /** Lets the project's macro for tests judge one. */
    LateNodes.Judgement judge(Node.Check check) {
        NodeContext context = called("test", check.sql(), Mode.FULL);
        Object table =
                context.results.get("main") instanceof Map<?, ?> main ? main.get("table") : null;
        if (!(table instanceof ResultValue rows) || rows.length() != 1) {
            throw TemplateErrors.noJudgement();
        }
        PyObject row = (PyObject) rows.iterate().next();
        Object failures = row.item("failures");
        if (failures != null && !(failures instanceof Number)) {
            throw TemplateErrors.noJudgement();
        }
        return new LateNodes.Judgement(
                failures instanceof Number n ? n.longValue() : 0,
                Values.truthy(row.item("should_warn")),
                Values.truthy(row.item("should_error")));
    }

    /** What a macro left behind when it was done. */
    private NodeContext called(String word, SqlText sql, Mode mode) {
        Materializations known = Materializations.of(scope);
        known.obstacle(draft)
                .ifPresent(p -> {
                    throw new TarnException(p);
                });
        MacroLibrary.Macro macro = known.builder(word);
        NodeContext context = new NodeContext(scope, draft, mode, Optional.of(database));
        offer(context, sql.sql());
        try {
            Object result = Values.call(context.bind(macro), Arguments.of());
            requireRelations(word, result);
            if (!context.results.containsKey("main")) {
                throw TemplateErrors.noMain(word);
            }
            return context;
        } catch (JinjaException e) {
            throw new TarnException(TemplateErrors.problem(e, draft.place));
        } catch (TarnException e) {
            throw e.problems().getFirst().place().isPresent() ? e : e.at(macro.place());
        }
    }

    private void offer(NodeContext context, String sql) {
        Map<Object, @Nullable Object> facts = draft.asMap();
        facts.put("compiled", true);
        facts.put("compiled_code", sql);
        facts.put("compiled_sql", sql);
        Object config = facts.get("config");
        context.override("sql", sql)
                .override("compiled_code", sql)
                .override("compiled_sql", sql)
                .override("model", facts)
                .override("pre_hooks", hooks(config, "pre-hook"))
                .override("post_hooks", hooks(config, "post-hook"));
    }

    private static Object hooks(@Nullable Object config, String key) {
        Object hooks = config instanceof Map<?, ?> map ? map.get(key) : null;
        return hooks == null ? new ArrayList<>() : hooks;
    }

    private static void requireRelations(String word, @Nullable Object result) {
        if (result instanceof String) {
            throw TemplateErrors.noRelations(word);
        }
        Object relations = result instanceof Map<?, ?> map ? map.get("relations") : null;
        if (relations == null || !(relations instanceof Iterable<?>)) {
            throw TemplateErrors.wrongRelations(word, Values.representation(result));
        }
        for (Object relation : Values.list(relations)) {
            if (!(relation instanceof RelationValue)) {
                throw TemplateErrors.wrongRelations(word, Values.representation(result));
            }
        }
    }
}
