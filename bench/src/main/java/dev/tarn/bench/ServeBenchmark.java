package dev.tarn.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How long {@code tarn serve} takes to its first page, and what it needs while nothing happens. */
final class ServeBenchmark implements Benchmark {
    private static final int STARTS = 5;
    private static final int TABLES = 1_000;
    private static final int IDLE_SECONDS = 20;
    private static final double WANTED_SECONDS = 2;
    private static final String PAGES = "Pages: ";

    @Override
    public String name() {
        return "serve";
    }

    @Override
    public String title() {
        return "from tarn serve to its first page, with the demo project ÷ 2 s; memory with 1,000 tables";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        Path launcher =
                setup.home()
                        .orElseThrow(() -> new IllegalStateException("Start with ./tarn bench"))
                        .resolve("tarn");
        Path demo = setup.fresh("demo");
        Processes processes = new Processes(demo);
        setup.say("the demo project");
        Timing unused =
                processes.time(
                        List.of(
                                launcher.toString(),
                                "demo",
                                "--dir",
                                demo.resolve("shop").toString(),
                                "--scale",
                                "0.02"));
        Path shop = demo.resolve("shop");
        setup.say("warming up");
        Timing warm = start(launcher, shop, 0).timing();
        List<Timing> starts = new ArrayList<>();
        int repetitions = setup.repetitions().orElse(STARTS);
        setup.say("%d starts after %.1f s to warm up".formatted(repetitions, warm.wall()));
        for (int i = 0; i < repetitions; i++) {
            starts.add(start(launcher, shop, 0).timing());
        }
        int tables = (int) Math.round(TABLES * setup.scale().orElse(1));
        setup.say("%,d tables".formatted(tables));
        Path many;
        try (Warehouse warehouse = Warehouse.fresh(setup, "many")) {
            StringBuilder create = new StringBuilder();
            for (int t = 0; t < tables; t++) {
                create.append("create table b.t%d as select %d as id;\n".formatted(t, t));
            }
            warehouse.sql(create.toString());
            many = setup.work().resolve("many");
        }
        setup.say("idle for %d s".formatted(IDLE_SECONDS));
        Started idle = start(launcher, many, IDLE_SECONDS);
        Timing median = Timing.median(starts);
        return new Outcome(
                "first page %.2f s after the start (median of %d); idle with %,d tables: %,d MB resident, %,d MB at most, %.1f %% of a processor"
                        .formatted(
                                median.wall(),
                                repetitions,
                                tables,
                                idle.resident() >> 20,
                                idle.most() >> 20,
                                100 * idle.idleCpu() / IDLE_SECONDS),
                List.of(
                        new Outcome.Line("to the first page", median),
                        new Outcome.Line("with %,d tables".formatted(tables), idle.timing())),
                "to the first page ÷ 2 s",
                median.wall() / WANTED_SECONDS,
                median.cpu() / WANTED_SECONDS,
                Optional.of(1.0));
    }

    /**
     * @param resident memory after it was idle for a while
     * @param idleCpu seconds of processor time meanwhile
     */
    private record Started(Timing timing, long resident, long most, double idleCpu) {}

    private static Started start(Path launcher, Path project, int idleSeconds) throws Exception {
        long begin = System.nanoTime();
        Process process =
                new ProcessBuilder(launcher.toString(), "serve", "--port", "0")
                        .directory(project.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out = process.inputReader();
                HttpClient client = HttpClient.newHttpClient()) {
            String line = out.readLine();
            if (line == null || !line.startsWith(PAGES)) {
                throw new IllegalStateException("tarn serve says: " + line);
            }
            HttpResponse<String> page =
                    client.send(
                            HttpRequest.newBuilder(URI.create(line.substring(PAGES.length())))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            double wall = (System.nanoTime() - begin) / 1e9;
            if (page.statusCode() != 200) {
                throw new IllegalStateException("The first page: " + page.statusCode());
            }
            ProcessHandle java = java(process);
            double cpu = cpu(java);
            if (idleSeconds > 0) {
                JobsBenchmark.pause(TimeUnit.SECONDS.toMillis(idleSeconds));
            }
            return new Started(
                    new Timing(wall, cpu),
                    memory(java, "VmRSS:"),
                    memory(java, "VmHWM:"),
                    cpu(java) - cpu);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    /** The launcher becomes the program, or starts it. */
    private static ProcessHandle java(Process process) {
        return process.descendants().findFirst().orElse(process.toHandle());
    }

    private static double cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().map(d -> d.toMillis() / 1e3).orElse(0.0);
    }

    private static long memory(ProcessHandle process, String what) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                        .filter(l -> l.startsWith(what))
                        .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(0)
                * 1024;
    }
}
