package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node.CheckRules;
import dev.tarn.model.graph.Node.Severity;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a test's settings say: what a finding does, and what is kept of it. */
final class CheckRulesReader {
    private static final Map<String, Severity> SEVERITIES =
            Map.of("warn", Severity.WARN, "error", Severity.ERROR);
    private static final Set<String> KEPT_AS = Set.of("ephemeral", "table", "view");

    private final Draft draft;
    private final Settings settings;
    private final Problems problems;

    CheckRulesReader(Draft draft, Problems problems) {
        this.draft = draft;
        this.settings = draft.settings;
        this.problems = problems;
    }

    CheckRules read() {
        String word = settings.text("severity", problems).orElse("error").toLowerCase(Locale.ROOT);
        Severity severity = SEVERITIES.get(word);
        if (severity == null) {
            problems.add(
                    YamlErrors.notOneOf(
                            settings.place("severity", draft.place),
                            "Setting 'severity'",
                            word,
                            SEVERITIES.keySet()));
            severity = Severity.ERROR;
        }
        Optional<Long> limit =
                settings.find("limit")
                        .map(YamlValue::plain)
                        .filter(Number.class::isInstance)
                        .map(n -> ((Number) n).longValue());
        return new CheckRules(
                severity,
                settings.text("error_if", problems).orElse(CheckRules.DEFAULT.errorIf()),
                settings.text("warn_if", problems).orElse(CheckRules.DEFAULT.warnIf()),
                settings.text("fail_calc", problems).orElse(CheckRules.DEFAULT.failCalc()),
                limit,
                storesFailures(),
                Optional.of(new TableName(draft.schema, draft.identifier)),
                settings.text("store_failures_as", problems)
                        .filter(as -> as.equalsIgnoreCase("view"))
                        .isPresent());
    }

    /** Failing rows are kept in no other way; it is told now, or when the test runs. */
    Optional<Problem> wrong() {
        return settings.text("store_failures_as", problems)
                .filter(as -> !KEPT_AS.contains(as.toLowerCase(Locale.ROOT)))
                .map(as ->
                        YamlErrors.notOneOf(
                                settings.place("store_failures_as", draft.place),
                                "Setting 'store_failures_as'",
                                as,
                                KEPT_AS));
    }

    /** Whether a test says that its failing rows are kept, or that they are not. */
    private Optional<Boolean> storesFailures() {
        Optional<String> as = settings.text("store_failures_as", problems);
        if (as.isPresent()) {
            return as.map(word -> !word.equalsIgnoreCase("ephemeral"));
        }
        return settings.plain("store_failures") == null
                ? Optional.empty()
                : Optional.of(settings.flag("store_failures", false, problems));
    }
}
