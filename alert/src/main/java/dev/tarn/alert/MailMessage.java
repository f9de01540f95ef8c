package dev.tarn.alert;

import dev.tarn.model.alert.AlertChannel;
import dev.tarn.model.alert.Notice;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** Messages as e-mail: plain text, so that every reader shows the same. */
final class MailMessage {
    /** Bytes of text in one encoded word of a header; the word stays under 75 characters. */
    private static final int WORD_BYTES = 42;

    private static final int SUBJECT_MAX = 200;

    private final AlertChannel.Mail mail;
    private final String channel;
    private final Clock clock;
    private final UnaryOperator<String> secrets;

    MailMessage(
            AlertChannel.Mail mail, String channel, Clock clock, UnaryOperator<String> secrets) {
        this.mail = mail;
        this.channel = channel;
        this.clock = clock;
        this.secrets = secrets;
    }

    void send(Notice notice, Wording wording) {
        String text = text(notice, wording);
        try (SmtpClient client = SmtpClient.connect(mail, channel)) {
            if (mail.user().isPresent() && mail.password().isPresent()) {
                client.logIn(mail.user().get(), secrets.apply(mail.password().get()));
            }
            client.send(mail.from(), mail.to(), text);
        }
    }

    /** The same message has the same id when it is sent again. */
    String text(Notice notice, Wording wording) {
        String subject = wording.subject(notice).replaceAll("\\s+", " ");
        String domain = mail.from().substring(mail.from().indexOf('@') + 1);
        String body =
                Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(
                                wording.text(notice)
                                        .replace("\n", "\r\n")
                                        .getBytes(StandardCharsets.UTF_8));
        return String.join(
                "\r\n",
                "From: " + mail.from(),
                "To: " + String.join(",\r\n ", mail.to()),
                "Subject: "
                        + encoded(
                                subject.length() > SUBJECT_MAX
                                        ? subject.substring(0, SUBJECT_MAX)
                                        : subject),
                "Date: "
                        + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)),
                "Message-ID: <%s.%d@%s>"
                        .formatted(notice.id(), notice.createdAt().toEpochMilli(), domain),
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: base64",
                "",
                body,
                "");
    }

    /** As it is where that is allowed, else in encoded words that break between characters. */
    static String encoded(String text) {
        if (text.length() < 60 && text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        StringBuilder word = new StringBuilder();
        int bytes = 0;
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            String letter = Character.toString(point);
            int size = letter.getBytes(StandardCharsets.UTF_8).length;
            if (bytes + size > WORD_BYTES) {
                append(out, word);
                bytes = 0;
            }
            word.append(letter);
            bytes += size;
            at += Character.charCount(point);
        }
        append(out, word);
        return out.toString();
    }

    private static void append(StringBuilder out, StringBuilder word) {
        out.append(out.isEmpty() ? "" : "\r\n ")
                .append("=?utf-8?B?")
                .append(
                        Base64.getEncoder()
                                .encodeToString(word.toString().getBytes(StandardCharsets.UTF_8)))
                .append("?=");
        word.setLength(0);
    }
}
