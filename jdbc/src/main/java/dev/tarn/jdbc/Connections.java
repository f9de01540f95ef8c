package dev.tarn.jdbc;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The connections to one database. Those that are free are used again. */
final class Connections implements AutoCloseable {
    private final JdbcSettings settings;
    private volatile boolean cancelled;
    private final Dialect dialect;
    private final @Nullable URLClassLoader drivers;
    private final Driver driver;
    private final Deque<Connection> free = new ArrayDeque<>();
    private final Set<Connection> used = new HashSet<>();
    private final Set<CompletableFuture<@Nullable Connection>> greetings = new HashSet<>();

    Connections(JdbcSettings settings, Dialect dialect) {
        this.settings = settings;
        this.dialect = dialect;
        drivers = loader(settings);
        driver = driver();
    }

    /** Works with a connection. One that fails is not used again. */
    <T> T with(Work<T> work) {
        Connection connection = take();
        try {
            T result = work.on(connection);
            give(connection);
            return result;
        } catch (SQLException e) {
            drop(connection);
            throw failed(e);
        } catch (RuntimeException | Error e) {
            drop(connection);
            throw e;
        }
    }

    /** Something that needs a connection. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private Connection take() {
        synchronized (this) {
            if (cancelled) {
                throw stopped(null);
            }
            Connection connection = free.poll();
            if (connection != null) {
                used.add(connection);
                return connection;
            }
        }
        return open(Map.of());
    }

    /**
     * A connection for somebody alone, who ends it by {@link #drop}.
     *
     * @param further what the driver is told beside what it always is
     */
    Connection open(Map<String, String> further) {
        Properties properties = dialect.properties(settings);
        properties.putAll(further);
        settings.user().ifPresent(user -> properties.setProperty("user", user));
        settings.password().ifPresent(secret -> properties.setProperty("password", secret));
        try {
            Connection connection = connected(properties);
            if (connection == null) {
                throw JdbcErrors.noDriver(settings.server(), "the one there takes other URLs");
            }
            synchronized (this) {
                used.add(connection);
                if (!cancelled) {
                    return connection;
                }
            }
            drop(connection);
            throw stopped(null);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /**
     * Drivers cannot be stopped while they connect, and a server may take as long as it wants to
     * greet: whoever is stopped leaves that to a thread of its own.
     */
    private @Nullable Connection connected(Properties properties) throws SQLException {
        CompletableFuture<@Nullable Connection> greeting = new CompletableFuture<>();
        synchronized (this) {
            if (cancelled) {
                throw stopped(null);
            }
            greetings.add(greeting);
        }
        Thread.ofPlatform().daemon().name("connecting").start(() -> connect(properties, greeting));
        try {
            return greeting.get();
        } catch (CancellationException e) {
            throw stopped(e);
        } catch (InterruptedException e) {
            greeting.cancel(false);
            Thread.currentThread().interrupt();
            throw stopped(e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            synchronized (this) {
                greetings.removeIf(CompletableFuture::isDone);
            }
        }
    }

    private void connect(Properties properties, CompletableFuture<@Nullable Connection> greeting) {
        try {
            Connection connection = driver.connect(settings.url(), properties);
            if (!greeting.complete(connection) && connection != null) {
                end(connection);
            }
        } catch (SQLException | RuntimeException | Error e) {
            greeting.completeExceptionally(e);
        }
    }

    private static TarnException stopped(@Nullable Exception cause) {
        return new TarnException(ErrorCode.INTERRUPTED, "Reading was stopped.", cause);
    }

    private synchronized void give(Connection connection) {
        if (used.remove(connection)) {
            free.push(connection);
        }
    }

    void drop(Connection connection) {
        synchronized (this) {
            used.remove(connection);
        }
        end(connection);
    }

    private TarnException failed(SQLException failure) {
        return cancelled ? stopped(failure) : JdbcErrors.failed(settings, failure);
    }

    /**
     * Ends what the connections are at, all at once: to end one, a driver may ask its server by
     * another, which takes as long as the server wants to.
     */
    void cancel() {
        Set<Connection> all;
        synchronized (this) {
            cancelled = true;
            greetings.forEach(greeting -> greeting.cancel(false));
            all = new HashSet<>(used);
        }
        List<Thread> ending =
                all.stream()
                        .map(connection ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("ending")
                                        .start(() -> end(connection)))
                        .toList();
        for (Thread thread : ending) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void end(Connection connection) {
        try {
            dialect.end(connection);
        } catch (SQLException | AbstractMethodError e) {
            close(connection);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // It is of no use to anybody any more, closed or not.
        }
    }

    private static @Nullable URLClassLoader loader(JdbcSettings settings) {
        if (settings.driver().isEmpty()) {
            return null;
        }
        try {
            return new URLClassLoader(
                    new URL[] {settings.driver().get().toUri().toURL()},
                    Connections.class.getClassLoader());
        } catch (MalformedURLException e) {
            throw JdbcErrors.noDriver(settings.server(), "'driver' is no path");
        }
    }

    private Driver driver() {
        ClassLoader loader = drivers == null ? Connections.class.getClassLoader() : drivers;
        try {
            if (settings.driverClass().isPresent()) {
                return Class.forName(settings.driverClass().get(), true, loader)
                        .asSubclass(Driver.class)
                        .getDeclaredConstructor()
                        .newInstance();
            }
            for (Driver candidate : ServiceLoader.load(Driver.class, loader)) {
                if (candidate.acceptsURL(settings.url())) {
                    return candidate;
                }
            }
        } catch (ReflectiveOperationException | SQLException | ClassCastException e) {
            throw JdbcErrors.noDriver(settings.server(), "'driver_class' cannot be used");
        }
        throw JdbcErrors.noDriver(settings.server(), "");
    }

    @Override
    public void close() {
        cancel();
        synchronized (this) {
            free.forEach(Connections::close);
            free.clear();
        }
        if (drivers != null) {
            try {
                drivers.close();
            } catch (IOException e) {
                // The jar is read no more in any case.
            }
        }
    }
}
