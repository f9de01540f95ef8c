package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Relation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets a node see a part of its inputs only. The query stays as it is: in the session, the name of
 * an input stands for the part.
 */
final class InputFilter {
    private static final String WHOLE = "tarn_whole__";

    private final TaskContext context;

    InputFilter(TaskContext context) {
        this.context = context;
    }

    /** What the whole run asks for. */
    void apply(Node node) {
        RunRequest.InputData data = context.data();
        if (data.empty()) {
            inputs(node).forEach(id -> define(id, "false"));
        } else if (data.sample().start().isPresent() || data.sample().end().isPresent()) {
            for (NodeId id : inputs(node)) {
                eventTime(id).ifPresent(column -> define(id, within(column, data.sample())));
            }
        }
    }

    /** A query that outlives the run, such as that of a view: it says itself what it sees. */
    SqlText written(Node node, SqlText query) {
        RunRequest.Period sample = context.data().sample();
        if (context.data().empty() || sample.equals(RunRequest.Period.OPEN)) {
            return query;
        }
        Map<TableName, String> parts = new HashMap<>();
        for (NodeId id : inputs(node)) {
            Optional<TableName> name = context.project().find(id).flatMap(Identities::relation);
            if (name.isPresent()) {
                eventTime(id).ifPresent(column -> parts.put(name.get(), within(column, sample)));
            }
        }
        return TableNames.of(query).filtered(parts);
    }

    /** What a node reads; of ephemeral models, which are part of its query, what they read. */
    private Set<NodeId> inputs(Node node) {
        Set<NodeId> inputs = new LinkedHashSet<>();
        Deque<NodeId> open = new ArrayDeque<>(inParts(node));
        while (!open.isEmpty()) {
            NodeId id = open.pop();
            if (inputs.add(id)
                    && context.project().find(id).orElse(null) instanceof Node.Model model
                    && model.materialization() instanceof Materialization.Ephemeral) {
                open.addAll(inParts(model));
            }
        }
        return inputs;
    }

    /** The inputs of which a node does not ask for all rows. */
    private static List<NodeId> inParts(Node node) {
        return node.dependsOn().stream().filter(id -> !node.common().whole().contains(id)).toList();
    }

    /** Only the rows of a period, of those inputs that say when their rows happened. */
    void period(Node node, Batches.Batch batch) {
        if (context.data().empty()) {
            return;
        }
        RunRequest.Period sample = context.data().sample();
        Batches.Batch seen =
                new Batches.Batch(
                        sample.start().filter(t -> t.isAfter(batch.start())).orElse(batch.start()),
                        sample.end().filter(t -> t.isBefore(batch.end())).orElse(batch.end()));
        for (NodeId id : inParts(node)) {
            eventTime(id)
                    .ifPresent(
                            column -> define(id, MicrobatchTask.within(Type.quoted(column), seen)));
        }
    }

    private static String within(String column, RunRequest.Period period) {
        String quoted = Type.quoted(column);
        String from =
                period.start().map(t -> quoted + " >= " + MicrobatchTask.literal(t)).orElse("true");
        String to =
                period.end().map(t -> quoted + " < " + MicrobatchTask.literal(t)).orElse("true");
        return from + " and " + to;
    }

    private Optional<String> eventTime(NodeId id) {
        return Optional.ofNullable(context.project().manifest().config(id).get("event_time"))
                .map(column -> column.toString().strip());
    }

    private void define(NodeId id, String condition) {
        Optional<TableName> name = context.project().find(id).flatMap(Identities::relation);
        if (name.isEmpty()) {
            return;
        }
        Optional<Relation> whole =
                context.view()
                        .find(EntryKey.of(name.get()))
                        .flatMap(v -> context.relations().resolve(name.get()));
        if (whole.isEmpty()) {
            return;
        }
        TableName aside = new TableName(WHOLE + name.get().schema(), name.get().table());
        context.session().define(aside, whole.get());
        context.session()
                .define(
                        name.get(),
                        new Relation.View(
                                "select * from %s.%s where %s"
                                        .formatted(
                                                Type.quoted(aside.schema()),
                                                Type.quoted(aside.table()),
                                                condition)));
    }
}
