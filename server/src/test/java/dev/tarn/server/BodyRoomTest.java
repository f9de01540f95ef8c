package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Bodies together take no more memory than there is for them. */
final class BodyRoomTest {
    @Test
    void whatIsGivenBackCanBeTakenAgain() throws BodyRoom.Full {
        BodyRoom room = new BodyRoom(100);
        try (BodyRoom.Share one = room.share();
                BodyRoom.Share other = room.share()) {
            one.take(60);
            other.take(40);
            assertThatThrownBy(() -> one.take(1)).isInstanceOf(BodyRoom.Full.class);
        }
        try (BodyRoom.Share next = room.share()) {
            next.take(100);
        }
    }
}
