package dev.tarn.alert;

import dev.tarn.model.alert.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Messages in the form of Slack's incoming webhooks; others take the same. */
final class SlackMessage {
    /** What one block of text may hold. */
    private static final int BLOCK_MAX = 3_000;

    /** What one message may hold, less those that frame it. */
    private static final int BLOCKS_MAX = 45;

    private SlackMessage() {}

    static String body(Notice notice, Wording wording) {
        List<Object> blocks = new ArrayList<>();
        for (Notice.Entry entry : notice.entries().stream().limit(BLOCKS_MAX).toList()) {
            blocks.add(section(text(entry, wording)));
        }
        int more = notice.entries().size() - BLOCKS_MAX;
        if (more > 0) {
            blocks.add(section("_and %d more; `tarn alert list` shows them_".formatted(more)));
        }
        return JsonText.of(
                JsonText.object("text", escaped(wording.subject(notice)), "blocks", blocks));
    }

    private static Map<String, Object> section(String text) {
        return JsonText.object(
                "type", "section", "text", JsonText.object("type", "mrkdwn", "text", text));
    }

    private static String text(Notice.Entry entry, Wording wording) {
        List<String> details = new ArrayList<>(wording.details(entry));
        details.removeLast();
        String link =
                "<%s|Alert %s>"
                        .formatted(
                                wording.address(entry.alert().finding()).replace("|", "%7C"),
                                entry.alert().id());
        String text =
                "*%s*\n%s"
                        .formatted(
                                escaped(Wording.line(entry)), escaped(String.join("\n", details)));
        int room = BLOCK_MAX - link.length() - 4;
        return (text.length() > room ? text.substring(0, room) + " …" : text) + "\n" + link;
    }

    /** These three begin links and commands there. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
