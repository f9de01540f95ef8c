package dev.tarn.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Notice;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** Mail, by a real server. */
final class MailTest {
    private static final String KEYS = "changeit";

    @TempDir Path folder;
    private final List<String> mails = new ArrayList<>();
    private SMTPServer server = SMTPServer.port(0).build();

    @AfterEach
    void stop() {
        if (server.isRunning()) {
            server.stop();
        }
    }

    private void start(UnaryOperator<SMTPServer.Builder> how) {
        server =
                how.apply(
                                SMTPServer.port(0)
                                        .bindAddress(InetAddress.getLoopbackAddress())
                                        .hostName("localhost")
                                        .messageHandler((context, from, to, data) -> {
                                            if (to.startsWith("nobody")) {
                                                throw new RejectException(451, "Later");
                                            }
                                            synchronized (mails) {
                                                mails.add(
                                                        from
                                                                + " -> "
                                                                + to
                                                                + "\n"
                                                                + new String(
                                                                        data,
                                                                        StandardCharsets.UTF_8));
                                            }
                                        })
                                        .authenticationHandlerFactory(
                                                new EasyAuthenticationHandlerFactory(
                                                        (user, password, context) -> {
                                                            if (!password.equals(
                                                                    "password-very-secret")) {
                                                                throw new LoginFailedException();
                                                            }
                                                        })))
                        .build();
        server.start();
    }

    private AlertLab lab(String settings) {
        return new AlertLab(
                folder,
                """
                link: https://tarn.example.org
                channels:
                  - name: mail
                    mail: {host: localhost, port: %d, from: tarn@example.org, to: [ann@example.org, bob@example.org]%s}
                rules: [{on: check_failed}]
                routes: [{to: mail, wait: 0s}]
                """
                        .formatted(server.getPortAllocated(), settings));
    }

    /** Keys for {@code localhost}, made by the JDK's own tool. */
    private SSLContext keys(String name) {
        Path store = folder.resolve(name + ".p12");
        try {
            tool(
                    "-genkeypair",
                    "-alias",
                    "k",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    KEYS);
            tool(
                    "-exportcert",
                    "-rfc",
                    "-alias",
                    "k",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    KEYS,
                    "-file",
                    folder.resolve(name + ".pem").toString());
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, KEYS.toCharArray());
            }
            KeyManagerFactory managers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, KEYS.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void tool(String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(args));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            assertThat(process.waitFor()).isZero();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String trusting(String name) {
        return ", ca: " + folder.resolve(name + ".pem");
    }

