package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.server.Gate.Decision;
import dev.tarn.server.Gate.Decision.Admitted;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GateTest {
    private static final String TOKEN = "0123456789abcdef";

    private static Decision open(Map<String, String> headers) {
        return new Gate(Optional.empty()).judge(headers::get);
    }

    private static Decision guarded(Map<String, String> headers) {
        return new Gate(Optional.of(TOKEN)).judge(headers::get);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:8181", "127.0.0.1:8181", "[::1]:8181"})
    void programsOfThisMachineAreAdmitted(String host) {
        assertThat(open(Map.of("Host", host))).isEqualTo(new Admitted(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8181", "localhost.evil.example", ""})
    void aNameThatWasPointedHereIsRefused(String host) {
        assertThat(open(Map.of("Host", host)))
                .isEqualTo(
                        new Decision.Refused(
                                403,
                                "ForbiddenException",
                                "This server is localhost, and was asked for by another name."));
    }

    @Test
    void pagesOfOtherSitesAreRefused() {
        Decision refused =
                new Decision.Refused(
                        403,
                        "ForbiddenException",
                        "Web pages of other sites may not ask this server.");
        assertThat(open(Map.of("Host", "localhost", "Origin", "https://evil.example")))
                .isEqualTo(refused);
        assertThat(open(Map.of("Host", "localhost", "Origin", "null"))).isEqualTo(refused);
        assertThat(open(Map.of("Host", "localhost", "Sec-Fetch-Site", "cross-site")))
                .isEqualTo(refused);
    }

    @Test
    void pagesOfItsOwnAreAdmitted() {
        assertThat(open(Map.of("Host", "localhost:8181", "Origin", "http://localhost:8181")))
                .isEqualTo(new Admitted(""));
    }

    @Test
    void theTokenAdmits() {
        assertThat(guarded(Map.of("Host", "localhost", "Authorization", "Bearer " + TOKEN)))
                .isEqualTo(new Admitted("token"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer 0123456789abcdeF", "Basic 0123456789abcdef"})
    void anythingElseThanTheTokenDoesNot(String authorization) {
        assertThat(guarded(Map.of("Host", "localhost", "Authorization", authorization)))
                .isEqualTo(
                        new Decision.Refused(
                                401,
                                "NotAuthorizedException",
                                "This server wants a token: send it as `Authorization: Bearer …`, which Iceberg's clients do with the property `token`."));
    }

    @Test
    void theTokenIsNotShown() {
        assertThat(ServerConfig.of("127.0.0.1", 8181, Optional.of(TOKEN)))
                .hasToString("ServerConfig[127.0.0.1:8181]");
    }
}
