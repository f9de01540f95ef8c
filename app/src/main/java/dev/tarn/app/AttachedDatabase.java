package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.ExternalSpec.Database;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A database file of DuckDB that a profile attaches. It is open only while something is read, and
 * never to write, so that whoever fills it can go on.
 */
final class AttachedDatabase {
    private static final String NAME = "attached_to_read";

    private final Engine engine;
    private final Path projectRoot;
    private final ExternalSpec spec;
    private final Database database;

    AttachedDatabase(Engine engine, Path projectRoot, ExternalSpec spec) {
        this.engine = engine;
        this.projectRoot = projectRoot;
        this.spec = spec;
        this.database = spec.database().orElseThrow();
    }

    /** The file that holds it; empty when there is none. */
    Optional<Path> file() {
        Path file = projectRoot.resolve(database.path());
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /**
     * Reads from it. The engine knows each file once, for all its sessions: one reads at a time.
     *
     * @param use is given what stands in front of the names of its tables
     */
    <T> T reading(EngineSession session, Function<String, T> use) {
        if (database.type().equals(ExternalSpec.PLUGIN)) {
            throw new TarnException(
                            ErrorCode.UNSUPPORTED,
                            ("The plugin '%s' of dbt on DuckDB is a program for Python, which does"
                                            + " not run here. Give the source files with"
                                            + " 'external_location', or an 'ingest' block with a"
                                            + " connector.")
                                    .formatted(database.path()))
                    .at(spec.place());
        }
        if (!database.type().equals("duckdb")) {
            throw new TarnException(
                            ErrorCode.UNSUPPORTED,
                            ("The profile attaches %s as a database of type '%s'; only files of"
                                            + " DuckDB are read that way. Give the source an 'ingest' block"
                                            + " with a connector for %s instead.")
                                    .formatted(database.path(), database.type(), database.type()))
                    .at(spec.place());
        }
        Path file =
                file().orElseThrow(() ->
                        new TarnException(
                                        ErrorCode.FILE_MISSING,
                                        ("The profile attaches %s, which is no file. Paths"
                                                        + " are relative to the project.")
                                                .formatted(database.path()))
                                .at(spec.place()));
        synchronized (engine) {
            session.execute(
                    "ATTACH '%s' AS %s (READ_ONLY)"
                            .formatted(file.toString().replace("'", "''"), NAME));
            try {
                return use.apply(NAME + ".");
            } finally {
                session.execute("DETACH " + NAME);
            }
        }
    }
}
