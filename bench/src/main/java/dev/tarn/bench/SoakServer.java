package dev.tarn.bench;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.TemplateText;
import dev.tarn.project.JobFiles;
import dev.tarn.schedule.Control;
import dev.tarn.schedule.Definitions;
import dev.tarn.schedule.Doing;
import dev.tarn.schedule.Scheduler;
import dev.tarn.spi.Containers;
import dev.tarn.state.StateConfig;
import dev.tarn.state.StateStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/** A server of the soak: it lives in a time that runs faster, and its builds fail now and then. */
final class SoakServer {
    private static final int FAILS_IN_THOUSAND = 20;
    private static final int WRONG_IN_THOUSAND = 5;

    private SoakServer() {}

    /**
     * @param args the folder, when its time began, when that was, how fast it runs, a seed
     */
    public static void main(String[] args) throws Exception {
        Clock clock =
                fast(Instant.parse(args[1]), Instant.parse(args[2]), Integer.parseInt(args[3]));
        SplittableRandom random = new SplittableRandom(Long.parseLong(args[4]));
        Path folder = Path.of(args[0]);
        try (StateStore state = StateStore.open(StateConfig.Sqlite.in(folder), clock);
                Scheduler unused =
                        Scheduler.start(
                                state.jobs(),
                                definitions(folder),
                                new Faulty(random),
                                clock,
                                System::nanoTime,
                                new java.util.Random(random.nextLong()),
                                settings())) {
            new CountDownLatch(1).await();
        }
    }

    static Scheduler.Settings settings() {
        return new Scheduler.Settings(
                32,
                16,
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofHours(2),
                Optional.empty());
    }

    /** A time that began at a moment and runs so many times as fast as the real one. */
    static Clock fast(Instant begin, Instant real, int speed) {
        Clock system = Clock.systemUTC();
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Instant instant() {
                return begin.plus(Duration.between(real, system.instant()).multipliedBy(speed));
            }
        };
    }

    static Definitions definitions(Path folder) {
        JobFiles.Reading reading = JobFiles.read(folder);
        Map<JobName, Definitions.Known> jobs = new LinkedHashMap<>();
        reading.jobs()
                .forEach((name, d) ->
                        jobs.put(name, new Definitions.Known(d.job(), d.definition())));
        Definitions.Current current =
                new Definitions.Current(jobs, reading.pools(), reading.breakers());
        return new Definitions() {
            @Override
            public Current current() {
                return current;
            }

            @Override
            public Job read(JobDefinition definition) {
                return JobFiles.read(definition);
            }
        };
    }

    /** Builds that do nothing, and fail by chance. */
    static final class Faulty implements Doing {
        private final SplittableRandom random;

        Faulty(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public String build(BuildOrder order, Control control) {
            int chance;
            synchronized (random) {
                chance = random.nextInt(1_000);
            }
            if (chance < FAILS_IN_THOUSAND) {
                throw new TarnException(ErrorCode.STORAGE_FAILED, "The storage is away.");
            }
            if (chance < FAILS_IN_THOUSAND + WRONG_IN_THOUSAND) {
                throw new TarnException(ErrorCode.SQL_INVALID, "It is wrong.");
            }
            return "";
        }

        @Override
        public String sql(String statements, String file, String ref, Control control) {
            return "";
        }

        @Override
        public String merge(RefName branch, RefName into, boolean delete, boolean again) {
            return "";
        }

        @Override
        public String care(Care care, Control control) {
            return "";
        }

        @Override
        public boolean settle(RunId run) {
            return false;
        }

        @Override
        public Path folder() {
            return Path.of("").toAbsolutePath();
        }

        @Override
        public String container(Containers.Order order, Optional<String> runner, Control control) {
            return "";
        }

        @Override
        public Optional<Published> table(TableName table) {
            return Optional.empty();
        }

        @Override
        public boolean holds(TemplateText query) {
            return true;
        }

        @Override
        public List<String> files(String pattern) {
            return List.of();
        }
    }
}
