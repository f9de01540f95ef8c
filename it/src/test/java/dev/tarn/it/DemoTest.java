package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Samples;
import dev.tarn.app.Tarn;
import dev.tarn.demo.BrokenFile;
import dev.tarn.demo.DemoSummary;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo tells the truth about its shop, and a broken file does not move its gold. */
final class DemoTest {
    @TempDir Path folder;

    @Test
    void goldShowsTheShopAndABrokenFileDoesNotMoveIt() {
        DemoSummary truth = Samples.demo(folder, 0.02);
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            RunReport built = build(tarn);

            assertThat(Workshop.told(built.problems())).isEmpty();
            assertThat(built.run().status()).isEqualTo(RunStatus.PUBLISHED);
            assertThat(built.verdicts()).hasSizeGreaterThanOrEqualTo(15);
            assertThat(count(tarn, "gold.fct_events")).isEqualTo(truth.events().distinct());
            assertThat(count(tarn, "gold.fct_orders")).isEqualTo(truth.orders().distinct());
            assertThat(count(tarn, "gold.fct_order_lines"))
                    .isEqualTo(truth.orderItems().distinct());
            assertThat(count(tarn, "gold.dim_product")).isEqualTo(truth.products().distinct());
            assertThat(count(tarn, "gold.dim_customer")).isEqualTo(truth.customerVersions());
        }
        BrokenFile broken = Samples.breakDemo(folder);
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            RunReport refused = build(tarn);

            assertThat(refused.run().status()).isEqualTo(RunStatus.FAILED);
            assertThat(refused.findings())
                    .anySatisfy(f -> assertThat(f.check()).contains("positive_quantities"))
                    .anySatisfy(f ->
                            assertThat(f.verdict().failures())
                                    .isEqualTo(broken.negativeQuantities()));
            assertThat(count(tarn, "gold.fct_order_lines"))
                    .isEqualTo(truth.orderItems().distinct());
            assertThat(tarn.lastFailed()).map(r -> r.id()).contains(refused.run().id());
        }
    }

    private static RunReport build(Tarn tarn) {
        return tarn.build(BuildRequest.everything("build"), RunListener.SILENT, new Cancellation());
    }

    private static long count(Tarn tarn, String table) {
        return Workshop.number(tarn, "select count(*) from " + table);
    }
}
