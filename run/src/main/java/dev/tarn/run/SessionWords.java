package dev.tarn.run;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What statements of a project decided about the queries that come after them: settings, macros and
 * types. No catalog holds them, so each session is told them again. Safe for use by many threads.
 */
public final class SessionWords {
    private final List<Told> told = new ArrayList<>();

    SessionWords() {}

    /**
     * @param word what queries that mean it hold; empty: it concerns every query
     */
    private record Told(
            SqlText statement,
            Optional<String> schema,
            Optional<Pattern> word,
            Optional<Statement.Vocabulary> vocabulary) {
        boolean concerns(String sql) {
            return word.isEmpty() || word.get().matcher(sql).find();
        }

        void tell(EngineSession session) {
            schema.ifPresent(s -> session.execute("CREATE SCHEMA IF NOT EXISTS " + Type.quoted(s)));
            session.execute(statement);
        }
    }

    synchronized void add(Statement.Setting setting) {
        told.add(new Told(setting.text(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    /** What was just told of the same name need not be told again. */
    synchronized void add(Statement.Vocabulary vocabulary) {
        String name = vocabulary.name().table();
        boolean again =
                told.reversed().stream()
                        .filter(t -> t.word().filter(w -> w.matcher(name).matches()).isPresent())
                        .findFirst()
                        .filter(t -> t.statement().sql().equals(vocabulary.text().sql()))
                        .isPresent();
        if (!again) {
            told.add(told(vocabulary));
        }
    }

    private static Told told(Statement.Vocabulary vocabulary) {
        List<String> name = vocabulary.name().parts();
        Optional<String> schema =
                name.size() > 1 ? Optional.of(name.get(name.size() - 2)) : Optional.empty();
        return new Told(
                vocabulary.text(),
                schema,
                Optional.of(word(name.getLast())),
                Optional.of(vocabulary));
    }

    private static Pattern word(String name) {
        return Pattern.compile(
                "(?<!\\w)" + Pattern.quote(name) + "(?!\\w)", Pattern.CASE_INSENSITIVE);
    }

    /** Lets a session understand the query that statements are the header of. */
    public static void tell(SqlText header, Engine engine, EngineSession session) {
        for (Statement statement : StatementParser.parse(header)) {
            if (statement instanceof Statement.Setting setting
                    && engine.sessionSettings().contains(setting.setting())) {
                session.execute(setting.text());
            } else if (statement instanceof Statement.Vocabulary vocabulary) {
                attempt(vocabulary, session);
            }
        }
    }

    /**
     * Lets a session know the macros and types that statements make to stay; nothing else counts.
     */
    public static void learn(SqlText statements, EngineSession session) {
        try {
            for (Statement statement : StatementParser.parse(statements)) {
                if (statement instanceof Statement.Vocabulary vocabulary
                        && vocabulary.lifetime() != Statement.Lifetime.TEMPORARY) {
                    attempt(vocabulary, session);
                }
            }
        } catch (TarnException e) {
            // A run says what is wrong with them, and a query what it does not know.
        }
    }

    /** Shows that a session understands a statement, without keeping it. */
    static void attempt(Statement.Vocabulary vocabulary, EngineSession session) {
        told(vocabulary).tell(session);
    }

    /** Whether something of this name was told here. */
    synchronized boolean knows(String name) {
        return told.stream()
                .flatMap(t -> t.word().stream())
                .anyMatch(w -> w.matcher(name).matches());
    }

    synchronized boolean isEmpty() {
        return told.isEmpty();
    }

    /** Whether a query may mean something else with it than without. */
    synchronized boolean concern(String sql) {
        return told.stream().anyMatch(t -> t.concerns(sql));
    }

    /** Whether a query may call or cast to what is known nowhere else. */
    synchronized boolean areIn(String sql) {
        return told.stream().anyMatch(t -> t.word().isPresent() && t.concerns(sql));
    }

    /** What made and dropped macros and types, the first before the last. */
    synchronized List<Statement.Vocabulary> vocabulary() {
        return told.stream().flatMap(t -> t.vocabulary().stream()).toList();
    }

    void tell(EngineSession session) {
        List<Told> now;
        synchronized (this) {
            now = List.copyOf(told);
        }
        now.forEach(t -> t.tell(session));
    }
}
