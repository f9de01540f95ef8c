package dev.tarn.project;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The sessions in which a project is bound, opened when the first query needs one. All know the
 * same relations; a relation becomes known between two rounds of work, never during one.
 */
final class BindSessions implements AutoCloseable {
    /** Another session is worth opening for so many queries. */
    private static final int WORTHWHILE = 8;

    private final Supplier<EngineSession> opener;
    private final int most;
    private final boolean owned;
    private final Map<TableName, Schema> shapes = new LinkedHashMap<>();
    private final List<Map.Entry<TableName, Schema>> defined = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();

    /** A session, and how many of the relations it has been told of. */
    private static final class Worker {
        private final EngineSession session;
        private int told;

        Worker(EngineSession session) {
            this.session = session;
        }
    }

    private BindSessions(Supplier<EngineSession> opener, int most, boolean owned) {
        this.opener = opener;
        this.most = Math.max(1, most);
        this.owned = owned;
    }

    /** Opens up to so many sessions, and closes them. */
    static BindSessions upTo(int most, Supplier<EngineSession> opener) {
        return new BindSessions(opener, most, true);
    }

    /** Works in one session that is somebody else's, and leaves all relations defined in it. */
    static BindSessions in(EngineSession session) {
        return new BindSessions(() -> session, 1, false);
    }

    void define(TableName name, Schema schema) {
        shapes.put(name, schema);
        defined.add(Map.entry(name, schema));
    }

    /** The columns of all relations so far. */
    Map<TableName, Schema> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    /** Does something with each thing, several at the same time where there are many. */
    <T> void each(List<T> things, BiConsumer<EngineSession, T> work) {
        if (things.isEmpty()) {
            return;
        }
        int count = Math.clamp(things.size() / WORTHWHILE, 1, most);
        while (workers.size() < count) {
            workers.add(new Worker(opener.get()));
        }
        AtomicInteger next = new AtomicInteger();
        IntStream.range(0, count)
                .parallel()
                .forEach(i -> {
                    EngineSession session = ready(workers.get(i));
                    for (int at = next.getAndIncrement();
                            at < things.size();
                            at = next.getAndIncrement()) {
                        work.accept(session, things.get(at));
                    }
                });
    }

    /** A session for work that is done by itself. */
    EngineSession one() {
        if (workers.isEmpty()) {
            workers.add(new Worker(opener.get()));
        }
        return ready(workers.getFirst());
    }

    private EngineSession ready(Worker worker) {
        for (; worker.told < defined.size(); worker.told++) {
            Map.Entry<TableName, Schema> relation = defined.get(worker.told);
            worker.session.define(relation.getKey(), new Relation.Shape(relation.getValue()));
        }
        return worker.session;
    }

    @Override
    public void close() {
        if (owned) {
            workers.forEach(w -> w.session.close());
        } else {
            one();
        }
    }
}
