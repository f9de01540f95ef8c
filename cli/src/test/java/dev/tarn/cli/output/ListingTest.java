package dev.tarn.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ListingTest {
    private record Thing(String name, long size, Optional<Instant> at) {}

    private static final Listing<Thing> LISTING =
            new Listing<Thing>()
                    .left("NAME", "name", Thing::name)
                    .right("SIZE", "bytes", t -> new Listing.Bytes(t.size()))
                    .left("AT", "at", Thing::at)
                    .hidden("twice", t -> t.size() * 2);

    private static final List<Thing> THINGS =
            List.of(
                    new Thing("a", 5, Optional.of(Instant.parse("2026-11-01T10:00:00.123Z"))),
                    new Thing("longer", 1_500_000, Optional.empty()));

    @Test
    void peopleGetColumns() {
        assertThat(LISTING.lines(THINGS, Paint.PLAIN, 0))
                .containsExactly(
                        "NAME       SIZE  AT",
                        "a           5 B  2026-11-01 10:00:00Z",
                        "longer  1.50 MB");
    }

    @Test
    void programsGetEverything() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LISTING.printJson(THINGS, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        [
                          {
                            "name": "a",
                            "bytes": 5,
                            "at": "2026-11-01T10:00:00.123Z",
                            "twice": 10
                          },
                          {
                            "name": "longer",
                            "bytes": 1500000,
                            "at": null,
                            "twice": 3000000
                          }
                        ]
                        """);
    }
}
