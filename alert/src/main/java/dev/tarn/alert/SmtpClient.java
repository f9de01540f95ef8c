package dev.tarn.alert;

import dev.tarn.model.alert.AlertChannel;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Hands mail to a server: SMTP with STARTTLS or TLS from the beginning, PLAIN and LOGIN. The name
 * in the server's certificate must be the one it was called by. Nothing that is sent in secret is
 * ever part of a message about a failure.
 */
final class SmtpClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final int LINE_MAX = 2_000;
    private static final int LINES_MAX = 100;

    private final AlertChannel.Mail mail;
    private final String channel;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private List<String> offers = List.of();

    private SmtpClient(AlertChannel.Mail mail, String channel, Socket socket) throws IOException {
        this.mail = mail;
        this.channel = channel;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    private record Reply(int code, List<String> lines) {
        String text() {
            return code + " " + String.join(" ", lines);
        }
    }

    /** Connects, makes the connection private if that is wanted, and says hello. */
    static SmtpClient connect(AlertChannel.Mail mail, String channel) {
        Socket socket = new Socket();
        try {
            socket.connect(
                    new InetSocketAddress(mail.host(), mail.port()), (int) CONNECT.toMillis());
            socket.setSoTimeout((int) ANSWER.toMillis());
            Socket wire =
                    mail.tls() == AlertChannel.Tls.IMPLICIT
                            ? secured(mail, channel, socket)
                            : socket;
            SmtpClient client = new SmtpClient(mail, channel, wire);
            client.greet();
            return client;
        } catch (IOException e) {
            close(socket);
            throw failed(mail, channel, "connecting", e);
        } catch (RuntimeException e) {
            close(socket);
            throw e;
        }
    }

    private void greet() throws IOException {
        expect("the connection", read(), 220);
        hello();
        if (mail.tls() == AlertChannel.Tls.STARTTLS) {
            if (offers.stream().noneMatch("STARTTLS"::equals)) {
                throw AlertErrors.noTls(channel, mail.host());
            }
            expect("STARTTLS", command("STARTTLS"), 220);
            socket = secured(mail, channel, socket);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
            hello();
        }
    }

    private void hello() throws IOException {
        Reply reply = command("EHLO tarn");
        expect("EHLO", reply, 250);
        offers = reply.lines().stream().map(l -> l.toUpperCase(Locale.ROOT)).toList();
    }

    private static SSLSocket secured(AlertChannel.Mail mail, String channel, Socket socket)
            throws IOException {
        SSLSocketFactory factory = MailTrust.factory(mail.ca(), channel);
        SSLSocket secure = (SSLSocket) factory.createSocket(socket, mail.host(), mail.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    void logIn(String user, String password) {
        try {
            Optional<String> ways = offers.stream().filter(o -> o.startsWith("AUTH ")).findFirst();
            if (ways.filter(w -> List.of(w.split(" ")).contains("PLAIN")).isPresent()
                    || ways.isEmpty()) {
                expect(
                        "the login",
                        command("AUTH PLAIN " + base64("\0" + user + "\0" + password)),
                        235);
                return;
            }
            expect("the login", command("AUTH LOGIN"), 334);
            expect("the login", command(base64(user)), 334);
            expect("the login", command(base64(password)), 235);
        } catch (IOException e) {
            throw failed(mail, channel, "the login", e);
        }
    }

    void send(String from, List<String> to, String text) {
        try {
            expect("the sender " + from, command("MAIL FROM:<" + from + ">"), 250);
            for (String one : to) {
                expect("the recipient " + one, command("RCPT TO:<" + one + ">"), 250, 251);
            }
            expect("the message", command("DATA"), 354);
            String stuffed = ("\r\n" + text).replace("\r\n.", "\r\n..").substring(2);
            out.write((stuffed + "\r\n.\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            expect("the message", read(), 250);
        } catch (IOException e) {
            throw failed(mail, channel, "sending", e);
        }
    }

    private Reply command(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return read();
    }

    private void expect(String step, Reply reply, int... codes) {
        for (int code : codes) {
            if (reply.code() == code) {
                return;
            }
        }
        throw reply.code() / 100 == 4
                ? AlertErrors.mailFailed(channel, mail.host(), step, reply.text())
                : AlertErrors.mailRefused(channel, mail.host(), step, reply.text());
    }

    private Reply read() throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = line();
            if (line.length() < 3
                    || !line.substring(0, 3).matches("\\d{3}")
                    || lines.size() > LINES_MAX) {
                throw new IOException("no SMTP");
            }
            lines.add(line.length() > 4 ? line.substring(4).strip() : "");
            if (line.length() == 3 || line.charAt(3) != '-') {
                return new Reply(Integer.parseInt(line.substring(0, 3)), lines);
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > LINE_MAX) {
                throw new IOException("the connection ended");
            }
            line.append(c >= 0x20 && c < 0x7f ? String.valueOf((char) c) : "");
        }
        return line.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static dev.tarn.model.TarnException failed(
            AlertChannel.Mail mail, String channel, String step, IOException e) {
        String reason =
                switch (e) {
                    case SocketTimeoutException t -> "no answer in time";
                    case java.net.UnknownHostException u -> "no such host";
                    case java.net.ConnectException c -> "connection refused";
                    case SSLException s -> "TLS failed: " + s.getMessage();
                    default -> e.getMessage() == null ? "the connection broke" : e.getMessage();
                };
        return AlertErrors.mailFailed(channel, mail.host(), step, reason);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing was to come of it any more.
            return;
        }
    }

    @Override
    public void close() {
        try {
            out.write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException e) {
            // The message was taken or refused before.
            close(socket);
            return;
        }
        close(socket);
    }
}
