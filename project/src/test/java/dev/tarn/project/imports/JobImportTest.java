package dev.tarn.project.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tarn.model.Problem;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.Trigger;
import dev.tarn.project.JobFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crontabs and DAG files become jobs that read well, and DAG files come out again. */
final class JobImportTest {
    @TempDir Path folder;

    private static String left(JobImport.Taken taken) {
        return String.join("\n", taken.left().stream().map(Problem::toString).toList());
    }

    /** What the jobs' own reader makes of it. */
    private Map<JobName, JobFiles.Defined> read(JobImport.Taken taken) throws IOException {
        Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(folder.resolve("jobs/a.yml"), taken.yaml());
        JobFiles.Reading reading = JobFiles.read(folder);
        assertThat(reading.problems()).describedAs(taken.yaml()).isEmpty();
        return reading.jobs();
    }

    private static Job job(Map<JobName, JobFiles.Defined> jobs, String name) {
        return Objects.requireNonNull(jobs.get(new JobName(name)), name).job();
    }

    @Test
    void linesOfCronBecomeJobs() throws IOException {
        JobImport.Taken taken =
                JobImport.read(
                        "crontab",
                        """
                        # m h dom mon dow command
                        SHELL=/bin/bash
                        MAILTO=ops@example.org
                        LANDING="/srv/in put"
                        CRON_TZ=Europe/Zurich
                        30 6 * * 1-5   /opt/bin/load.sh --day {{ today }} > /dev/null
                        @daily cd /srv && ./clean
                        0 * * * * mail ann%Hello%it's \\% fine
                        @reboot /opt/bin/start
                        99 * * * * never
                        what is this
                        """);

        assertThat(left(taken))
                .isEqualTo(
                        """
                        crontab:3: What commands print is kept with their runs and not mailed to 'ops@example.org'. A rule `on: job_failed` in alerts.yml tells of failures. [UNSUPPORTED]
                        crontab:9: A job cannot begin with the machine. Start '/opt/bin/start' elsewhere. [UNSUPPORTED]
                        crontab:10: Its time is not understood: Cron '99 * * * *': there is no minute 99, only 0 to 59. [UNSUPPORTED]
                        crontab:11: This is no line of a crontab. [UNSUPPORTED]\
                        """
                                .stripIndent());
        assertThat(taken.jobs()).containsExactly("load", "srv", "mail");
        Map<JobName, JobFiles.Defined> jobs = read(taken);
        Job load = job(jobs, "load");
        assertThat(load.triggers())
                .singleElement()
                .extracting(Trigger::words)
                .isEqualTo("cron 30 6 * * 1-5 (Europe/Zurich)");
        TaskKind.Shell shell = (TaskKind.Shell) load.tasks().getFirst().kind();
        assertThat(shell.command().text())
                .isEqualTo("{% raw %}/opt/bin/load.sh --day {{ today }} > /dev/null{% endraw %}");
        assertThat(Objects.requireNonNull(shell.environment().get("LANDING")).text())
                .isEqualTo("/srv/in put");
        assertThat(((TaskKind.Shell) job(jobs, "mail").tasks().getFirst().kind()).command().text())
                .isEqualTo("printf '%s\\n' 'Hello\nit'\\''s % fine' | mail ann");
    }

    @Test
    void systemWideLinesNameTheirUser() throws IOException {
        JobImport.Taken taken =
                JobImport.read("/etc/crontab", "17 * * * * root run-parts /etc/cron.hourly\n");

        assertThat(left(taken))
                .isEqualTo(
                        "/etc/crontab:1: The command was run as user 'root'; jobs run as the user of `tarn serve`. [UNSUPPORTED]");
        assertThat(read(taken)).containsOnlyKeys(new JobName("run_parts"));
    }

