package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BodiesTest {
    private static final BodyRoom ROOM = new BodyRoom(1L << 30);
    private static final ServerConfig CONFIG =
            new ServerConfig(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    1_000,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10));

    /** A clock that another part of the test moves on. */
    private static final class Watch extends Clock {
        private Instant now = Instant.EPOCH;

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

    @Test
    void aRequestOfTheLargestSizeIsRead() throws IOException {
        byte[] body = new byte[1_000];
        assertThat(Bodies.read(new ByteArrayInputStream(body), CONFIG, new Watch(), ROOM.share()))
                .isEqualTo(body);
    }

    @Test
    void aLargerOneIsNot() {
        InputStream body = new ByteArrayInputStream(new byte[1_001]);
        assertThatThrownBy(() -> Bodies.read(body, CONFIG, new Watch(), ROOM.share()))
                .isInstanceOf(Bodies.TooLarge.class);
    }

    @Test
    void oneThatTricklesInIsGivenUp() {
        Watch watch = new Watch();
        InputStream trickle =
                new InputStream() {
                    @Override
                    public int read() {
                        watch.now = watch.now.plusSeconds(4);
                        return 'x';
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        bytes[offset] = (byte) read();
                        return 1;
                    }
                };
        assertThatThrownBy(() -> Bodies.read(trickle, CONFIG, watch, ROOM.share()))
                .isInstanceOf(Bodies.TooSlow.class);
    }
}
