package dev.tarn.run;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import dev.tarn.sql.statement.SqlPieces;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.Statement.Match;
import dev.tarn.sql.statement.Token;
import dev.tarn.sql.statement.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns that a merge wants to be equal. Rows of the target outside of what the source has in
 * them match nothing, so that files without such rows need not be read.
 */
final class MergeKeys {
    private final Statement.Merge merge;
    private final TargetTable target;
    private final Schema source;

    private record Pair(Field target, String source) {}

    /** A name in a condition, and the index of the token after it. */
    private record Path(List<String> parts, int next) {}

    MergeKeys(Statement.Merge merge, TargetTable target, Schema source) {
        this.merge = merge;
        this.target = target;
        this.source = source;
    }

    /** The condition of the match, narrowed to what the staged source has. */
    SqlText bounded(EngineSession session, SqlText match) {
        SqlPieces pieces = new SqlPieces().add("(").add(match).add("\n)");
        for (Pair pair : pairs()) {
            Optional<Field> theirs = source.find(pair.source());
            if (theirs.isPresent() && KeyBounds.fit(pair.target().type(), theirs.get().type())) {
                KeyBounds.of(
                                session,
                                MergeStatement.SOURCE,
                                pair.source(),
                                pair.target(),
                                target.column(pair.target().name()))
                        .ifPresent(b -> pieces.add(" and " + b));
            }
        }
        return pieces.text();
    }

    private List<Pair> pairs() {
        return switch (merge.match()) {
            case Match.Using using ->
                    using.columns().stream().map(c -> new Pair(target.field(c), c.name())).toList();
            case Match.On on -> pairs(on.condition());
        };
    }

    /** The equalities that a condition demands; none when it has alternatives. */
    private List<Pair> pairs(SqlText condition) {
        List<Token> tokens = Tokens.of(condition);
        if (tokens.stream().anyMatch(t -> t.is("or") || t.is("not") || t.is("case"))) {
            return List.of();
        }
        List<Pair> pairs = new ArrayList<>();
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            boolean end = i == tokens.size() || (depth == 0 && tokens.get(i).is("and"));
            if (end) {
                pair(tokens, start, i).ifPresent(pairs::add);
                start = i + 1;
            } else if (tokens.get(i).is("(")) {
                depth++;
            } else if (tokens.get(i).is(")")) {
                depth--;
            }
        }
        return pairs;
    }

    private Optional<Pair> pair(List<Token> tokens, int from, int to) {
        Optional<Path> left = path(tokens, from, to);
        if (left.isEmpty()
                || left.get().next() >= to
                || !(tokens.get(left.get().next()).is("=")
                        || tokens.get(left.get().next()).is("=="))) {
            return Optional.empty();
        }
        Optional<Path> right = path(tokens, left.get().next() + 1, to);
        if (right.isEmpty() || right.get().next() != to) {
            return Optional.empty();
        }
        return pair(left.get().parts(), right.get().parts())
                .or(() -> pair(right.get().parts(), left.get().parts()));
    }

    private Optional<Pair> pair(List<String> ours, List<String> theirs) {
        if (!isOurs(ours) || !isTheirs(theirs)) {
            return Optional.empty();
        }
        return target.schema().find(ours.getLast()).map(field -> new Pair(field, theirs.getLast()));
    }

    private boolean isOurs(List<String> path) {
        return path.size() == 1
                ? source.find(path.getFirst()).isEmpty()
                : target.isNamed(path.get(path.size() - 2))
                        && !merge.source().alias().equalsIgnoreCase(path.get(path.size() - 2));
    }

    private boolean isTheirs(List<String> path) {
        return path.size() == 1
                ? target.schema().find(path.getFirst()).isEmpty()
                : merge.source().alias().equalsIgnoreCase(path.get(path.size() - 2))
                        && !target.isNamed(path.get(path.size() - 2));
    }

    private static Optional<Path> path(List<Token> tokens, int from, int to) {
        List<String> parts = new ArrayList<>();
        int i = from;
        while (i < to && tokens.get(i).isName()) {
            parts.add(tokens.get(i).name());
            i++;
            if (i >= to || !tokens.get(i).is(".")) {
                return Optional.of(new Path(parts, i));
            }
            i++;
        }
        return Optional.empty();
    }
}
