package dev.tarn.project;

import dev.tarn.model.graph.SqlText;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Puts the queries of ephemeral models in front of the queries that use them. */
final class EphemeralInliner {
    private final NodeIndex nodes;

    EphemeralInliner(NodeIndex nodes) {
        this.nodes = nodes;
    }

    /** The query with every ephemeral model it needs as a common table expression. */
    SqlText inline(Draft draft, SqlText sql) {
        Set<Draft> needed = below(draft);
        if (needed.isEmpty()) {
            return sql;
        }
        SqlPieces pieces = new SqlPieces();
        int start = firstWord(sql.sql());
        Optional<Integer> afterWith = afterWith(sql.sql(), start);
        int resume = afterWith.orElse(start);
        pieces.addPart(sql, 0, start);
        pieces.add(afterWith.isPresent() ? sql.sql().substring(start, resume) + " " : "with ");
        boolean first = true;
        for (Draft ephemeral : needed) {
            pieces.add((first ? "" : ", ") + "__dbt__cte__" + ephemeral.identifier + " as (\n");
            SqlText body = ephemeral.full.orElse(SqlText.of(""));
            pieces.addPart(body, 0, body.sql().length());
            pieces.add("\n)");
            first = false;
        }
        pieces.add(afterWith.isPresent() ? ", " : "\n");
        pieces.addPart(sql, resume, sql.sql().length());
        return pieces.build();
    }

    /** Ephemeral models that become part of a draft, each after those it needs itself. */
    Set<Draft> below(Draft draft) {
        Set<Draft> needed = new LinkedHashSet<>();
        collect(draft, needed, new LinkedHashSet<>());
        needed.remove(draft);
        return needed;
    }

    private void collect(Draft draft, Set<Draft> needed, Set<Draft> open) {
        if (!open.add(draft)) {
            return;
        }
        for (var id : draft.dependsOn) {
            nodes.find(id)
                    .filter(Draft::isEphemeral)
                    .ifPresent(d -> {
                        collect(d, needed, open);
                        needed.add(d);
                    });
        }
    }

    /** Index of the first character that is neither blank nor in a comment. */
    static int firstWord(String sql) {
        int at = 0;
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end + 1;
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                at = end < 0 ? sql.length() : end + 2;
            } else {
                return at;
            }
        }
        return at;
    }

    /** Index behind {@code with} or {@code with recursive}, if the query begins so. */
    private static Optional<Integer> afterWith(String sql, int start) {
        if (!wordAt(sql, start, "with")) {
            return Optional.empty();
        }
        int next = start + 4;
        int word = next + firstWord(sql.substring(next));
        return Optional.of(wordAt(sql, word, "recursive") ? word + 9 : next);
    }

    private static boolean wordAt(String sql, int at, String word) {
        int end = at + word.length();
        return end <= sql.length()
                && sql.substring(at, end).toLowerCase(Locale.ROOT).equals(word)
                && (end == sql.length() || !Character.isJavaIdentifierPart(sql.charAt(end)));
    }
}
