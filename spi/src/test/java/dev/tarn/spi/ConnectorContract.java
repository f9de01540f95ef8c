package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every connector has to do. Rows are told apart by their column {@code id}, or by the member
 * {@code id} of their document.
 */
public abstract class ConnectorContract {
    private static final Limits AT_ONCE = new Limits(1000, 1 << 30, Duration.ofSeconds(20), false);

    private ConnectorRig rig;

    /** A source that is empty, made for one test. */
    protected abstract ConnectorRig rig() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        rig = rig();
    }

    @AfterEach
    void end() throws Exception {
        rig.close();
    }

    private OpenSource open() {
        return rig.connector().open(rig.request());
    }

    private static List<Long> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> (long) i).toList();
    }

    private static Limits rows(int rows) {
        return new Limits(rows, 1 << 30, Duration.ofSeconds(20), false);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void eachRowComesOnceInBatchesOfAnySize(int size) {
        rig.add(1, 40);
        LandedRows landed = new LandedRows();
        try (OpenSource source = open()) {
            landed.all(source, rows(size));
            assertThat(landed.ids()).containsExactlyInAnyOrderElementsOf(ids(1, 40));
            rig.add(41, 60);
        }
        try (OpenSource source = open()) {
            landed.all(source, rows(size));
        }
        assertThat(landed.ids()).containsExactlyInAnyOrderElementsOf(ids(1, 60));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void throughAnyFailuresEachRowIsThereOnce(long seed) {
        Random random = new Random(seed);
        LandedRows landed = new LandedRows();
        int added = 0;
        int quiet = 0;
        while (quiet < 3) {
            if (added < 60) {
                int more = random.nextInt(12);
                if (more > 0) {
                    rig.add(added + 1, added + more);
                }
                added += more;
            }
            try (OpenSource source = open()) {
                boolean something = true;
                while (something) {
                    int fate = random.nextInt(4);
                    something =
                            switch (fate) {
                                case 0 -> landed.readAndForget(source, rows(5));
                                case 1 -> landed.dieInTheMiddle(source, rows(5));
                                default -> landed.one(source, rows(5));
                            };
                    if (fate == 1) {
                        break;
                    }
                    boolean isOver = !something || rig.isReadWhole();
                    quiet = isOver && added >= 60 ? quiet + 1 : 0;
                }
            }
        }
        try (OpenSource source = open()) {
            landed.all(source, AT_ONCE);
        }
        assertThat(landed.ids()).containsExactlyInAnyOrderElementsOf(ids(1, added));
    }

    @Test
    void theSamePositionsGiveTheSameRowsAgain() {
        rig.add(1, 20);
        LandedRows first = new LandedRows();
        LandedRows second = new LandedRows();
        try (OpenSource source = open()) {
            first.one(source, rows(5));
        }
        try (OpenSource source = open()) {
            second.one(source, rows(5));
        }
        assertThat(first.gathered()).isNotEmpty().isEqualTo(second.gathered());
    }

    @Test
    void whereThereIsNothingNewThereIsNoBatch() {
        rig.add(1, 3);
        LandedRows landed = new LandedRows();
        try (OpenSource source = open()) {
            landed.all(source, AT_ONCE);
            assertThat(landed.one(source, AT_ONCE)).isFalse();
            assertThat(source.lag(landed.positions()).rows()).isLessThanOrEqualTo(0);
        }
        try (OpenSource source = open()) {
            assertThat(landed.one(source, AT_ONCE)).isEqualTo(rig.isReadWhole());
            landed.all(source, AT_ONCE);
        }
        assertThat(landed.ids()).containsExactlyInAnyOrderElementsOf(ids(1, 3));
    }

    @Test
    void aBatchThatNobodyReadsChangesNothing() {
        rig.add(1, 5);
        LandedRows landed = new LandedRows();
        try (OpenSource source = open()) {
            Optional<Batch> unread = source.next(landed.positions(), AT_ONCE);
            unread.orElseThrow().close();
            landed.all(source, AT_ONCE);
        }
        assertThat(landed.ids()).containsExactlyInAnyOrderElementsOf(ids(1, 5));
    }

    @Test
    void rowsWithANewColumnHaveIt() {
        rig.add(1, 3);
        LandedRows landed = new LandedRows();
        try (OpenSource source = open()) {
            landed.all(source, AT_ONCE);
        }
        if (!rig.addColumn("extra")) {
            return;
        }
        rig.add(4, 6);
        try (OpenSource source = open()) {
            landed.all(source, AT_ONCE);
        }
        assertThat(landed.ids()).containsExactlyInAnyOrderElementsOf(ids(1, 6));
        assertThat(landed.seen("extra")).isTrue();
    }

    @Test
    void whoeverWaitsIsWokenByCancel() throws Exception {
        rig.add(1, 1);
        LandedRows landed = new LandedRows();
        Limits patient = new Limits(10, 1 << 20, Duration.ofHours(1), true);
        try (OpenSource source = open()) {
            landed.all(source, AT_ONCE);
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Optional<Batch>> waiting =
                    CompletableFuture.supplyAsync(() -> {
                        begun.countDown();
                        return source.next(landed.positions(), patient);
                    });
            begun.await();
            source.cancel();
            try {
                assertThat(waiting.get(1, TimeUnit.MINUTES)).isEmpty();
            } catch (ExecutionException e) {
                assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                TarnException.class,
                                t -> assertThat(t.code()).isEqualTo(ErrorCode.INTERRUPTED));
            }
        }
    }

    /** It may have been between two questions, with its connection at hand. */
    @Test
    void whoeverGoesOnAfterCancelGetsNothing() {
        rig.add(1, 8);
        LandedRows landed = new LandedRows();
        try (OpenSource source = open()) {
            landed.one(source, rows(2));
            source.cancel();
            try {
                assertThat(source.next(landed.positions(), AT_ONCE)).isEmpty();
            } catch (TarnException stopped) {
                assertThat(stopped.code()).isEqualTo(ErrorCode.INTERRUPTED);
            }
        }
        try (OpenSource source = open()) {
            landed.all(source, rows(2));
        }
        assertThat(landed.ids()).containsExactlyInAnyOrderElementsOf(ids(1, 8));
    }

    @Test
    void whatCannotBeReachedIsSaidAndNothingIsLost() throws Exception {
        rig.add(1, 5);
        LandedRows landed = new LandedRows();
        try (OpenSource source = open()) {
            landed.all(source, rows(2));
        }
        rig.add(6, 8);
        if (!rig.down()) {
            return;
        }
        assertThatThrownBy(
                        () -> {
                            try (OpenSource source = open()) {
                                landed.all(source, AT_ONCE);
                            }
                        })
                .isInstanceOfSatisfying(
                        TarnException.class,
                        t -> {
                            assertThat(t.code()).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
                            rig.secret()
                                    .ifPresent(s -> assertThat(t.getMessage()).doesNotContain(s));
                        });
        rig.up();
        try (OpenSource source = open()) {
            landed.all(source, AT_ONCE);
        }
        assertThat(landed.ids()).containsExactlyInAnyOrderElementsOf(ids(1, 8));
    }

    @Test
    void whatIsAskedForIsShownWithoutSecrets() {
        rig.secret().ifPresent(s -> assertThat(rig.request().toString()).doesNotContain(s));
        assertThat(rig.connector().settings())
                .extracting(Connector.Setting::name)
                .doesNotHaveDuplicates();
        assertThat(rig.connector().name()).matches("[a-z][a-z0-9_]*");
    }
}
