package dev.tarn.state;

import dev.tarn.spi.AlertStore;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.KeptAnswers;
import dev.tarn.spi.Outbox;
import dev.tarn.spi.RunLog;
import java.time.Clock;

/**
 * The catalog and the record of runs of one warehouse, in one database. Opening brings an older
 * database up to date. Safe for use by many threads; any number of processes may have the same
 * database open.
 */
public final class StateStore implements AutoCloseable {
    private final Database database;
    private final Catalog catalog;
    private final RunLog runs;
    private final Outbox outbox;
    private final JobStore jobs;
    private final KeptAnswers answers;
    private final AlertStore alerts;

    private StateStore(Database database, Clock clock) {
        this.database = database;
        this.catalog = new SqlCatalog(database, clock);
        this.runs = new SqlRunLog(database);
        this.outbox = new SqlOutbox(database);
        this.jobs = new SqlJobStore(database);
        this.answers = new SqlKeptAnswers(database);
        this.alerts = new SqlAlertStore(database);
    }

    /**
     * Opens the database, making it if need be.
     *
     * @throws dev.tarn.model.TarnException {@code CATALOG_TOO_NEW}, {@code CATALOG_CORRUPT}, {@code
     *     CATALOG_BUSY}, {@code CATALOG_UNAVAILABLE}, {@code STORAGE_DENIED}, {@code STORAGE_FULL}
     *     or {@code CONFIG_INVALID}
     */
    public static StateStore open(StateConfig config, Clock clock) {
        Database database =
                switch (config) {
                    case StateConfig.Sqlite sqlite -> SqliteDatabase.open(sqlite);
                    case StateConfig.Postgres postgres -> PostgresDatabase.open(postgres);
                };
        try {
            Migrator.bringUpToDate(database, clock.instant());
            return new StateStore(database, clock);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Closing it closes the store. */
    public Catalog catalog() {
        return catalog;
    }

    public RunLog runs() {
        return runs;
    }

    public Outbox outbox() {
        return outbox;
    }

    public JobStore jobs() {
        return jobs;
    }

    public KeptAnswers answers() {
        return answers;
    }

    public AlertStore alerts() {
        return alerts;
    }

    @Override
    public void close() {
        database.close();
    }
}
