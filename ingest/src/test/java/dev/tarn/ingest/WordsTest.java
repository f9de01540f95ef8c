package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is looked at eight bytes at a time is as if it were looked at byte by byte. */
final class WordsTest {
    @Test
    void bytesBeginWithOthersIfEachIsTheSame() {
        Random random = new Random(1);
        int found = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = some(random, 40);
            byte[] wanted = some(random, 22);
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            if (random.nextBoolean()) {
                // One that is there, or nearly so.
                wanted = Arrays.copyOfRange(bytes, from, from + random.nextInt(to - from + 1));
                if (wanted.length > 0 && random.nextBoolean()) {
                    wanted[random.nextInt(wanted.length)]++;
                }
            }
            boolean there =
                    wanted.length <= to - from
                            && Arrays.equals(
                                    bytes, from, from + wanted.length, wanted, 0, wanted.length);

            assertThat(Words.begin(bytes, from, to, wanted))
                    .as(
                            "%s from %d to %d: %s",
                            Arrays.toString(bytes), from, to, Arrays.toString(wanted))
                    .isEqualTo(there);
            found += there ? 1 : 0;
        }
        assertThat(found).isGreaterThan(10_000);
    }

    private static byte[] some(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(2) - random.nextInt(2) * 100);
        }
        return bytes;
    }
}
