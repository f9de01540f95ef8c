package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Problem;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertChannel;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.AlertRoute;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code alerts.yml} can say, and what is said about its mistakes. */
final class AlertFilesTest {
    @TempDir Path folder;

    private static String problems(String text) {
        return String.join(
                "\n", AlertFiles.read(text).problems().stream().map(Problem::toString).toList());
    }

    @Test
    void withoutAFileNothingIsTold() {
        assertThat(AlertFiles.read(folder).book()).isEqualTo(AlertBook.EMPTY);
    }

    @Test
    void everythingCanBeSaid() {
        AlertFiles.Reading reading =
                AlertFiles.read(
                        """
                        link: https://tarn.example.org/
                        channels:
                          - name: hook
                            webhook: {url: "https://hooks.example.org/in", token: env:T, headers: {X-A: b}}
                          - name: chat
                            slack: {url: env:SLACK}
                          - name: pager
                            pagerduty: {key: file:/run/key}
                          - name: mail
                            mail:
                              host: smtp.example.org
                              from: tarn@example.org
                              to: [ann@example.org]
                              user: tarn
                              password: env:P
                        rules:
                          - on: table_stale
                            about: [gold.*, silver.a]
                            older_than: 26h
                            for: 5m
                            severity: critical
                          - {on: job_failed, times: 3}
                          - {on: quarantine_grew, rows: 100}
                        routes:
                          - owner: [fin*]
                            severity: error
                            on: [table_stale]
                            to: [pager, mail]
                            group_by: owner
                            wait: 0s
                            pause: 1m
                            repeat: never
                            resolved: false
                            continue: true
                          - to: chat
                        """);

        assertThat(reading.problems()).isEmpty();
        AlertBook book = reading.book();
        assertThat(book.link()).contains("https://tarn.example.org");
        assertThat(book.channels()).containsOnlyKeys("hook", "chat", "pager", "mail");
        assertThat(book.channels().values())
                .extracting(AlertChannel::target)
                .contains(
                        new AlertChannel.PagerDuty("file:/run/key", AlertChannel.PagerDuty.URL),
                        new AlertChannel.Mail(
                                "smtp.example.org",
                                587,
                                AlertChannel.Tls.STARTTLS,
                                "tarn@example.org",
                                List.of("ann@example.org"),
                                Optional.of("tarn"),
                                Optional.of("env:P"),
                                Optional.empty()));
        AlertRule stale = book.rules().getFirst();
        assertThat(stale.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(stale.delay()).isEqualTo(Duration.ofMinutes(5));
        assertThat(stale.olderThan()).contains(Duration.ofHours(26));
        assertThat(stale.concerns("gold.orders")).isTrue();
        assertThat(stale.concerns("silver.orders")).isFalse();
        assertThat(book.rules()).extracting(AlertRule::times).containsExactly(1, 3, 1);
        assertThat(book.rules()).extracting(AlertRule::rows).containsExactly(1L, 1L, 100L);
        AlertRoute first = book.routes().getFirst();
        assertThat(first.kinds()).isEqualTo(Set.of(AlertKind.TABLE_STALE));
        assertThat(first.repeat()).isEmpty();
        assertThat(first.resolved()).isFalse();
        assertThat(first.goesOn()).isTrue();
        AlertRoute last = book.routes().getLast();
        assertThat(last.repeat()).contains(Duration.ofHours(4));
        assertThat(last.delay()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void allMistakesAreToldWithTheirPlaces() {
        assertThat(
                        problems(
                                """
                                link: tarn.example.org
                                channels:
                                  - name: a b
                                    slack: {url: env:S}
                                  - name: two
                                    slack: {url: "https://hooks.slack.com/secret"}
                                  - name: two
                                    webhook: {url: ftp://x, headers: {Authorization: Basic 123}}
                                  - name: none
                                  - name: mail
                                    mail: {host: smtp.example.org, from: tarn, to: ann@example.org, tls: none, user: u}
                                  - name: far
                                    mail: {host: smtp.example.org, from: t@example.org, to: a@example.org, tls: none}
                                rules:
                                  - on: chek_failed
                                  - on: table_stale
                                  - {on: run_failed, times: 3, abuot: x}
                                routes:
                                  - {to: tow}
                                  - {owner: a}
                                """))
                .isEqualTo(
                        """
                        alerts.yml:1:7: 'link' must be an address of http or https: where people reach the pages. [CONFIG_INVALID]
                        alerts.yml:3:11: The name of a channel has letters, digits, '_' and '-', at most 60 of them, and not 'a b'. [NAME_INVALID]
                        alerts.yml:6:18: Channel 'two': 'slack': 'url' is a secret and must be a reference: env:NAME or file:PATH. [CONFIG_INVALID]
                        alerts.yml:7:11: There is a channel 'two' in line 5 already. Rename one of them. [DUPLICATE_NAME]
                        alerts.yml:8:20: Channel 'two': 'webhook': 'url' must be an address of http or https, or a reference: env:NAME or file:PATH. [CONFIG_INVALID]
                        alerts.yml:8:38: Channel 'two': 'webhook': 'headers': a header's name has letters, digits and '-', its value is one line. Say tokens with 'token'. [CONFIG_INVALID]
                        alerts.yml:9:5: Channel 'none' needs exactly one of these keys: webhook, slack, pagerduty, mail. [CONFIG_INVALID]
                        alerts.yml:11:11: Channel 'mail': 'mail' needs 'user' and 'password' together. [CONFIG_INVALID]
                        alerts.yml:11:42: Channel 'mail': 'mail': 'from': 'tarn' is no address such as ann@example.org. [CONFIG_INVALID]
                        alerts.yml:11:74: Channel 'mail': 'mail' would send its password in the open. Use `tls: starttls` or `tls: implicit`. [CONFIG_INVALID]
                        alerts.yml:13:81: Channel 'far': 'mail': `tls: none` is for mail servers of this machine only. Use `tls: starttls` or `tls: implicit`. [CONFIG_INVALID]
                        alerts.yml:15:9: A rule: 'on' cannot be 'chek_failed': it is one of breaker_open, check_failed, check_warned, deadline_missed, job_failed, node_failed, quarantine_grew, run_failed, source_behind, source_stale, source_warned, table_stale, upkeep_failed. Did you mean 'check_failed'? [CONFIG_INVALID]
                        alerts.yml:16:9: A rule on table_stale needs 'older_than', such as 26h. [CONFIG_INVALID]
                        alerts.yml:17:29: 'times' means nothing in a rule on run_failed. [CONFIG_INVALID]
                        alerts.yml:17:32: A rule has no key 'abuot'. Did you mean 'about'? [UNKNOWN_KEY]
                        alerts.yml:19:10: There is no channel 'tow'. Did you mean 'two'? [NODE_NOT_FOUND]
                        alerts.yml:20:5: A route has no 'to'. Add it. [YAML_INVALID]
                        """
                                .strip());
    }

    @Test
    void rulesWithoutRoutesAreAMistake() {
        assertThat(problems("rules: [{on: run_failed}]\n"))
                .isEqualTo(
                        "alerts.yml:1:8: There are rules but no routes, so nobody would hear of anything. [CONFIG_INVALID]");
    }
}
