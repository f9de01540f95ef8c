package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.project.imports.AirflowDag;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "export",
        description = {
            "Print a DAG file of Airflow that starts a job here and waits for it.",
            "",
            "Airflow decides when; the tasks, their retries and what they publish stay here."
        },
        footerHeading = "%nExamples:%n",
        footer = "  tarn job export nightly --airflow > dags/nightly.py")
final class JobExportCommand extends ProjectCommand {
    @Parameters(paramLabel = "JOB", description = "The job.")
    String name = "";

    @Option(names = "--airflow", required = true, description = "As a DAG of Airflow 2.4 or later.")
    boolean airflow;

    JobExportCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        tarn.jobs().requireRight();
        Job job = tarn.jobs().job(new JobName(name)).job();
        String folder =
                project.directory(invocation.console()).toAbsolutePath().normalize().toString();
        AirflowDag.Written written = AirflowDag.of(job, folder);
        written.left().forEach(p -> invocation.console().err().println(p));
        invocation.out().print(written.text());
        return DONE;
    }
}
