package dev.tarn.alert;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import java.util.Collection;

/** What is said about alerts and their messages. */
final class AlertErrors {
    private AlertErrors() {}

    static TarnException badAddress(String channel) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "The address of channel '%s' is not one of http or https. Mend it in alerts.yml, or in what its reference names."
                        .formatted(channel));
    }

    static TarnException unreachable(String channel, String host, String reason) {
        return new TarnException(
                ErrorCode.DELIVERY_FAILED,
                "Channel '%s' cannot reach %s: %s.".formatted(channel, host, reason));
    }

    static TarnException notNow(String channel, String host, int status, String answer) {
        return new TarnException(
                ErrorCode.DELIVERY_FAILED,
                "Channel '%s': %s answered %d.%s".formatted(channel, host, status, quoted(answer)));
    }

    static TarnException refused(String channel, String host, int status, String answer) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "Channel '%s': %s refused the message with %d.%s Try it with `tarn alert test %s`."
                        .formatted(channel, host, status, quoted(answer), channel));
    }

    private static String quoted(String answer) {
        return answer.isEmpty()
                ? ""
                : " It said: " + answer.replaceAll("\\s+", " ").replaceAll("[.!]*$", "") + ".";
    }

    static TarnException mailFailed(String channel, String host, String step, String reason) {
        return new TarnException(
                ErrorCode.DELIVERY_FAILED,
                "Channel '%s': the mail server %s failed at %s: %s."
                        .formatted(channel, host, step, reason));
    }

    static TarnException mailRefused(String channel, String host, String step, String reply) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "Channel '%s': the mail server %s refused %s: %s. Try it with `tarn alert test %s`."
                        .formatted(channel, host, step, reply, channel));
    }

    static TarnException noTls(String channel, String host) {
        return new TarnException(
                ErrorCode.DELIVERY_REFUSED,
                "Channel '%s': the mail server %s does not offer STARTTLS, so nothing was sent. Use `tls: implicit`, or `tls: none` for a server of this machine."
                        .formatted(channel, host));
    }

    static TarnException badCertificates(String channel, String file) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "Channel '%s': %s holds no certificates in PEM form.".formatted(channel, file));
    }

    static TarnException noChannel(String channel, Collection<String> channels) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "There is no channel '%s' in alerts.yml.%s"
                        .formatted(channel, Suggestion.hint(channel, channels)));
    }

    static TarnException noAlert(String id) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "There is no alert '%s'. `tarn alert list --all` shows those there are."
                        .formatted(id));
    }

    static TarnException alreadyOver(String id) {
        return new TarnException(
                ErrorCode.OUTDATED, "Alert %s is over; there is nothing to be at.".formatted(id));
    }

    static TarnException takenBy(String id, String by) {
        return new TarnException(
                ErrorCode.OUTDATED, "%s is at alert %s already.".formatted(by, id));
    }

    static TarnException noNotice(String id) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "There is no message '%s'. `tarn alert outbox` shows those there are."
                        .formatted(id));
    }

    static TarnException notDead(String id, String status) {
        return new TarnException(
                ErrorCode.OUTDATED,
                "Message %s is %s; only one that was given up can be sent again."
                        .formatted(id, status));
    }

    static TarnException noSilence(String id) {
        return new TarnException(
                ErrorCode.NODE_NOT_FOUND,
                "There is no silence '%s'. `tarn alert silences` shows those there are."
                        .formatted(id));
    }

    static TarnException silenceTooWordy(int most) {
        return new TarnException(
                ErrorCode.USAGE,
                "Subject, owner and reason of a silence may have %d characters each."
                        .formatted(most));
    }

    static TarnException silencesAll() {
        return new TarnException(
                ErrorCode.USAGE,
                "Say what to silence: --kind, --subject or --owner. `--subject '*'` silences everything.");
    }

    static TarnException silenceTooLong() {
        return new TarnException(
                ErrorCode.USAGE, "A silence lasts from one second to 90 days; say it with --for.");
    }
}
