package dev.tarn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.http.RestPages.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bodies of Arrow, whole ones and others. */
final class ArrowBodyTest {
    private static final long MOST = 1 << 20;

    private static List<String> rows(PushBody body) {
        return body.rows().stream()
                .map(Row::json)
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void valuesAndTypesAreThoseOfTheStream() throws Exception {
        PushBody body = ArrowBody.read(ArrowStreams.ofAllKinds(), MOST);
        assertThat(rows(body))
                .containsExactly(
                        "{\"id\":1,\"truth\":true,\"unsigned\":18446744073709551615,\"number\":\"NaN\",\"text\":\"007 ü\",\"bytes\":\"AQI=\",\"day\":\"2024-10-04\",\"amount\":123456789012345678.90,\"local\":\"2023-11-14T22:13:20.123456\",\"at\":\"2023-11-14T22:13:20.123456Z\"}",
                        "{\"id\":2,\"truth\":null,\"unsigned\":null,\"number\":null,\"text\":null,\"bytes\":null,\"day\":null,\"amount\":null,\"local\":null,\"at\":null}");
        assertThat(
                        body.members().orElseThrow().fields().stream()
                                .map(f -> f.name() + " " + f.type().sql()))
                .containsExactly(
                        "id INTEGER",
                        "truth BOOLEAN",
                        "unsigned DECIMAL(20,0)",
                        "number DOUBLE",
                        "text VARCHAR",
                        "day DATE",
                        "amount DECIMAL(20,2)",
                        "local TIMESTAMP",
                        "at TIMESTAMPTZ");
    }

    private static void refused(byte[] body, int status, String reason) {
        assertThatThrownBy(() -> ArrowBody.read(body, MOST))
                .isInstanceOfSatisfying(
                        PushErrors.Refused.class,
                        e -> {
                            assertThat(e.status()).isEqualTo(status);
                            assertThat(e.reason()).isEqualTo(reason);
                        });
    }

    @Test
    void aStreamThatBreaksOffIsRefused() throws Exception {
        byte[] whole = ArrowStreams.withColumn("n", 100);
        String reason =
                "The body is no Arrow stream: it is damaged, or not whole. Nothing has landed.";
        refused(Arrays.copyOf(whole, whole.length / 2), 400, reason);
        refused("{\"id\":1}".getBytes(StandardCharsets.UTF_8), 400, reason);
        refused(
                new byte[0],
                400,
                "The body is no Arrow stream: it has no schema. Nothing has landed.");
    }

    @Test
    void damageAnywhereIsRefusedOrReadAndNeverMore() throws Exception {
        byte[] whole = ArrowStreams.ofAllKinds();
        Random random = new Random(11);
        for (int round = 0; round < 3_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= round % 3; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(ArrowBody.read(damaged, MOST).rows().size()).isLessThan(1_000_000);
            } catch (PushErrors.Refused refused) {
                assertThat(refused.status()).isIn(400, 413);
            }
        }
    }

    @Test
    void columnsThatCannotBeOursAreRefused() throws Exception {
        refused(
                ArrowStreams.withColumn("ID", 1),
                400,
                "The body has the column 'ID' twice, or names that differ only in case. Nothing has landed.");
        refused(
                ArrowStreams.withInterval(),
                400,
                "The column 'months' is of a type of Arrow that is not read: Interval(YEAR_MONTH). Send it as a text, or leave it out. Nothing has landed.");
    }

    @Test
    void rowsThatTakeTooMuchAreRefused() throws Exception {
        byte[] body = ArrowStreams.withColumn("a_name_that_is_long_beside_its_values", 1000);
        assertThatThrownBy(() -> ArrowBody.read(body, 1_000))
                .isInstanceOfSatisfying(
                        PushErrors.Refused.class,
                        e -> {
                            assertThat(e.status()).isEqualTo(413);
                            assertThat(e.reason())
                                    .isEqualTo(
                                            "The rows of the body take more than 8,000 bytes. Send it in pieces.");
                        });
    }
}
