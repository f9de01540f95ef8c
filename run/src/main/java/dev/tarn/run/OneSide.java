package dev.tarn.run;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.sql.statement.Token;
import dev.tarn.sql.statement.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Expressions of a merge about rows of which one side is missing: a column that both tables have
 * means that of the side that is there.
 */
final class OneSide {
    /** After these a word is a type, a name or a part of a date. */
    private static final Set<String> BEFORE = Set.of(".", "::", "as", "collate", "interval", ":");

    /** Before these a word is no column. */
    private static final Set<String> AFTER = Set.of(".", "(", ":=", "=>", "->", ":");

    private final Schema one;
    private final Schema other;
    private final String alias;

    /**
     * @param one the columns of the side that is there
     * @param other the columns of the side that is missing
     * @param alias of the side that is there, in quotes
     */
    OneSide(Schema one, Schema other, String alias) {
        this.one = one;
        this.other = other;
        this.alias = alias;
    }

    /** The expression, with the side's name before columns that would mean either. */
    SqlText of(SqlText text) {
        List<Token> tokens = Tokens.of(text);
        if (tokens.stream().anyMatch(t -> t.is("select"))) {
            return text;
        }
        List<Integer> at = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (isColumn(tokens, i)) {
                at.add(tokens.get(i).start());
            }
        }
        return at.isEmpty() ? text : qualified(text, at);
    }

    private boolean isColumn(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        if (!token.isName()
                || one.find(token.name()).isEmpty()
                || other.find(token.name()).isEmpty()) {
            return false;
        }
        if (i + 1 < tokens.size()) {
            Token next = tokens.get(i + 1);
            // date '2026-01-31' is a value, and extract(day from at) names a part.
            if (next.kind() == Token.Kind.TEXT
                    || AFTER.contains(next.text())
                    || (next.is("from") && i > 0 && tokens.get(i - 1).is("("))) {
                return false;
            }
        }
        if (i == 0) {
            return true;
        }
        Token last = tokens.get(i - 1);
        boolean amount = last.kind() == Token.Kind.NUMBER || last.kind() == Token.Kind.TEXT;
        return !amount && !BEFORE.contains(last.text().toLowerCase(Locale.ROOT));
    }

    private SqlText qualified(SqlText text, List<Integer> at) {
        String before = alias + ".";
        StringBuilder sql = new StringBuilder(text.sql());
        for (int start : at.reversed()) {
            sql.insert(start, before);
        }
        return new SqlText(
                sql.toString(),
                offset -> {
                    int old = offset;
                    for (int i = 0; i < at.size(); i++) {
                        int start = at.get(i) + i * before.length();
                        if (offset >= start) {
                            old = offset - Math.min(offset - start, before.length());
                            old -= i * before.length();
                        }
                    }
                    return text.locate(old);
                });
    }
}
