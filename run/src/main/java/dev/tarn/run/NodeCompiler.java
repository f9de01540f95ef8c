package dev.tarn.run;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finishes nodes whose code depends on data, just before they run. */
public interface NodeCompiler {
    /** Leaves every node as it is. */
    NodeCompiler NONE = (node, context) -> node;

    /**
     * The node as it is to run, which is the given one if its code was final.
     *
     * @param context of the node's task: what templates see is what the task sees
     */
    Node compile(Node node, TaskContext context);

    /**
     * The model as it is to run for one of its periods, which is the given one if its code does not
     * ask for the period.
     *
     * @param adds whether it adds to the table that is there
     */
    default Node.Model batch(
            Node.Model model, Batches.Batch batch, boolean adds, TaskContext context) {
        return model;
    }

    /** Checks the columns of a model whose query is understood only after its header. */
    default Node columnsChecked(Node node, TaskContext context) {
        return node;
    }

    /**
     * Builds a model by the project's own macro.
     *
     * @return how many rows its main statement made
     */
    default long materialize(Node.Model model, TaskContext context) {
        throw new IllegalStateException("Nobody knows how to build " + model.id());
    }

    /** Rows that were made outside of the engine, until they are closed. */
    interface MadeRows extends AutoCloseable {
        /** A query of them. */
        SqlText query();

        @Override
        void close();
    }

    /** Runs a Python model. */
    default MadeRows rows(Node.Model model, TaskContext context) {
        throw new IllegalStateException("Nobody knows how to run " + model.id());
    }

    /**
     * What a macro of the project says of a check.
     *
     * @param warn whether there is too much for silence
     * @param error whether there is too much for a warning
     */
    record Judgement(long failures, boolean warn, boolean error) {}

    /** Whether a macro of the project runs a check. */
    default boolean judges(Node.Check check) {
        return false;
    }

    /** Lets a macro of the project run a check. */
    default Judgement judge(Node.Check check, TaskContext context) {
        throw new IllegalStateException("Nobody knows how to judge " + check.id());
    }

    /** The statements before a node is built, as far as they are not executed yet. */
    default List<SqlText> before(Node node, TaskContext context) {
        return Hooks.rules(node).before();
    }

    /** The statements after a node was built, as far as they are not executed yet. */
    default List<SqlText> after(Node node, TaskContext context) {
        return Hooks.rules(node).after();
    }

    /** The statements before the first node of a run, as far as they are not executed yet. */
    default List<SqlText> atStart(Project project, TaskContext context) {
        return project.hooks().atStart();
    }

    /**
     * The statements after the last node of a run, as far as they are not executed yet.
     *
     * @param names what their templates can use besides everything else
     */
    default List<SqlText> atEnd(
            Project project, Map<String, @Nullable Object> names, TaskContext context) {
        return project.hooks().atEnd(names);
    }
}