    @Test
    void mailGoesOutOverStarttlsWithALogin() {
        SSLContext keys = keys("own");
        start(s -> s.startTlsSocketFactory(keys).requireTLS().requireAuth());
        try (AlertLab lab = lab(trusting("own") + ", user: tarn, password: env:PASSWORD")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.bestellungen_zürich", "finance");
            lab.after(Duration.ofSeconds(6));

            assertThat(lab.control().notices(Notice.Status.WAITING, 3)).isEmpty();
            assertThat(mails).hasSize(1);
            assertThat(mails.getFirst())
                    // The server names the last of those it was for.
                    .startsWith("tarn@example.org -> bob@example.org\n")
                    .contains("From: tarn@example.org\r\n")
                    .contains("To: ann@example.org,\r\n bob@example.org\r\n")
                    .contains("Auto-Submitted: auto-generated\r\n")
                    .contains("Message-ID: <n")
                    .contains("Date: Sat, 21 Nov 2026 06:00:06 GMT\r\n");
            String subject = mails.getFirst().replaceAll("(?s).*Subject: (.*?)\r\nDate:.*", "$1");
            StringBuilder plain = new StringBuilder();
            for (String word : subject.split("\r\n ")) {
                assertThat(word.length()).isLessThan(76);
                plain.append(decoded(word.replaceAll("=\\?utf-8\\?B\\?(.*)\\?=", "$1")));
            }
            assertThat(plain.toString())
                    .isEqualTo("[shop] RED: check_failed gold.bestellungen_zürich (error)");
            String body = mails.getFirst().substring(mails.getFirst().indexOf("\r\n\r\n") + 4);
            String id = lab.control().open().getFirst().id();
            assertThat(decoded(body.replaceAll("\\s", "")))
                    .isEqualTo(
                            """
                            RED: check_failed gold.bestellungen_zürich (error)
                              3 rows of gold.bestellungen_zürich are <bad>.
                              Place: models/orders.yml:12:8
                              Red since 2026-11-21 06:00:00 UTC (6s)
                              Stale or held downstream: gold.revenue, exposure Weekly (Ann)
                              Last good: publication 57 of 2026-11-20T06:00:00Z, by run r1
                              Owner: finance
                              Alert %s: https://tarn.example.org/assets/gold.bestellungen_zürich
                            """
                                    .replace("\n", "\r\n")
                                    .formatted(id));
        }
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    void mailGoesOutOverTlsFromTheFirstByte() {
        SSLContext keys = keys("own");
        start(s -> s.serverSocketFactory(keys));
        try (AlertLab lab = lab(trusting("own") + ", tls: implicit")) {
            lab.control().test("mail");
            assertThat(mails).hasSize(1);
        }
    }

    @Test
    void aServerOfThisMachineNeedsNoTls() {
        start(s -> s);
        try (AlertLab lab = lab(", tls: none")) {
            lab.control().test("mail");
            assertThat(mails).hasSize(1);
        }
    }

    @Test
    void aServerWithoutTlsGetsNothing() {
        start(s -> s);
        try (AlertLab lab = lab(", user: tarn, password: env:PASSWORD")) {
            assertThatThrownBy(() -> lab.control().test("mail"))
                    .hasMessage(
                            "Channel 'mail': the mail server localhost does not offer STARTTLS, so nothing was sent. Use `tls: implicit`, or `tls: none` for a server of this machine. [DELIVERY_REFUSED]");
            assertThat(mails).isEmpty();
        }
    }

    @Test
    void aServerWithOtherKeysGetsNothing() {
        SSLContext keys = keys("own");
        keys("other");
        start(s -> s.startTlsSocketFactory(keys).requireTLS());
        try (AlertLab lab = lab(trusting("other") + ", user: tarn, password: env:PASSWORD")) {
            assertThatThrownBy(() -> lab.control().test("mail"))
                    .hasMessageStartingWith(
                            "Channel 'mail': the mail server localhost failed at connecting: TLS failed: ")
                    .hasMessageEndingWith("[DELIVERY_FAILED]");
            assertThat(mails).isEmpty();
        }
    }

    @Test
    void aFileWithoutCertificatesIsTold() throws IOException {
        Files.writeString(folder.resolve("empty.pem"), "");
        SSLContext keys = keys("own");
        start(s -> s.startTlsSocketFactory(keys).enableTLS());
        try (AlertLab lab = lab(trusting("empty"))) {
            assertThatThrownBy(() -> lab.control().test("mail"))
                    .hasMessage(
                            "Channel 'mail': %s holds no certificates in PEM form. [CONFIG_INVALID]"
                                    .formatted(folder.resolve("empty.pem")));
        }
    }

    @Test
    void aWrongPasswordIsToldAndNotRepeated() {
        SSLContext keys = keys("own");
        start(s -> s.startTlsSocketFactory(keys).requireTLS().requireAuth());
        try (AlertLab lab = lab(trusting("own") + ", user: tarn, password: env:OTHER")) {
            assertThatThrownBy(() -> lab.control().test("mail"))
                    .hasMessage(
                            "Channel 'mail': the mail server localhost refused the login: 535 Authentication credentials invalid. Try it with `tarn alert test mail`. [DELIVERY_REFUSED]");
        }
    }

    @Test
    void whoSaysLaterIsAskedLater() {
        start(s -> s);
        try (AlertLab lab = lab(", tls: none")) {
            lab.says(
                    """
                    channels:
                      - name: mail
                        mail: {host: localhost, port: %d, tls: none, from: t@example.org, to: nobody@example.org}
                    """
                            .formatted(server.getPortAllocated()));
            assertThatThrownBy(() -> lab.control().test("mail"))
                    .hasMessage(
                            "Channel 'mail': the mail server localhost failed at the message: 451 Later. [DELIVERY_FAILED]");
        }
    }

    @Test
    void aLineThatIsOnlyADotDoesNotEndAMail() {
        start(s -> s);
        try (AlertLab lab = lab(", tls: none")) {
            SmtpClient client =
                    SmtpClient.connect(
                            (dev.tarn.model.alert.AlertChannel.Mail)
                                    java.util.Objects.requireNonNull(
                                                    lab.facts.book().channels().get("mail"))
                                            .target(),
                            "mail");
            try (client) {
                client.send("a@example.org", List.of("b@example.org"), ".a\r\n.\r\nb");
            }
            assertThat(mails.getFirst()).endsWith("\r\n\r\n.a\r\n.\r\nb\r\n".substring(4));
        }
    }
}
