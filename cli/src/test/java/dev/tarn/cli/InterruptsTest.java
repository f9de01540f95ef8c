package dev.tarn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class InterruptsTest {
    @Test
    void onlyWorkThatGoesOnIsStopped() {
        Interrupts interrupts = new Interrupts();
        AtomicInteger stopped = new AtomicInteger();

        int result =
                interrupts.during(
                        stopped::incrementAndGet,
                        () -> {
                            interrupts.fire();
                            return 5;
                        });
        interrupts.fire();

        assertThat(result).isEqualTo(5);
        assertThat(stopped).hasValue(1);
    }

    @Test
    void workThatBeginsAfterwardsIsStoppedAtOnce() {
        Interrupts interrupts = new Interrupts();
        AtomicInteger stopped = new AtomicInteger();
        interrupts.fire();

        int seen = interrupts.during(stopped::incrementAndGet, stopped::get);

        assertThat(seen).isEqualTo(1);
    }
}
