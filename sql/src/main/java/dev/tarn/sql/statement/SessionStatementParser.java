package dev.tarn.sql.statement;

import dev.tarn.sql.statement.Statement.Lifetime;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads what decides how later queries are understood: settings, macros and types. */
final class SessionStatementParser {
    private static final Set<String> WORDS = Set.of("macro", "function", "type");

    private final Cursor cursor;

    SessionStatementParser(Cursor cursor) {
        this.cursor = cursor;
    }

    Statement setting(String verb) {
        cursor.expect(verb);
        if (cursor.have("global")) {
            return new Statement.WithoutEffect(cursor.text(), verb);
        }
        boolean scoped = cursor.skip("session") || cursor.skip("local");
        if (cursor.skip("time", "zone")) {
            // The engine knows it with a scope, or as two words, not both.
            SqlPieces pieces = new SqlPieces().add(verb + " timezone");
            if (!cursor.atEnd()) {
                pieces.add(" = ").add(cursor.rest("a time zone"));
            }
            return new Statement.Setting(pieces.text(), verb, "timezone");
        }
        String name =
                scoped && cursor.atEnd()
                        ? "session"
                        : cursor.peek().text().toLowerCase(Locale.ROOT);
        return new Statement.Setting(cursor.text(), verb, name);
    }

    /** What makes a macro or a type, if the words that follow CREATE say so. */
    Optional<Statement> made(Lifetime lifetime) {
        return one(true, lifetime);
    }

    /** What drops a macro or a type, if the words that follow DROP say so. */
    Optional<Statement> dropped() {
        return one(false, Lifetime.LASTING);
    }

    private Optional<Statement> one(boolean made, Lifetime lifetime) {
        String word = cursor.peek().text().toLowerCase(Locale.ROOT);
        if (!WORDS.contains(word)) {
            return Optional.empty();
        }
        cursor.next();
        cursor.skip("table");
        cursor.skip("if", "not", "exists");
        cursor.skip("if", "exists");
        String what = word.equals("type") ? "type" : "macro";
        Name name = cursor.name("the name of a " + what);
        return Optional.of(new Statement.Vocabulary(cursor.text(), what, name, made, lifetime));
    }
}
