package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Jobs;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.schedule.JobViews;
import dev.tarn.schedule.Scheduler;
import dev.tarn.spi.JobTables.RunFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What starts jobs in a real project, and settings of those who work on them. */
final class JobTriggersTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("models/orders.sql", "select 1 as id");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private static List<JobRun> runs(Jobs jobs, String job) {
        return jobs.runs(
                new RunFilter(Optional.of(new JobName(job)), Set.of(), Optional.empty(), 100));
    }

    private static void until(BooleanSupplier there) {
        CountDownLatch never = new CountDownLatch(1);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!there.getAsBoolean()) {
            if (System.nanoTime() - giveUp > 0) {
                throw new AssertionError("It does not come about");
            }
            try {
                boolean unused = never.await(20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void howOldATableMayBeBecomesAJobThatKeepsIt() {
        shop.put(
                "models/orders.yml",
                """
                models:
                  - name: orders
                    config: {freshness: 15m, meta: {owner: shop}}
                """);
        Jobs jobs = shop.tarn().jobs();
        JobViews.Listing fresh = jobs.job(new JobName("fresh-orders"));
        assertThat(fresh.job().description())
                .isEqualTo("main.orders is never older than 15m, as its 'freshness' says.");
        assertThat(fresh.job().owner()).contains("shop");
        assertThat(fresh.job().triggers().getFirst().words())
                .isEqualTo("so that main.orders is never older than 15m");
        assertThat(fresh.job().place().file()).isEqualTo("models/orders.sql");
        try (Scheduler unused = jobs.work()) {
            until(() -> runs(jobs, "fresh-orders").stream().anyMatch(r -> r.status().isEnd()));
        }
        assertThat(runs(jobs, "fresh-orders").getLast().status())
                .isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(shop.rows("select id from main.orders")).hasSize(1);
    }

    @Test
    void aJobThatKeepsTheTableFreshItselfCounts() {
        shop.put("models/orders.yml", "models: [{name: orders, config: {freshness: 15m}}]\n");
        shop.put(
                "jobs/own.yml",
                """
                jobs:
                  - name: own
                    schedule: {fresh: {table: main.orders, within: 1h}}
                    tasks: [{name: b, build: orders}]
                """);
        assertThat(shop.tarn().jobs().list())
                .extracting(l -> l.job().name().value())
                .containsExactly("own");
    }

    @Test
    void whatCannotBeFreshIsToldWithItsPlace() {
        shop.put("models/seen.sql", "{{ config(materialized='view') }} select 1 as id");
        shop.put(
                "models/orders.yml",
                """
                models:
                  - name: orders
                    config: {freshness: soon}
                  - name: seen
                    config: {freshness: 15m}
                """);
        assertThat(
                        Assertions.catchThrowableOfType(TarnException.class, shop.tarn()::project)
                                .problems())
                .extracting(Object::toString)
                .containsExactly(
                        "models/orders.yml:3:25: Setting 'freshness' of 'orders' cannot be 'soon'. Write a length of time such as 90s, 15m, 1h or 2d. [CONFIG_INVALID]",
                        "models/orders.yml:5:25: 'seen' has no rows of its own that could be old (materialized: view). Say 'freshness' of a table. [CONFIG_INVALID]");
        assertThat(shop.tarn().jobs().list()).isEmpty();
    }

    @Test
    void aConditionIsAskedOfWhatIsPublished() {
        shop.put(
                "jobs/all.yml",
                """
                jobs:
                  - name: many
                    schedule: {published: main.orders, if: "select count(*) > 1 from main.orders"}
                    tasks: [{name: x, nothing: }]
                  - name: wrong
                    schedule: {published: main.orders, if: "select count(*) from main.orders"}
                    tasks: [{name: x, nothing: }]
                """);
        shop.build();
        Tarn tarn = Tarn.open(OpenRequest.of(folder));
        Jobs jobs = tarn.jobs();
        try (tarn;
                Scheduler unused = jobs.work()) {
            until(() -> jobs.list().stream().allMatch(l -> seen(jobs, l.job().name())));
            shop.put("models/orders.sql", "select 2 as id");
            shop.build();
            until(() -> jobs.job(new JobName("wrong")).trouble().isPresent());
            assertThat(jobs.job(new JobName("wrong")).trouble())
                    .contains(
                            "jobs/all.yml:6:45: The condition gave 1, which is neither true nor false. Compare it with something: select count(*) > 0 from … [TYPE_MISMATCH]");
            assertThat(runs(jobs, "many")).isEmpty();
            shop.put("models/orders.sql", "select unnest([1, 2]) as id");
            shop.build();
            until(() -> runs(jobs, "many").size() == 1);
            assertThat(runs(jobs, "many").getFirst().by()).isEqualTo("table main.orders");
            assertThat(runs(jobs, "wrong")).isEmpty();
        }
    }

    private static boolean seen(Jobs jobs, JobName name) {
        return jobs.states().stream().anyMatch(s -> s.job().equals(name) && !s.seen().isEmpty());
    }

    @Test
    void settingsSayHowAServerWorksAndWhatRunsContainers() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path podman =
                Files.writeString(
                        bin.resolve("podman"),
                        "#!/bin/sh\n[ \"$1\" = rm ] || echo \"container of $TARN_JOB\"\n");
        Files.setPosixFilePermissions(podman, PosixFilePermissions.fromString("rwxr-xr-x"));
        shop.put(
                "tarn.yml",
                """
                jobs: {workers: 8, poll: 20ms, lease: 30s, containers: podman}
                kubernetes: {namespace: etl}
                """);
        shop.put(
                "jobs/all.yml",
                """
                jobs:
                  - name: boxes
                    tasks:
                      - {name: here, container: "alpine:3"}
                      - {name: there, retry: 0, container: {image: "alpine:3", runner: kubernetes}}
                """);
        try (Tarn tarn = Tarn.open(request(bin))) {
            assertThat(tarn.settings().origins())
                    .extracting(o -> o.name() + " = " + o.value() + " (" + o.origin() + ")")
                    .contains(
                            "jobs.workers = 8 (tarn.yml:1:17)",
                            "jobs.builds = 2 (default)",
                            "jobs.history = PT2160H (default)",
                            "kubernetes.namespace = etl (tarn.yml:2:25)",
                            "kubernetes.url = none (default)");
            Jobs jobs = tarn.jobs();
            JobRun run =
                    jobs.start(
                            new JobName("boxes"),
                            Map.of(),
                            Optional.empty(),
                            Optional.empty(),
                            "me");
            try (Scheduler unused = jobs.work()) {
                until(() -> jobs.run(run.id()).run().status().isEnd());
            }
            assertThat(
                            jobs.log(
                                    run.id(),
                                    new dev.tarn.model.job.TaskName("here"),
                                    Optional.empty()))
                    .contains("container of boxes\n");
            assertThat(jobs.run(run.id()).steps().getLast().task().message())
                    .contains(
                            "It is not said where the Kubernetes cluster is. Set kubernetes.url in tarn.yml.");
        }
    }

    private OpenRequest request(Path bin) {
        return new OpenRequest(
                folder,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Map.of("PATH", bin.toString()),
                Clock.systemUTC(),
                note -> {});
    }

    @Test
    void wrongSettingsAreToldTogether() {
        shop.put(
                "tarn.yml",
                """
                jobs: {workers: 0, poll: 1h, containers: lxc, wokers: 3}
                kubernetes: {url: "x", namespace: "A b", token: secret}
                """);
        assertThat(
                        Assertions.catchThrowableOfType(
                                        TarnException.class,
                                        () -> Tarn.open(OpenRequest.of(folder)))
                                .problems())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "tarn.yml:1:47: The file has no key 'jobs.wokers'. Did you mean 'jobs.workers'? [UNKNOWN_KEY]",
                        "tarn.yml:1:17: 'jobs.workers' must be a number from 1 to 4096, not '0'. [CONFIG_INVALID]",
                        "tarn.yml:1:26: 'jobs.poll' must be from 1ms to 1m, not '1h'. [CONFIG_INVALID]",
                        "tarn.yml:1:42: 'jobs.containers' must be one of docker, podman, nerdctl, kubernetes, not 'lxc'. [CONFIG_INVALID]",
                        "tarn.yml:2:19: 'kubernetes.url' must be an address such as https://10.0.0.1:6443, not 'x'. [CONFIG_INVALID]",
                        "tarn.yml:2:35: 'kubernetes.namespace' must be the name of a namespace, not 'A b'. [CONFIG_INVALID]",
                        "tarn.yml:2:49: 'kubernetes.token' is a secret and must be a reference: env:NAME or file:PATH. [CONFIG_INVALID]");
    }
}
