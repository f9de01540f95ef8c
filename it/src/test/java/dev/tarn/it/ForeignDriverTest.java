package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that only a driver on a path knows: H2, from its jar. */
final class ForeignDriverTest {
    private static final Path JAR = Path.of("..", "readers", "target", "h2.jar");

    @TempDir Path folder;
    private Workshop shop;
    private URLClassLoader h2;
    private Object server;
    private String url;

    @BeforeEach
    void begin() throws IOException, ReflectiveOperationException {
        assertThat(JAR).as("run `./mvnw -pl readers generate-resources` first").exists();
        shop = new Workshop(folder.resolve("shop"));
        Files.createDirectories(folder.resolve("shop/drivers"));
        Files.copy(JAR, folder.resolve("shop/drivers/h2.jar"));
        shop.put("password", "s3cret");
        h2 = new URLClassLoader(new URL[] {JAR.toUri().toURL()});
        String[] settings = {
            "-tcpPort", "0", "-ifNotExists", "-baseDir", folder.toAbsolutePath().toString()
        };
        Class<?> type = h2.loadClass("org.h2.tools.Server");
        server = type.getMethod("createTcpServer", String[].class).invoke(null, (Object) settings);
        type.getMethod("start").invoke(server);
        url = "jdbc:h2:tcp://127.0.0.1:" + type.getMethod("getPort").invoke(server) + "/./db";
        execute(
                "create table orders (id bigint primary key, customer varchar,"
                        + " amount decimal(12,2), changed timestamp, paid boolean, since date)",
                "insert into orders select x, 'c' || mod(x, 7), x / 4.0,"
                        + " timestamp '2026-11-01 00:00:00' + x * interval '1' second, mod(x, 2) = 0,"
                        + " date '2026-11-01' from system_range(1, 5000)");
    }

    @AfterEach
    void end() throws IOException, ReflectiveOperationException {
        shop.close();
        server.getClass().getMethod("stop").invoke(server);
        h2.close();
    }

    private void execute(String... statements) {
        Properties account = new Properties();
        account.put("user", "sa");
        account.put("password", "s3cret");
        try {
            Driver driver =
                    h2.loadClass("org.h2.Driver")
                            .asSubclass(Driver.class)
                            .getDeclaredConstructor()
                            .newInstance();
            try (Connection connection = driver.connect(url, account);
                    Statement statement = connection.createStatement()) {
                for (String each : statements) {
                    statement.execute(each);
                }
            }
        } catch (SQLException | ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private RunReport ingest(String settings) {
        shop.put(
                "models/sources.yml",
                """
                sources:
                  - name: h
                    schema: bronze
                    ingest: {connector: jdbc, url: "%s", user: sa, password: "file:%s", %s}
                    tables:
                      - {name: orders, ingest: {table: ORDERS, cursor: ID, key: ID}}
                      - {name: total, ingest: {query: "select count(*) as n from orders"}}
                """
                        .formatted(
                                url, folder.resolve("shop/password").toAbsolutePath(), settings));
        shop.reopen();
        return shop.tarn()
                .ingest(Ledger.request(false), false, RunListener.SILENT, new Cancellation());
    }

    @Test
    void aDriverThatIsNamedIsEnough() {
        String driver = "driver: drivers/h2.jar, flush: {rows: 2000}";
        Ledger.assertGood(ingest(driver));
        assertThat(
                        shop.rows(
                                "select count(*), count(distinct id), sum(amount), max(changed),"
                                        + " count(*) filter (paid), typeof(any_value(amount)),"
                                        + " min(since), min(customer) from bronze.orders"))
                .containsExactly(
                        "5000|5000|3125625.00|2026-11-01T01:23:20|2500|DECIMAL(12,2)|2026-11-01|c0");
        assertThat(shop.rows("select n from bronze.total")).containsExactly("5000");

        execute("insert into orders (id, customer) values (5001, 'new')");
        Ledger.assertGood(ingest(driver + ", driver_class: org.h2.Driver"));
        assertThat(shop.rows("select id, customer from bronze.orders where id > 4999 order by id"))
                .containsExactly("5000|c2", "5001|new");
        assertThat(shop.rows("select n from bronze.total")).containsExactly("5001");
    }

    @Test
    void driversThatAreNotThereAndWrongAccountsAreTold() {
        String none =
                "There is no driver for "
                        + url.substring(5)
                        + ". Name the driver's jar as 'driver'";
        assertThat(Workshop.told(ingest("driver: drivers/none.jar").problems())).contains(none);
        assertThat(
                        Workshop.told(
                                ingest("driver: drivers/h2.jar, driver_class: no.Such").problems()))
                .contains(none + "; 'driver_class' cannot be used.");
        shop.put("password", "wr0ng");
        assertThat(Workshop.told(ingest("driver: drivers/h2.jar").problems()))
                .contains("[SOURCE_DENIED]")
                .doesNotContain("wr0ng");
    }
}