    private static final String DAG =
            """
            from datetime import datetime, timedelta
            import pendulum
            from airflow import DAG
            from airflow.operators.bash import BashOperator

            default_args = {
                "owner": "finance",
                "retries": 3,
                "retry_delay": timedelta(minutes=2),
            }

            def work():
                nightly = DAG("not this one")

            with DAG(
                "Nightly-Load",
                description="Orders of yesterday.",
                schedule="30 6 * * *",
                start_date=pendulum.datetime(2026, 1, 2, tz="Europe/Zurich"),
                catchup=False,
                max_active_runs=2,
                dagrun_timeout=timedelta(hours=3),
                params={"country": "CH", "days": 3},
                default_args=default_args,
                tags=["x"],
            ) as dag:
                start = EmptyOperator(task_id="start")
                fetch = BashOperator(
                    task_id="fetch",
                    bash_command="./fetch.sh {{ params.country }} "
                                 "{{ ds }} {{ macros.ds_add(ds, 1) }}",
                    env={"A": "b # no comment"},
                    execution_timeout=timedelta(minutes=10),
                    retries=0,
                )
                with TaskGroup("checks") as checks:
                    one = SQLExecuteQueryOperator(task_id="one", sql=\"""
                        select 1
                    \""", conn_id="dw")
                    two = PythonOperator(task_id="two", python_callable=work)
                    one >> two
                wait = FileSensor(task_id="wait", filepath="/srv/done")
                tell = BashOperator(task_id="tell", bash_command=f"echo {work()}",
                                    trigger_rule=TriggerRule.ALL_DONE, pool="api")
                start >> [fetch, wait] >> checks
                checks >> tell
                last = EmptyOperator(task_id="last", trigger_rule="one_failed")
                chain(tell, last)
                if True:
                    last >> unknown
                last.set_upstream(missing)
            """;

