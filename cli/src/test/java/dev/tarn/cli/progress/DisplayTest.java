package dev.tarn.cli.progress;

import static dev.tarn.cli.progress.RunsOf.BEGIN;
import static dev.tarn.cli.progress.RunsOf.node;
import static dev.tarn.cli.progress.RunsOf.run;
import static dev.tarn.cli.progress.RunsOf.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.output.Paint;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class DisplayTest {
    private static final Node ORDERS = node("model.shop.orders");
    private static final Node ITEMS = node("model.shop.items");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final SetClock clock = new SetClock();

    @Test
    void withoutATerminalEachNodeThatEndedHasALine() {
        try (PlainDisplay display = new PlainDisplay(stream, Paint.PLAIN)) {
            display.began(run(RunStatus.RUNNING, Optional.empty()), List.of(ORDERS, ITEMS));
            display.changed(
                    ORDERS, task("model.shop.orders", TaskStatus.RUNNING, 0, Duration.ZERO));
            display.changed(
                    ORDERS,
                    task("model.shop.orders", TaskStatus.SUCCEEDED, 1, Duration.ofMillis(1500)));
            display.changed(ITEMS, task("model.shop.items", TaskStatus.SKIPPED, 0, Duration.ZERO));
        }

        assertThat(text())
                .isEqualTo(
                        """
                        run 261101-100000-k3xq: 2 nodes
                        1/2  ok         model orders  1 row, 1.5 s
                        2/2  skipped    model items  0 ms
                        """);
    }

    @Test
    void onATerminalABlockIsDrawnInPlace() {
        try (LiveDisplay display = new LiveDisplay(stream, Paint.PLAIN, 60, clock)) {
            display.began(run(RunStatus.RUNNING, Optional.empty()), List.of(ORDERS, ITEMS));
            display.changed(
                    ORDERS, task("model.shop.orders", TaskStatus.RUNNING, 0, Duration.ZERO));
            clock.now = BEGIN.plusMillis(2_500);
            display.draw();
            assertThat(text())
                    .isEqualTo(
                            """
                            ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 0/2  2.5 s
                              model orders  2.5 s
                            """);
            out.reset();
            display.changed(
                    ORDERS,
                    task("model.shop.orders", TaskStatus.FAILED, 0, Duration.ofMillis(2_500)));
            assertThat(text())
                    .isEqualTo(
                            """
                            \u001b[2A\u001b[J1/2  failed     model orders  2.5 s
                            ━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌ 1/2  2.5 s  1 failed
                            """);
            out.reset();
        }

        assertThat(text()).isEqualTo("\u001b[1A\u001b[J");
    }

    @Test
    void whatRunsShowsHowFarItIsWhereThatIsKnown() {
        try (LiveDisplay display = new LiveDisplay(stream, Paint.PLAIN, 60, clock)) {
            display.draw();
            assertThat(text()).isEqualTo("Reading the project and new files  0 ms\n");
            out.reset();
            display.follow(node ->
                    node.equals(ORDERS.id()) ? OptionalDouble.of(0.426) : OptionalDouble.empty());
            display.began(run(RunStatus.RUNNING, Optional.empty()), List.of(ORDERS, ITEMS));
            display.changed(
                    ORDERS, task("model.shop.orders", TaskStatus.RUNNING, 0, Duration.ZERO));
            display.changed(ITEMS, task("model.shop.items", TaskStatus.RUNNING, 0, Duration.ZERO));
            clock.now = BEGIN.plusMillis(2_500);
            display.draw();
            assertThat(text())
                    .isEqualTo(
                            """
                            \u001b[1A\u001b[J╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 0/2  2.5 s
                              model orders  2.5 s  43 %
                              model items  2.5 s
                            """);
        }
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** A clock that stands where it is put. */
    private static final class SetClock extends Clock {
        private Instant now = BEGIN;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
