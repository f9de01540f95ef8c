package dev.tarn.pages;

import dev.tarn.model.TarnException;
import dev.tarn.spi.HttpProtocol;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether this process is to be left alone, and whether it is of use. Alive: it answers, and no
 * threads wait for each other for ever. Ready: what it needs to do its work can be reached now.
 */
final class Health {
    private static final long SECONDS_MAX = 3;
    private static final long FREE_BYTES_MIN = 50_000_000;

    private final Ground ground;

    Health(Ground ground) {
        this.ground = ground;
    }

    Optional<HttpProtocol.Answer> answer(Ask ask) {
        String what = ask.path().size() == 2 ? ask.path().get(1) : "";
        return switch (what) {
            case "live" -> Optional.of(told(List.of(looked("threads", Health::threads))));
            case "ready" ->
                    Optional.of(
                            told(
                                    List.of(
                                            looked("catalog", this::catalog),
                                            looked("warehouse", this::warehouse),
                                            looked("disk", this::disk))));
            default -> Optional.empty();
        };
    }

    /**
     * What a look came to.
     *
     * @param problem empty if all is well
     */
    private record Looked(String name, Optional<String> problem, long millis) {}

    private static Looked looked(String name, Callable<Optional<String>> look) {
        long begin = System.nanoTime();
        FutureTask<Optional<String>> task = new FutureTask<>(look);
        Thread.ofVirtual().name("health-" + name).start(task);
        Optional<String> problem;
        try {
            problem = task.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            problem = Optional.of("no answer within %d seconds".formatted(SECONDS_MAX));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            problem =
                    Optional.of(
                            cause instanceof TarnException known
                                    ? known.problems().getFirst().toString()
                                    : String.valueOf(cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem = Optional.of("interrupted");
        }
        return new Looked(name, problem, (System.nanoTime() - begin) / 1_000_000);
    }

    private static Optional<String> threads() {
        long[] stuck = ManagementFactory.getThreadMXBean().findDeadlockedThreads();
        return stuck == null
                ? Optional.empty()
                : Optional.of(stuck.length + " threads wait for each other");
    }

    private Optional<String> catalog() {
        ground.tarn().refs();
        return Optional.empty();
    }

    /**
     * Whether something can be written where tables are; of an object store, whether it answers us.
     */
    private Optional<String> warehouse() throws IOException {
        String location = ground.tarn().settings().warehouse();
        if (location.contains("://")) {
            ground.tarn().askStorage();
            return Optional.empty();
        }
        Path folder = Path.of(location);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            return Optional.of(location + " is no folder");
        }
        if (!Files.exists(folder)) {
            return Files.isWritable(existing(folder))
                    ? Optional.empty()
                    : Optional.of(location + " does not exist and cannot be made");
        }
        return Files.isWritable(folder)
                ? Optional.empty()
                : Optional.of(location + " cannot be written");
    }

    private Optional<String> disk() throws IOException {
        Path folder = existing(ground.tarn().settings().workDirectory());
        long free = Files.getFileStore(folder).getUsableSpace();
        return free >= FREE_BYTES_MIN
                ? Optional.empty()
                : Optional.of("only %s free for %s".formatted(Show.bytes(free), folder));
    }

    /** The folder or the nearest above that is there. */
    static Path existing(Path folder) {
        Path at = folder.toAbsolutePath();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    private static HttpProtocol.Answer told(List<Looked> looks) {
        boolean well = looks.stream().allMatch(l -> l.problem().isEmpty());
        List<Map<String, Object>> checks = new ArrayList<>();
        for (Looked look : looks) {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("name", look.name());
            check.put("status", look.problem().isEmpty() ? "pass" : "fail");
            look.problem().ifPresent(p -> check.put("output", p));
            check.put("millis", look.millis());
            checks.add(check);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", well ? "pass" : "fail");
        json.put("checks", checks);
        return Reply.text(well ? 200 : 503, "application/health+json", Json.write(json) + "\n");
    }
}
