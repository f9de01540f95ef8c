package dev.tarn.model.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronTest {
    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 6 * * *      | 2026-11-21T06:29:59Z | 2026-11-21T06:30:00Z",
                "30 6 * * *      | 2026-11-21T06:30:00Z | 2026-11-22T06:30:00Z",
                "*/15 * * * *    | 2026-11-21T06:31:00Z | 2026-11-21T06:45:00Z",
                "0 9-17/4 * * *  | 2026-11-21T13:00:00Z | 2026-11-21T17:00:00Z",
                "0 0 * * mon-fri | 2026-11-21T00:00:00Z | 2026-11-23T00:00:00Z",
                "0 0 * * 7       | 2026-11-21T00:00:00Z | 2026-11-22T00:00:00Z",
                "0 0 13 * fri    | 2026-11-21T00:00:00Z | 2026-11-27T00:00:00Z",
                "0 0 29 2 *      | 2026-11-21T00:00:00Z | 2028-02-29T00:00:00Z",
                "0 0 L * *       | 2026-11-21T00:00:00Z | 2026-11-30T00:00:00Z",
                "@monthly        | 2026-11-21T00:00:00Z | 2026-12-01T00:00:00Z",
                "0 0 29 2 */7    | 2026-11-21T00:00:00Z | 2032-02-29T00:00:00Z"
            })
    void comesNextAtTheFirstTimeThatFits(String cron, Instant after, Instant next) {
        assertThat(Cron.parse(cron, ZoneOffset.UTC).next(after)).contains(next);
    }

    @Test
    void aTimeThatClocksSkipIsMadeUpForOnce() {
        // On 28 March 2027 two o'clock becomes three o'clock.
        assertThat(times("30 2 * * *", "2027-03-27T00:00:00Z", 3))
                .containsExactly(
                        Instant.parse("2027-03-27T01:30:00Z"),
                        Instant.parse("2027-03-28T01:00:00Z"),
                        Instant.parse("2027-03-29T00:30:00Z"));
    }

    @Test
    void aTimeThatComesTwiceCountsOnce() {
        // On 25 October 2026 three o'clock becomes two o'clock.
        assertThat(times("30 2 * * *", "2026-10-24T12:00:00Z", 2))
                .containsExactly(
                        Instant.parse("2026-10-25T00:30:00Z"),
                        Instant.parse("2026-10-26T01:30:00Z"));
    }

    @Test
    void whatComesEveryHourFollowsTheClockItself() {
        assertThat(times("0 * * * *", "2026-10-24T23:30:00Z", 4))
                .containsExactly(
                        Instant.parse("2026-10-25T00:00:00Z"),
                        Instant.parse("2026-10-25T01:00:00Z"),
                        Instant.parse("2026-10-25T02:00:00Z"),
                        Instant.parse("2026-10-25T03:00:00Z"));
        assertThat(times("0 * * * *", "2027-03-28T00:30:00Z", 2))
                .containsExactly(
                        Instant.parse("2027-03-28T01:00:00Z"),
                        Instant.parse("2027-03-28T02:00:00Z"));
    }

    @Test
    void theLastTimeIsTheOneThatTheNextOneFollows() {
        Random random = new Random(7);
        List<String> crons =
                List.of("*/7 * * * *", "30 2 * * *", "5 4 1 * *", "0 0 * * 1", "15 1-3 * * *");
        for (int i = 0; i < 2_000; i++) {
            Cron cron = Cron.parse(crons.get(i % crons.size()), ZURICH);
            Instant at = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000));
            Instant next = cron.next(at).orElseThrow();
            assertThat(next).isAfter(at);
            assertThat(cron.last(next)).contains(next);
            assertThat(cron.last(next.minusNanos(1)).orElseThrow()).isBeforeOrEqualTo(at);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 30 2 *   | Cron '0 0 30 2 *' never comes: no year has such a day. Correct the day of the month or the month. [CONFIG_INVALID]",
                "61 * * * *   | Cron '61 * * * *': there is no minute 61, only 0 to 59. [CONFIG_INVALID]",
                "* * *        | Cron '* * *' does not have five fields: minute, hour, day of the month, month, day of the week. '30 6 * * 1-5' is half past six from Monday to Friday. [CONFIG_INVALID]",
                "5-1 * * * *  | Cron '5-1 * * * *': the range '5-1' of the minute runs backwards. Write two ranges with a comma between them. [CONFIG_INVALID]",
                "* x * * *    | Cron '* x * * *': 'x' is not a hour. Write a number, a range such as 1-5, a list such as 1,15, * or */10. [CONFIG_INVALID]",
                "@dayly       | There is no '@dayly'. Did you mean '@daily'? Names are: @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly. [CONFIG_INVALID]"
            })
    void whatCannotBeSaysWhy(String cron, String message) {
        assertThatThrownBy(() -> Cron.parse(cron, ZoneOffset.UTC)).hasMessage(message);
    }

    private static List<Instant> times(String cron, String after, int count) {
        List<Instant> times = new ArrayList<>();
        Instant at = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            at = Cron.parse(cron, ZURICH).next(at).orElseThrow();
            times.add(at);
        }
        return times;
    }
}
