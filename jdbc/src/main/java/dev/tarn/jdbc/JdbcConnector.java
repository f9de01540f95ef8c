package dev.tarn.jdbc;

import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.spi.Connector;
import dev.tarn.spi.OpenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Databases as sources: one connector for each kind that is known, and one for all others. */
public final class JdbcConnector implements Connector {
    private final Dialect dialect;
    private final LogReaders readers = new LogReaders();

    private JdbcConnector(Dialect dialect) {
        this.dialect = dialect;
    }

    /** PostgreSQL, MySQL, MariaDB, SQLite, and any other database with a driver. */
    public static List<Connector> all() {
        return List.of(
                new JdbcConnector(new PostgresDialect()),
                new JdbcConnector(new MysqlDialect("mysql")),
                new JdbcConnector(new MysqlDialect("mariadb")),
                new JdbcConnector(PlainDialect.sqlite()),
                new JdbcConnector(PlainDialect.any()));
    }

    @Override
    public String name() {
        return dialect.name();
    }

    @Override
    public List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(new Setting("url", true, false));
        settings.add(new Setting("user", false, false));
        settings.add(new Setting("password", false, true));
        for (String name :
                List.of(
                        "table",
                        "query",
                        "driver",
                        "driver_class",
                        "parallel",
                        "refresh",
                        "timeout",
                        "impossible_values")) {
            settings.add(new Setting(name, false, false));
        }
        if (dialect instanceof MysqlDialect) {
            for (String name : List.of("server_id", "log_budget", "signals")) {
                settings.add(new Setting(name, false, false));
            }
        }
        if (dialect instanceof PostgresDialect) {
            for (String name : List.of("slot", "publication", "log_budget", "signals")) {
                settings.add(new Setting(name, false, false));
            }
        }
        return settings;
    }

    @Override
    public OpenSource open(Request request) {
        JdbcSettings settings = JdbcSettings.of(request, dialect);
        boolean log = request.spec().mode().equals(Optional.of(Mode.LOG));
        if (log) {
            return new LogSource(
                    settings,
                    LogSettings.of(request),
                    dialect,
                    new Connections(settings, dialect),
                    request,
                    readers);
        }
        Connections connections = new Connections(settings, dialect);
        try {
            return new JdbcSource(settings, dialect, connections, request);
        } catch (RuntimeException | Error failure) {
            connections.close();
            throw failure;
        }
    }
}
