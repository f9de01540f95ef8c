package dev.tarn.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one warehouse. */
final class ProcessesTest {
    private static final int THREADS = 3;
    private static final int TIMES = 20;

    @TempDir Path folder;

    /** All of them find no catalog yet, so they also compete for making it. */
    @Test
    void noUpdateIsLostBetweenThreeProcessesOfManyThreads() throws Exception {
        Path warehouse = folder.resolve("warehouse");
        List<Process> others = List.of(start(warehouse, "a.log"), start(warehouse, "b.log"));
        try (StateStore store =
                StateStore.open(StateConfig.Sqlite.in(warehouse), Clock.systemUTC())) {
            CountingProcess.count(store.catalog(), THREADS, TIMES);
            for (Process other : others) {
                assertThat(other.waitFor()).as(this::logs).isZero();
            }

            int all = (others.size() + 1) * THREADS * TIMES;
            assertThat(
                            CountingProcess.value(
                                    store.catalog()
                                            .read(RefName.MAIN, AsOf.head())
                                            .find(CountingProcess.COUNTER)))
                    .isEqualTo(all);
            assertThat(store.catalog().history(RefName.MAIN, all + 1))
                    .extracting((Publication p) -> p.id().value())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, all).map(i -> all + 1 - i).boxed().toList());
        }
    }

    private Process start(Path warehouse, String log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        CountingProcess.class.getName(),
                        warehouse.toString(),
                        Integer.toString(THREADS),
                        Integer.toString(TIMES)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
    }

    private String logs() {
        try {
            return Files.readString(folder.resolve("a.log"))
                    + Files.readString(folder.resolve("b.log"));
        } catch (IOException e) {
            return "no logs: " + e.getMessage();
        }
    }
}
