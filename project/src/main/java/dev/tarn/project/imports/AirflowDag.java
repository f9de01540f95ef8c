package dev.tarn.project.imports;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes a DAG file of Airflow that starts a job of Tarn and waits for it. */
public final class AirflowDag {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private AirflowDag() {}

    /**
     * A file, and what Airflow will not do as the job says.
     *
     * @param text Python
     */
    public record Written(String text, List<Problem> left) {
        public Written {
            left = List.copyOf(left);
        }
    }

    /**
     * @param folder of the project, on the machine where Airflow's workers are
     */
    public static Written of(Job job, String folder) {
        List<Problem> left = new ArrayList<>();
        String schedule = "None";
        String zone = "UTC";
        int timed = 0;
        for (Trigger trigger : job.triggers()) {
            switch (trigger) {
                case Trigger.OnCron cron -> {
                    schedule = quoted(cron.cron().text());
                    zone = cron.cron().zone().getId();
                    timed++;
                }
                case Trigger.Every every -> {
                    schedule = "timedelta(seconds=%d)".formatted(every.time().toSeconds());
                    timed++;
                }
                case Trigger other ->
                        left.add(
                                Problem.at(
                                        ErrorCode.UNSUPPORTED,
                                        job.place(),
                                        "Airflow will not start the job %s."
                                                .formatted(other.words())));
            }
        }
        if (timed > 1) {
            left.add(
                    Problem.at(
                            ErrorCode.UNSUPPORTED,
                            job.place(),
                            "A DAG has one schedule; the last of the job's was taken."));
        }
        String begin =
                "pendulum.parse(%s, tz=%s)"
                        .formatted(quoted(job.start().orElse(BEGIN).toString()), quoted(zone));
        StringBuilder text = new StringBuilder();
        text.append(
                """
                \"""Starts job %s of Tarn and waits for it. Written by `tarn job export --airflow`.\"""

                from datetime import timedelta

                import pendulum
                from airflow import DAG

                try:
                    from airflow.providers.standard.operators.bash import BashOperator
                except ImportError:
                    from airflow.operators.bash import BashOperator

                with DAG(
                    dag_id=%s,
                    description=%s,
                    schedule=%s,
                    start_date=%s,
                """
                        .formatted(
                                job.name(),
                                quoted("tarn_" + job.name()),
                                quoted(job.description()),
                                schedule,
                                begin));
        job.end()
                .ifPresent(end ->
                        text.append(
                                "    end_date=pendulum.parse(%s),\n"
                                        .formatted(quoted(end.toString()))));
        text.append(
                        "    catchup=%s,\n"
                                .formatted(job.catchUp() == Job.CatchUp.ALL ? "True" : "False"))
                .append("    max_active_runs=%d,\n".formatted(job.runsMax()));
        job.timeout().ifPresent(t -> text.append("    dagrun_timeout=%s,\n".formatted(length(t))));
        if (!job.params().isEmpty()) {
            text.append("    params={\n");
            job.params()
                    .forEach((name, value) ->
                            text.append(
                                    "        %s: %s,\n".formatted(quoted(name), quoted(value))));
            text.append("    },\n");
        }
        job.owner()
                .ifPresent(o ->
                        text.append("    default_args={\"owner\": %s},\n".formatted(quoted(o))));
        text.append("    tags=[\"tarn\"],\n) as dag:\n")
                .append("    BashOperator(\n        task_id=\"run\",\n")
                .append("        bash_command=%s,\n".formatted(quoted(command(job))))
                .append(
                        "        env={\n            \"TARN_PROJECT\": %s,\n"
                                .formatted(quoted(folder)));
        for (Map.Entry<String, String> param : job.params().entrySet()) {
            text.append(
                    "            %s: %s,\n"
                            .formatted(
                                    quoted(
                                            "TARN_PARAM_"
                                                    + param.getKey()
                                                            .toUpperCase(java.util.Locale.ROOT)),
                                    quoted("{{ params." + param.getKey() + " }}")));
        }
        // Tarn tries tasks again itself, each by its own rule.
        text.append("        },\n        append_env=True,\n        retries=0,\n    )\n");
        return new Written(text.toString(), left);
    }

    /** Parameters are handed over as variables, which the shell does not read as commands. */
    private static String command(Job job) {
        StringBuilder command =
                new StringBuilder("tarn job run ")
                        .append(job.name())
                        .append(" -C \"$TARN_PROJECT\"");
        job.params()
                .keySet()
                .forEach(name ->
                        command.append(" --param \"")
                                .append(name)
                                .append("=$TARN_PARAM_")
                                .append(name.toUpperCase(java.util.Locale.ROOT))
                                .append('"'));
        return command.toString();
    }

    private static String length(Duration time) {
        return "timedelta(seconds=%d)".formatted(Math.max(1, time.toSeconds()));
    }

    /** A text of Python, whatever it holds. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '"' -> out.append("\\\"");
                        case '\\' -> out.append("\\\\");
                        case '\n' -> out.append("\\n");
                        default -> {
                            if (c < 0x20 || c == 0x7f) {
                                out.append("\\x%02x".formatted(c));
                            } else {
                                out.appendCodePoint(c);
                            }
                        }
                    }
                });
        return out.append('"').toString();
    }
}
