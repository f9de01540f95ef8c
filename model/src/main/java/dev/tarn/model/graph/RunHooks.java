package dev.tarn.model.graph;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a project wants executed before the first and after the last node of a run. */
public interface RunHooks {
    /** A project without such wishes. */
    RunHooks NONE =
            new RunHooks() {
                @Override
                public List<SqlText> atStart() {
                    return List.of();
                }

                @Override
                public List<SqlText> atEnd(Map<String, @Nullable Object> names) {
                    return List.of();
                }
            };

    List<SqlText> atStart();

    /** Whether no node is tried when one of the statements at the start fails. */
    default boolean nodesNeedStart() {
        return false;
    }

    /**
     * The names of macros and types that code of the project may make while it runs, so that
     * queries with them cannot be understood before; in small letters.
     */
    default Set<String> vocabulary() {
        return Set.of();
    }

    /**
     * The statements at the start, if they may make macros or types that a query uses, as far as
     * they can be known without a run: for those who look at a query without one.
     */
    default List<SqlText> wordsFor(SqlText query) {
        return List.of();
    }

    /**
     * @param names what templates can use besides everything else, such as {@code results}
     */
    List<SqlText> atEnd(Map<String, @Nullable Object> names);
}
