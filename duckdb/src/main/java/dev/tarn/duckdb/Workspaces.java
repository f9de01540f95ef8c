package dev.tarn.duckdb;

import dev.tarn.model.TarnException;
import dev.tarn.spi.RelationResolver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Opens workspaces, and keeps a few that sessions have left in which nothing but queries ran, so
 * that the next query over the same relations finds them made. Safe for use by many threads.
 */
final class Workspaces implements AutoCloseable {
    /** Each holds the views of one state of a warehouse. */
    static final int MOST_IDLE = 4;

    /** What DuckDB keeps for a connection cannot grow beyond what this many queries leave. */
    static final int MOST_USES = 256;

    /** How the names of the databases of sessions begin. */
    static final String DATABASE = "tarn_session_";

    private final Workspace.Shared shared;
    private final AtomicLong opened = new AtomicLong();
    private final Deque<Workspace> idle = new ArrayDeque<>();
    private final Deque<Workspace> trusted = new ArrayDeque<>();
    private boolean closed;

    Workspaces(Workspace.Shared shared) {
        this.shared = shared;
    }

    Workspace open(Duration timeout) {
        return Workspace.open(
                shared,
                DATABASE + opened.incrementAndGet(),
                timeout,
                new ShapeGround(() -> session(timeout, false)));
    }

    DuckDbSession session(Duration timeout, boolean readOnly) {
        return new DuckDbSession(this, shared, timeout, readOnly);
    }

    /**
     * One that was left by a session that was trusted as well. Of its relations those stay that the
     * resolver still has.
     */
    Optional<Workspace> leftTrusted(RelationResolver resolver, Duration timeout) {
        Workspace found;
        synchronized (idle) {
            found = trusted.stream().filter(w -> w.allows(timeout)).findFirst().orElse(null);
            trusted.remove(found);
        }
        if (found != null) {
            found.reuse(resolver);
        }
        return Optional.ofNullable(found);
    }

    /** One that was left by a session with an equal resolver. */
    Optional<Workspace> left(RelationResolver resolver, Duration timeout) {
        synchronized (idle) {
            for (Iterator<Workspace> each = idle.iterator(); each.hasNext(); ) {
                Workspace workspace = each.next();
                if (workspace.serves(resolver, timeout)) {
                    each.remove();
                    workspace.reuse();
                    return Optional.of(workspace);
                }
            }
        }
        return Optional.empty();
    }

    /** Takes back one in which only queries ran, and all of them to their end. */
    void leave(Workspace workspace, boolean readOnly) {
        Workspace surplus = workspace;
        Deque<Workspace> others = readOnly ? idle : trusted;
        synchronized (idle) {
            if (!closed && workspace.uses() < MOST_USES) {
                others.addFirst(workspace);
                surplus = others.size() > MOST_IDLE ? others.removeLast() : null;
            }
        }
        if (surplus != null) {
            surplus.close();
        }
    }

    /** How many wait for a session. */
    int idle() {
        synchronized (idle) {
            return idle.size();
        }
    }

    @Override
    public void close() {
        Deque<Workspace> last;
        synchronized (idle) {
            closed = true;
            last = new ArrayDeque<>(idle);
            last.addAll(trusted);
            idle.clear();
            trusted.clear();
        }
        @Nullable TarnException failed = null;
        for (Workspace workspace : last) {
            try {
                workspace.close();
            } catch (TarnException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
