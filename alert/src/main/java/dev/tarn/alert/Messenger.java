package dev.tarn.alert;

import dev.tarn.model.alert.AlertChannel;
import dev.tarn.model.alert.Notice;
import java.time.Clock;
import java.util.function.UnaryOperator;

/** Hands messages over. Safe for use by many threads. */
final class Messenger {
    private final Clock clock;
    private final UnaryOperator<String> secrets;
    private final HttpPost http = new HttpPost();

    /**
     * @param secrets gives the secret behind a reference; asked anew for each message
     */
    Messenger(Clock clock, UnaryOperator<String> secrets) {
        this.clock = clock;
        this.secrets = secrets;
    }

    /**
     * Returns when somebody else has taken the message.
     *
     * @throws dev.tarn.model.TarnException {@code DELIVERY_FAILED} if it may be taken later, {@code
     *     DELIVERY_REFUSED} if not unless somebody changes something; also what a secret has to say
     */
    void send(Notice notice, AlertChannel channel, Wording wording) {
        switch (channel.target()) {
            case AlertChannel.Webhook webhook ->
                    http.post(
                            channel.name(),
                            address(webhook.url()),
                            CloudEvents.type(notice),
                            CloudEvents.body(notice, wording),
                            CloudEvents.headers(notice, webhook, secrets));
            case AlertChannel.Slack slack ->
                    http.post(
                            channel.name(),
                            secrets.apply(slack.url()),
                            HttpPost.JSON,
                            SlackMessage.body(notice, wording),
                            java.util.Map.of());
            case AlertChannel.PagerDuty pager ->
                    PagerDutyEvents.bodies(notice, wording, secrets.apply(pager.key()))
                            .forEach(body ->
                                    http.post(
                                            channel.name(),
                                            pager.url(),
                                            HttpPost.JSON,
                                            body,
                                            java.util.Map.of()));
            case AlertChannel.Mail mail ->
                    new MailMessage(mail, channel.name(), clock, secrets).send(notice, wording);
        }
    }

    private String address(String url) {
        return url.startsWith("env:") || url.startsWith("file:") ? secrets.apply(url) : url;
    }
}