    @Test
    void aDagBecomesAJobWithoutRunningIt() throws IOException {
        JobImport.Taken taken = JobImport.read("dags/nightly.py", DAG);

        assertThat(left(taken))
                .isEqualTo(
                        """
                        dags/nightly.py:28: Templates of jobs have no 'macros.ds_add'; see 'Names in templates' in docs/jobs.md. [UNSUPPORTED]
                        dags/nightly.py:37: The SQL of SQLExecuteQueryOperator ran elsewhere; here it runs on tables of this warehouse. [UNSUPPORTED]
                        dags/nightly.py:40: PythonOperator was not taken over: there is nothing like it. A task that does nothing stands in its place. [UNSUPPORTED]
                        dags/nightly.py:42: The path of FileSensor is looked for as it is, without Airflow's connection. [UNSUPPORTED]
                        dags/nightly.py:43: BashOperator was not taken over: its command is known only when Python runs. A task that does nothing stands in its place. [UNSUPPORTED]
                        dags/nightly.py:43: Pool 'api' was not taken over: say under 'pools:' how many slots it has, then `pool:` at the task. [UNSUPPORTED]
                        dags/nightly.py:49: What stands below 'if' is decided when Python runs; it was passed over. [UNSUPPORTED]
                        dags/nightly.py:51: 'missing' is no task that was understood. [UNSUPPORTED]\
                        """
                                .stripIndent());
        Job job = job(read(taken), "nightly_load");
        assertThat(job.description()).isEqualTo("Orders of yesterday.");
        assertThat(job.owner()).contains("finance");
        assertThat(job.triggers())
                .singleElement()
                .extracting(Trigger::words)
                .isEqualTo("cron 30 6 * * * (Europe/Zurich)");
        assertThat(job.start()).contains(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(job.catchUp()).isEqualTo(Job.CatchUp.LATEST);
        assertThat(job.runsMax()).isEqualTo(2);
        assertThat(job.timeout()).contains(Duration.ofHours(3));
        assertThat(job.params()).isEqualTo(Map.of("country", "CH", "days", "3"));
        assertThat(job.tasks())
                .extracting(t -> t.name() + " " + t.kind().word() + " " + t.after())
                .containsExactly(
                        "start nothing []",
                        "fetch shell [start]",
                        "checks_one sql [fetch, wait]",
                        "checks_two nothing [checks_one, fetch, wait]",
                        "wait file [start]",
                        "tell nothing [checks_one, checks_two]",
                        "last nothing [tell]");
        JobTask fetch = job.task(new TaskName("fetch")).orElseThrow();
        assertThat(fetch.timeout()).contains(Duration.ofMinutes(10));
        assertThat(fetch.retry().times()).isZero();
        assertThat(job.task(new TaskName("checks_one")).orElseThrow().retry().delay())
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(job.task(new TaskName("tell")).orElseThrow().rule())
                .isEqualTo(JobTask.StartRule.ALL_DONE);
    }

    @Test
    void aFileWithoutADagIsTold() {
        JobImport.Taken taken =
                JobImport.read("a.py", "x = 1\n@dag(schedule=None)\ndef f():\n  pass\n");

        assertThat(taken.jobs()).isEmpty();
        assertThat(left(taken))
                .isEqualTo(
                        "a.py:2: '@dag' makes tasks of functions, which jobs cannot run. Call them from a shell task. [UNSUPPORTED]");
    }

    @Test
    void whatIsNoPythonEndsNothing() {
        for (String text :
                List.of(
                        "",
                        "\"\"\"",
                        "((((",
                        "with",
                        "x = [",
                        "a >>",
                        "))))",
                        "DAG(",
                        "with DAG('a'",
                        "x = " + "(".repeat(5_000),
                        "\\",
                        "DAG(**{'a': 1}, *b)\n'")) {
            JobImport.Taken taken = JobImport.read("a.py", text);
            assertThat(taken.jobs()).describedAs(text.length() > 50 ? "deep" : text).isEmpty();
        }
    }

    @Test
    void aJobComesBackFromTheDagThatStartsIt() throws IOException {
        Job job = job(read(JobImport.read("dags/nightly.py", DAG)), "nightly_load");
        AirflowDag.Written written = AirflowDag.of(job, "/srv/shop \"x\"");
        assertThat(written.left()).isEmpty();

        JobImport.Taken taken = JobImport.read("dags/again.py", written.text());
        Job again = job(read(taken), "tarn_nightly_load");
        assertThat(again.triggers()).isEqualTo(job.triggers());
        assertThat(again.start()).isEmpty();
        assertThat(again.params()).isEqualTo(job.params());
        assertThat(again.owner()).isEqualTo(job.owner());
        assertThat(again.timeout()).isEqualTo(job.timeout());
        assertThat(again.runsMax()).isEqualTo(job.runsMax());
        TaskKind.Shell shell = (TaskKind.Shell) again.tasks().getFirst().kind();
        assertThat(shell.command().text())
                .isEqualTo(
                        "tarn job run nightly_load -C \"$TARN_PROJECT\" --param \"country=$TARN_PARAM_COUNTRY\" --param \"days=$TARN_PARAM_DAYS\"");
        assertThat(Objects.requireNonNull(shell.environment().get("TARN_PROJECT")).text())
                .isEqualTo("/srv/shop \"x\"");
    }

    @Test
    void aDagThatIsWrittenIsPython() throws IOException, InterruptedException {
        Path python =
                List.of("/usr/bin/python3", "/usr/local/bin/python3").stream()
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst()
                        .orElse(folder.resolve("none"));
        assumeThat(python).describedAs("There is no Python on this machine").exists();
        Job job = job(read(JobImport.read("dags/nightly.py", DAG)), "nightly_load");
        Path file = folder.resolve("dag.py");
        Files.writeString(file, AirflowDag.of(job, "C:\\shop\n\"x\"").text());

        Process process =
                new ProcessBuilder(python.toString(), "-m", "py_compile", file.toString())
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).describedAs(said).isZero();
    }
}
