package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import dev.tarn.project.CompileDatabase;
import dev.tarn.project.SessionDatabase;
import dev.tarn.run.CatalogRelations;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers templates that look at data while they compile, from what is published. Most projects
 * never ask, so the engine is started only when one does.
 */
final class LateDatabase implements CompileDatabase, AutoCloseable {
    private final Wiring wiring;
    private final RefName ref;
    private @Nullable EngineSession session;
    private @Nullable SessionDatabase database;

    LateDatabase(Wiring wiring, RefName ref) {
        this.wiring = wiring;
        this.ref = ref;
    }

    @Override
    public synchronized Optional<Schema> columns(TableName relation) {
        return opened().columns(relation);
    }

    @Override
    public synchronized Rows query(String sql) {
        return opened().query(sql);
    }

    @Override
    public synchronized Schema describe(String sql) {
        return opened().describe(sql);
    }

    @Override
    public synchronized Optional<Kind> kind(TableName relation) {
        return opened().kind(relation);
    }

    @Override
    public synchronized List<TableName> relations() {
        return opened().relations();
    }

    /** Nothing is changed by looking. */
    @Override
    public synchronized long execute(String sql) {
        return 0;
    }

    private SessionDatabase opened() {
        SessionDatabase open = database;
        if (open == null) {
            EngineSession fresh = wiring.engine().open(Engine.SessionOptions.TRUSTED);
            CatalogRelations relations =
                    new CatalogRelations(
                            wiring.catalog().read(ref, AsOf.head()),
                            wiring.tables(),
                            wiring.past());
            fresh.resolver(relations);
            open = new SessionDatabase(fresh, Optional.of(relations), sql -> 0, List.of());
            session = fresh;
            database = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.close();
            session = null;
            database = null;
        }
    }
}
