package dev.tarn.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Brings the tables of a database to the form this program knows, step by step. A step that was
 * released is never edited; a new form is a new step at the end of the list.
 */
final class Migrator {
    private static final List<String> STEPS =
            List.of(
                    "0001-catalog.sql",
                    "0002-outbox.sql",
                    "0003-oldest.sql",
                    "0004-task-history.sql",
                    "0005-jobs.sql",
                    "0006-alerts.sql",
                    "0007-job-growth.sql",
                    "0008-answers.sql");

    /** The form of the tables that this program reads and writes. */
    static final int KNOWN_FORM = STEPS.size();

    private static final String TABLE = "tarn_schema";

    private Migrator() {}

    static void bringUpToDate(Database database, Instant now) {
        int form = database.read(session -> form(database, session));
        if (form < KNOWN_FORM) {
            database.write(session -> {
                database.prepareMigration(session);
                // Another process may have been faster.
                migrate(database, session, form(database, session), now);
                return KNOWN_FORM;
            });
        }
    }

    private static int form(Database database, Session session) throws SQLException {
        if (!database.hasTable(session, TABLE)) {
            if (!database.isEmpty(session)) {
                throw StateErrors.notACatalog(database.place());
            }
            return 0;
        }
        int form =
                session.first(
                                "SELECT max(form) AS form FROM " + TABLE,
                                row -> Math.toIntExact(row.number("form")))
                        .orElse(0);
        if (form > KNOWN_FORM) {
            throw StateErrors.tooNew(database.place(), form, KNOWN_FORM);
        }
        return form;
    }

    private static void migrate(Database database, Session session, int form, Instant now)
            throws SQLException {
        if (form == 0) {
            session.execute(
                    "CREATE TABLE "
                            + TABLE
                            + " (form INTEGER PRIMARY KEY, applied_at BIGINT NOT NULL)");
        }
        for (int step = form; step < KNOWN_FORM; step++) {
            for (String statement : statements(STEPS.get(step))) {
                session.execute(
                        statement
                                .replace("${text}", database.textType())
                                .replace("${now}", Long.toString(Times.nanos(now))));
            }
            session.update(
                    "INSERT INTO " + TABLE + " (form, applied_at) VALUES (?, ?)",
                    step + 1,
                    Times.nanos(now));
        }
    }

    private static List<String> statements(String step) {
        try (InputStream in = Migrator.class.getResourceAsStream(step)) {
            if (in == null) {
                throw new IllegalStateException("The program lacks its own file " + step);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(text.replaceAll("(?m)^--.*\n", "").strip().split(";\\s*\n?"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
