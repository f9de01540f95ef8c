package dev.tarn.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Lines of the log for programs. */
final class EcsLinesTest {
    private static LoggingEvent event(
            String message,
            @org.jspecify.annotations.Nullable Throwable error,
            Map<String, String> ids) {
        LoggerContext context = new LoggerContext();
        LoggingEvent event =
                new LoggingEvent(
                        "x",
                        context.getLogger("dev.tarn.run"),
                        Level.WARN,
                        message,
                        error,
                        new Object[0]);
        event.setInstant(Instant.parse("2026-11-21T06:00:00.123456Z"));
        event.setThreadName("task-1");
        event.setMDCPropertyMap(ids);
        return event;
    }

    private static Map<String, String> fields(String line) throws IOException {
        Map<String, String> fields = new TreeMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
            }
        }
        return fields;
    }

    @Test
    void anEventIsOneLineWithItsIds() throws IOException {
        String line =
                EcsLine.of(
                        event(
                                "a \"b\"\nc ü",
                                null,
                                Map.of("tarn.run.id", "r1", "tarn.task.id", "model.shop.a")));

        assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
        assertThat(fields(line))
                .isEqualTo(
                        Map.of(
                                "@timestamp", "2026-11-21T06:00:00.123Z",
                                "log.level", "WARN",
                                "ecs.version", "8.17.0",
                                "service.name", "tarn",
                                "message", "a \"b\"\nc ü",
                                "log.logger", "dev.tarn.run",
                                "process.thread.name", "task-1",
                                "tarn.run.id", "r1",
                                "tarn.task.id", "model.shop.a"));
    }

    @Test
    void longMessagesAndTracesAreBounded() throws IOException {
        String line =
                EcsLine.of(
                        event(
                                "x".repeat(100_000),
                                new IllegalStateException("y".repeat(100_000)),
                                Map.of()));

        Map<String, String> fields = fields(line);
        assertThat(fields.get("message")).hasSizeLessThan(EcsLine.MESSAGE_MAX + 30);
        assertThat(fields.get("message")).endsWith("… (91808 more)");
        assertThat(fields.get("error.type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(fields.get("error.stack_trace")).hasSizeLessThan(EcsLine.TRACE_MAX + 30);
        assertThat(line.length()).isLessThan(70_000);
    }

    @Test
    void nobodyWaitsForAPipeThatTakesNothing() throws InterruptedException {
        CountDownLatch open = new CountDownLatch(1);
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        OutputStream pipe =
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        try {
                            open.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        taken.write(bytes, from, length);
                    }
                };
        EcsLines lines = new EcsLines(new PrintStream(pipe, true, StandardCharsets.UTF_8));
        lines.start();
        for (int i = 0; i < EcsLines.WAITING_MAX + 500; i++) {
            lines.doAppend(event("line " + i, null, Map.of()));
        }
        open.countDown();
        lines.stop();

        List<String> written = taken.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(written).hasSizeBetween(EcsLines.WAITING_MAX, EcsLines.WAITING_MAX + 2);
        assertThat(written.getFirst()).contains("line 0");
    }
}
