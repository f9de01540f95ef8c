package dev.tarn.alert;

import dev.tarn.model.TarnException;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.alert.Severity;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the rules say of what is found.
 *
 * @param red what somebody is to hear of; of several rules the first that fits decides
 * @param unknown the kinds of which nothing could be found out
 */
record Judgement(Map<Alert.Key, Red> red, Set<AlertKind> unknown) {
    private static final Logger log = LoggerFactory.getLogger(Judgement.class);

    /** Something wrong, and how bad it is. */
    record Red(Finding finding, Severity severity) {}

    static Judgement of(AlertBook book, AlertFacts facts, Instant now) {
        Map<Alert.Key, Red> red = new LinkedHashMap<>();
        Set<AlertKind> unknown = EnumSet.noneOf(AlertKind.class);
        for (AlertRule rule : book.rules()) {
            try {
                for (Finding finding : facts.findings(rule)) {
                    if (rule.concerns(finding.subject())
                            && !finding.since().plus(rule.delay()).isAfter(now)) {
                        red.putIfAbsent(Alert.Key.of(finding), new Red(finding, rule.severity()));
                    }
                }
            } catch (TarnException e) {
                log.warn(
                        "Nothing could be found out for {}: {}",
                        rule.kind().word(),
                        e.getMessage());
                unknown.add(rule.kind());
            }
        }
        return new Judgement(red, unknown);
    }
}
