package dev.tarn.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.jdbc.KeyRanges.Ends;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Type.Primitive;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The ends of ranges of a table whose keys are the numbers from 1 to 10. */
class KeyRangesTest {
    private static final int ROWS = 10;
    private static final List<Column> KEY =
            List.of(new Column("id", "id", "int8", Primitive.BIGINT, Column.Form.INT8));

    private final List<String> lookedUp = new CopyOnWriteArrayList<>();
    private final AtomicBoolean fails = new AtomicBoolean();
    private final KeyRanges ranges = new KeyRanges(this::last, 2);

    private Optional<List<String>> last(List<Column> key, List<String> after, long rows) {
        lookedUp.add(after + "+" + rows);
        if (fails.get()) {
            throw new TarnException(ErrorCode.SOURCE_UNAVAILABLE, "The server is gone.");
        }
        long last = (after.isEmpty() ? 0 : Long.parseLong(after.getFirst())) + rows;
        return last > ROWS ? Optional.empty() : Optional.of(List.of(Long.toString(last)));
    }

    @Test
    void theNextEndsAreKnownBeforeTheyAreAskedFor() {
        assertThat(ranges.next(KEY, List.of(), 2))
                .isEqualTo(new Ends(List.of(List.of("2"), List.of("4")), false));
        ranges.close();
        assertThat(lookedUp).containsExactly("[]+2", "[2]+2", "[4]+2", "[6]+2");

        assertThat(ranges.next(KEY, List.of("4"), 2))
                .isEqualTo(new Ends(List.of(List.of("6"), List.of("8")), false));
        ranges.close();
        assertThat(lookedUp).containsExactly("[]+2", "[2]+2", "[4]+2", "[6]+2", "[8]+2", "[10]+2");
    }

    @Test
    void behindTheLastRowsThereIsNothingToLookUp() {
        assertThat(ranges.next(KEY, List.of("9"), 2)).isEqualTo(new Ends(List.of(), true));
        ranges.close();
        assertThat(lookedUp).containsExactly("[9]+2");
    }

    @Test
    void whoAsksForOtherRangesGetsThose() {
        assertThat(ranges.next(KEY, List.of(), 2).complete()).isFalse();

        assertThat(ranges.next(KEY, List.of("4"), 3).last())
                .containsExactly(List.of("7"), List.of("10"));
        assertThat(ranges.next(KEY, List.of(), 1).last())
                .containsExactly(List.of("1"), List.of("2"));
    }

    @Test
    void whatFailsWhenItIsAskedForFails() {
        fails.set(true);

        assertThatThrownBy(() -> ranges.next(KEY, List.of(), 2))
                .hasMessageContaining("The server is gone.");
    }

    @Test
    void whatFailedAheadIsTriedAgain() {
        AtomicBoolean first = new AtomicBoolean(true);
        KeyRanges once =
                new KeyRanges(
                        (key, after, rows) -> {
                            if (!after.isEmpty() && first.compareAndSet(true, false)) {
                                throw new TarnException(
                                        ErrorCode.SOURCE_UNAVAILABLE, "The server is gone.");
                            }
                            return last(key, after, rows);
                        },
                        1);
        assertThat(once.next(KEY, List.of(), 3).last()).containsExactly(List.of("3"));
        once.close();

        assertThat(once.next(KEY, List.of("3"), 3).last()).containsExactly(List.of("6"));
    }
}
