package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.job.RetryRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code retry:} of a job or a task. */
final class JobRetryReader {
    private static final int TIMES_MAX = 1_000;
    private static final int FACTOR_MAX = 100;

    private final JobText texts;
    private final Problems problems;

    JobRetryReader(JobText texts, Problems problems) {
        this.texts = texts;
        this.problems = problems;
    }

    /**
     * @param standard what holds where nothing is said
     */
    RetryRule read(YamlSection owner, RetryRule standard) {
        Optional<YamlValue> value = owner.value("retry");
        if (value.isEmpty()) {
            return standard;
        }
        if (value.get() instanceof YamlValue.Scalar) {
            int times = texts.count(owner, "retry", 0, TIMES_MAX).orElse(standard.times());
            return new RetryRule(
                    times,
                    standard.on(),
                    standard.delay(),
                    standard.factor(),
                    standard.delayMax(),
                    standard.jitter());
        }
        Optional<YamlSection> section =
                YamlSection.of(JobText.what(owner, "retry"), value.get(), problems);
        if (section.isEmpty()) {
            return standard;
        }
        YamlSection retry = section.get();
        RetryRule rule =
                new RetryRule(
                        texts.count(retry, "times", 0, TIMES_MAX).orElse(standard.times()),
                        on(retry, standard.on()),
                        texts.time(retry, "delay", Duration.ZERO).orElse(standard.delay()),
                        texts.number(retry, "factor", 1, FACTOR_MAX, "from 1 to 100")
                                .orElse(standard.factor()),
                        texts.time(retry, "max_delay", Duration.ZERO).orElse(standard.delayMax()),
                        texts.number(retry, "jitter", 0, 1, "from 0 to 1")
                                .orElse(standard.jitter()));
        retry.refuseOthers();
        return rule;
    }

    private RetryRule.On on(YamlSection retry, RetryRule.On standard) {
        List<String> words = retry.texts("on");
        if (words.isEmpty()) {
            return standard;
        }
        if (words.equals(List.of("transient"))) {
            return new RetryRule.On.Transient();
        }
        if (words.equals(List.of("any"))) {
            return new RetryRule.On.Any();
        }
        List<String> known = Arrays.stream(ErrorCode.values()).map(ErrorCode::name).toList();
        Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
        for (String word : words) {
            if (known.contains(word)) {
                codes.add(ErrorCode.valueOf(word));
            } else {
                problems.add(
                        JobFileReader.invalid(
                                JobText.place(retry, "on"),
                                ("%s cannot be '%s': it is transient, any, or codes of errors such"
                                                + " as TIMEOUT.%s")
                                        .formatted(
                                                JobText.what(retry, "on"),
                                                word,
                                                dev.tarn.model.Suggestion.hint(word, known))));
            }
        }
        return new RetryRule.On.Codes(codes);
    }
}
