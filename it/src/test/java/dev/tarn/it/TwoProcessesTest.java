package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunReport;
import dev.tarn.state.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several processes on one warehouse at the same time, with either catalog. */
final class TwoProcessesTest {
    private static final Pattern PUBLISHED = Pattern.compile("\\(run (\\S+)\\)");
    private static final String ALL_COUNTS =
            """
            select (select count(*) from bronze.payments),
                (select count(*) from gold.accounts),
                (select sum(payments)::bigint from gold.totals)
            """;
    private static @Nullable PostgresServer server;

    @TempDir Path folder;

    /** Where the catalog is. */
    enum Catalog {
        SQLITE,
        POSTGRES
    }

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stopServer() {
        Objects.requireNonNull(server).close();
    }

    private String settings(Catalog catalog, String name) throws Exception {
        return switch (catalog) {
            case SQLITE -> "";
            case POSTGRES ->
                    """
                    catalog:
                      url: %s
                      user: postgres
                      password: file:%s
                    """
                            .formatted(
                                    Objects.requireNonNull(server).createDatabase(name),
                                    Files.writeString(folder.resolve("password"), "none"));
        };
    }

    @ParameterizedTest
    @EnumSource
    void anAppendIsRepeatedOnWhatAnotherProcessPublished(Catalog catalog) throws Exception {
        try (Workshop shop = new Workshop(folder)) {
            shop.put("tarn.yml", settings(catalog, "appends"));
            shop.put("models/log.sql", log("'first' as process, 0 as part"));
            assertThat(shop.build().run().status()).isEqualTo(RunStatus.PUBLISHED);
            AtomicReference<Program> other = new AtomicReference<>();
            shop.put("models/log.sql", log("'slow' as process, 1 as part"));

            RunReport slow =
                    shop.build(
                            BuildRequest.everything("build"),
                            (node, task) -> {
                                if (task.status().isFinal()) {
                                    shop.put("models/log.sql", log("'fast' as process, 2 as part"));
                                    other.set(build());
                                }
                            });

            assertPublished(other.get());
            assertThat(Workshop.told(slow.problems())).isEmpty();
            assertThat(slow.run().status()).isEqualTo(RunStatus.PUBLISHED);
            assertThat(shop.rows("select process, part from main.log order by part"))
                    .containsExactly("first|0", "slow|1", "fast|2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOverwriteIsRefusedNamingTheRunOfTheOtherProcess(Catalog catalog) throws Exception {
        try (Workshop shop = new Workshop(folder)) {
            shop.put("tarn.yml", settings(catalog, "overwrites"));
            shop.put("models/state.sql", "select 1 as version");
            assertThat(shop.build().run().status()).isEqualTo(RunStatus.PUBLISHED);
            AtomicReference<Program> other = new AtomicReference<>();
            shop.put("models/state.sql", "select 2 as version");

            RunReport slow =
                    shop.build(
                            BuildRequest.everything("build"),
                            (node, task) -> {
                                if (task.status().isFinal()) {
                                    shop.put("models/state.sql", "select 3 as version");
                                    other.set(build());
                                }
                            });

            assertThat(Workshop.told(slow.problems()))
                    .isEqualTo(
                            "Nothing was published: main.state moved on main while this run worked;"
                                    + " run %s was first. Run again to build on its result. [COMMIT_CONFLICT]",
                            assertPublished(other.get()));
            assertThat(shop.rows("select version from main.state")).containsExactly("3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void processesThatStartTogetherLandEveryRowOnceWhileReadersSeeWholePublications(Catalog catalog)
            throws Exception {
        CrashProject project =
                new CrashProject(folder, new Random(7), settings(catalog, "together"));
        project.land();
        assertPublished(build());
        try (Reader reader = new Reader(folder)) {
            for (int round = 0; round < (catalog == Catalog.SQLITE ? 2 : 1); round++) {
                project.land();
                Program one = Program.start(folder, line -> reader.askAgain(), "build");
                Program two = Program.start(folder, line -> reader.askAgain(), "build");
                judge(one.exitCode(), one.output(), two);
                judge(two.exitCode(), two.output(), one);
                assertThat(one.exitCode() == 0 || two.exitCode() == 0)
                        .as(one.output() + two.output())
                        .isTrue();
            }
            assertThat(reader.stop()).isSorted().last().isEqualTo(project.landed());
        }
    }

    /** Either done, or refused with the name of the run that was first. */
    private static void judge(int code, String output, Program other) throws Exception {
        if (code != 0) {
            assertThat(code).as(output).isEqualTo(3);
            assertThat(other.exitCode()).as(other.output()).isZero();
            assertThat(output)
                    .contains("run %s was first.".formatted(runOf(other)))
                    .contains("[COMMIT_CONFLICT]");
        }
    }

    /** Asks whenever a build says something; each answer must be of one publication. */
    private static final class Reader implements AutoCloseable {
        private final List<Long> counts = new ArrayList<>();
        private final Semaphore wishes = new Semaphore(0);
        private final AtomicBoolean stopping = new AtomicBoolean();
        private final Thread thread = new Thread(this::ask, "reader");
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final Tarn tarn;

        Reader(Path project) {
            tarn = Tarn.open(OpenRequest.of(project));
            thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
            thread.start();
        }

        void askAgain() {
            wishes.release();
        }

        private void ask() {
            boolean last = false;
            while (!last) {
                wishes.acquireUninterruptibly();
                wishes.drainPermits();
                last = stopping.get();
                try (Answer answer = tarn.query(ALL_COUNTS, At.MAIN, new Cancellation())) {
                    assertThat(answer.next()).isTrue();
                    assertThat(answer.value(1)).isEqualTo(answer.value(0));
                    assertThat(answer.value(2)).isEqualTo(answer.value(0));
                    counts.add(((Number) Objects.requireNonNull(answer.value(0))).longValue());
                }
            }
        }

        /** The counts of one table at each time it asked, the last one being now. */
        List<Long> stop() throws InterruptedException {
            end();
            assertThat(failure.get()).isNull();
            return counts;
        }

        private void end() throws InterruptedException {
            stopping.set(true);
            askAgain();
            thread.join();
        }

        @Override
        public void close() throws InterruptedException {
            end();
            tarn.close();
        }
    }

    /** A build in another process, waited for. */
    private Program build() {
        Program program = Program.start(folder, "build");
        try {
            program.exitCode();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return program;
    }

    private static String assertPublished(@Nullable Program program) throws InterruptedException {
        Program ended = Objects.requireNonNull(program);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("Published publication");
        return runOf(ended);
    }

    private static String runOf(Program program) {
        Matcher run = PUBLISHED.matcher(program.output());
        assertThat(run.find()).as(program.output()).isTrue();
        return run.group(1);
    }

    private static String log(String columns) {
        return "{{ config(materialized='incremental', incremental_strategy='append') }}\nselect "
                + columns;
    }
}
